"""
A transaction that was sent, from the node's mempool until it is believed: pure decisions.

What is mined may be undone: it counts once enough blocks are on top of it. What is undone is on its
way again. What is next in line and not mined for long is sent once more: for a higher fee where it
offers less than a new one would, as it was where it does not; else fees would grow without end
while a chain stands still.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Policy(NamedTuple):
    """When a transaction is believed, and when it is stuck."""

    confirmations: int
    """Blocks on top of its own."""
    replace_after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A transaction on its way."""

    age_s: float
    """Since it was sent, or sent again."""
    head: int
    """Number of the last block."""
    mined_in: int | None
    """Number of the block that has it on the head's chain; None: none has."""
    next_in_line: bool
    """Whether the account's next nonce is this transaction's."""
    outrun: bool = False
    """Whether another transaction took its nonce."""
    undone: bool = False
    """Whether it was mined, and its block is no longer on the chain."""
    underpaid: bool = False
    """Whether it offers less than a new one would, and more would still pay."""


class Keep(NamedTuple):
    """Wait for the next block."""


class Repeat(NamedTuple):
    """Send it again as it was: the node may have forgotten it."""


class Raise(NamedTuple):
    """Send it again for a higher fee."""


class Believe(NamedTuple):
    """It is done."""


class Forget(NamedTuple):
    """It will never be mined."""


Action = Keep | Repeat | Raise | Believe | Forget


def decide(seen: Seen, policy: Policy) -> Action:
    """What to do about a transaction now."""
    if seen.mined_in is not None:
        deep = seen.head - seen.mined_in >= policy.confirmations
        return Believe() if deep else Keep()
    if seen.outrun:
        return Forget()
    if not seen.next_in_line or not is_stuck(seen, policy):
        return Keep()
    return Raise() if seen.underpaid else Repeat()


def is_stuck(seen: Seen, policy: Policy) -> bool:
    """Whether it should have been mined by now."""
    return seen.mined_in is None and (seen.undone or seen.age_s >= policy.replace_after_s)
