"""A chain of each sort, and one with the whole protocol on it."""

from collections.abc import Iterator

import pytest

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.endpoints import Patience
from perpools.chain.node import Node
from perpools.demo import stage
from perpools.demo.prices import Fixing, Prices
from perpools.demo.stage import Stage
from tests.anvil import ANVIL, anvil, running
from tests.chain.proxy import Proxy

WAD = 10**18
GENESIS = 1_700_000_000
INTERVAL_S = 3_600

HURRIED = Patience(
    timeout_s=0.4, pauses_s=(0.02, 0.05), rest_s=0.2, longest_rest_s=0.8, check_s=3_600
)


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


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A real node's address."""
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def coin_there(url: str) -> Contract:
    """A coin on the real node, spoken to without a proxy."""
    node, artifact = connect(url), artifacts.load("DemoCoin")
    return Contract.deploy(node, artifact, "Coin", "COIN", 6, sender=next(iter(node.accounts)))


@pytest.fixture
def first(url: str) -> Iterator[Proxy]:
    """In front of the real node."""
    with Proxy(url) as proxy:
        yield proxy


@pytest.fixture
def second(url: str) -> Iterator[Proxy]:
    """In front of the same node."""
    with Proxy(url) as proxy:
        yield proxy


@pytest.fixture
def both(first: Proxy, second: Proxy) -> Node:
    """The real node through either proxy; the first is preferred."""
    found = connect(first.url, second.url, patience=HURRIED)
    first.seen.clear()
    second.seen.clear()
    return found
