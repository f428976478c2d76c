"""How the tests build feeds, and what feeds say."""

import re
from typing import Any

import boa

from tests.evm import deployer
from tests.stateful import wire

NOW = 1_800_000_000
HEARTBEAT = 3_600
GRACE = 1_800
NOBODY = "0x" + "00" * 20
DOLLAR = 10**8
WAD = 10**18

# How the mock can be told to misbehave, and under which id its call for the latest round.
REVERT, BURN_ALL_GAS, ANOTHER_ROUND, ZEROS = range(1, 5)
UNREADABLE = [REVERT, BURN_ALL_GAS, ANOTHER_ROUND, ZEROS]
LATEST = 2**256 - 1


def new_aggregator(decimals: int = 8) -> Any:
    """A mock aggregator without rounds."""
    return deployer("tests/vyper/mocks/Aggregator.vy").deploy(decimals)


def new_feed(aggregator: Any, sequencer: Any = NOBODY, max_age: int = HEARTBEAT) -> Any:
    """The adapter before an aggregator that has at least one round."""
    return deployer("contracts/feed/Chainlink.vy").deploy(aggregator, max_age, sequencer, GRACE)


def composed(name: str, *parts: Any) -> Any:
    """A feed made of others: `Ratio`, `Inverse` or `Median`."""
    given = [[part.address for part in parts]] if name == "Median" else parts
    return deployer(f"contracts/feed/{name}.vy").deploy(*given)


def packed(*hints: int) -> int:
    """The hint of a composed feed, from those of its parts."""
    return sum(hint << 80 * index for index, hint in enumerate(hints))


def asked(question: Any, *args: int, **options: Any) -> tuple[int, int] | str:
    """What a feed answers: price and time, or the reason of its refusal (none: out of gas)."""
    try:
        price, updated_at = question(*args, **options)
    except boa.BoaError as refusal:
        reason = re.search(r"^feed: .+$", str(refusal), re.MULTILINE)
        return reason[0] if reason else ""
    return int(price), int(updated_at)


QUESTIONS = {"latest": "latest()", "as_of": "as_of(uint256,uint256)"}


def told(feed: Any, question: str, *args: int, **options: int) -> tuple[int, ...] | str:
    """
    What a feed answers to `latest` or `as_of`, or the reason of its refusal (none: out of gas).
    Parts that say anything at all are more than the compiler's plugin can show in its errors.
    """
    data = b"".join(arg.to_bytes(32, "big") for arg in args)
    found = wire.execute(feed, wire.selector(QUESTIONS[question]) + data, is_static=True, **options)
    return wire.reason(found.output) if found.is_error else tuple(wire.words(found.output))
