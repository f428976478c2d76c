"""A chain of each sort, and one with the whole protocol on it."""

from collections.abc import Iterator

import pytest

from perpools.chain import connect
from perpools.chain.node import Node
from perpools.demo import stage
from perpools.demo.prices import Fixing, Prices
from perpools.demo.stage import Stage
from tests.anvil import ANVIL, anvil

WAD = 10**18
GENESIS = 1_700_000_000
INTERVAL_S = 3_600


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    if request.param == "embedded":
        yield connect(genesis=GENESIS, accounts=4)
        return
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil() as found:
        yield found


@pytest.fixture(scope="module")
def built() -> Stage:
    """A v1 and a v2 market on the embedded chain, hourly."""
    fixings = (Fixing(GENESIS, WAD), Fixing(GENESIS + INTERVAL_S, WAD))
    return stage.build(Prices("EUR/USD", fixings), 3_000 * WAD)
