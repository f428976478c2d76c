"""How the tests build feeds, and what feeds say."""

import re
from typing import Any

import boa

from tests.evm import deployer

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


def asked(question: Any, *args: int, **options: Any) -> tuple[int, int] | str:
    """What a feed answers: price and time, or the reason of its refusal (none: out of gas)."""
    try:
        price, updated_at = question(*args, **options)
    except boa.BoaError as refusal:
        reason = re.search(r"^feed: .+$", str(refusal), re.MULTILINE)
        return reason[0] if reason else ""
    return int(price), int(updated_at)
