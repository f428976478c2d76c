"""Waiting for a transaction to be mined: how often to look, and what to say at the end."""

import time
from collections.abc import Iterator

from perpools.chain.failures import NotMined
from perpools.chain.wire import Hash

DEADLINE_S = 120.0
"""How long to wait for a transaction to be mined if nobody says otherwise."""

REPEAT_S = 5.0
"""What is awaited is sent again this often: nodes forget."""

POLL_S = (0.002, 0.5)
"""Pauses between looks for a receipt: the first and the longest."""


def looks(within_s: float, repeat_s: float = REPEAT_S) -> Iterator[bool]:
    """Pauses longer and longer until the deadline; True each time something may be repeated."""
    began = repeated = time.monotonic()
    pause_s, longest_s = POLL_S
    while True:
        now = time.monotonic()
        is_due = now - repeated >= repeat_s
        repeated = now if is_due else repeated
        yield is_due
        left_s = began + within_s - time.monotonic()
        if left_s <= 0:
            return
        time.sleep(min(pause_s, left_s))
        pause_s = min(1.5 * pause_s, longest_s)


def not_mined(hash: Hash, within_s: float, trouble: str = "") -> NotMined:  # noqa: A002
    """What to raise after a deadline."""
    return NotMined(
        f"not mined within {within_s:g} s: {hash}: it still may be, "
        f"so look for it before you try again{trouble}"
    )
