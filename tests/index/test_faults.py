"""Whatever goes wrong on the way to a real node, the tables end as if nothing had."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from perpools.chain import connect
from perpools.chain.node import Node
from perpools.index.database import Database
from perpools.index.follower import Sources
from tests.anvil import ANVIL, running
from tests.chain import faults
from tests.chain.conftest import HURRIED
from tests.chain.proxy import Fault, Proxy
from tests.index import lies
from tests.index.busy import FLAGS, Busy
from tests.index.following import following
from tests.index.lies import sometimes
from tests.index.same import differences

LOGS = "eth_getLogs"
MINUTES = 6


@dataclass
class World:
    """A real node, and a proxy before it."""

    busy: Busy
    proxy: Proxy
    folder: Path

    @property
    def sources(self) -> Sources:
        return Sources((self.busy.factory,))

    @property
    def addresses(self) -> list[str]:
        return [market.address for market in self.busy.markets]

    def node(self) -> Node:
        return connect(self.proxy.url, patience=HURRIED)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running(*FLAGS) as url, Proxy(url) as proxy:
        made = World(Busy(connect(url)), proxy, tmp_path_factory.mktemp("faults"))
        for _ in range(MINUTES):
            made.busy.minute(80)
            made.busy.idle(20)
        yield made


@pytest.fixture(scope="module")
def clean(world: World) -> Iterator[Database]:
    """What nothing went wrong with; nothing happens on the chain any more."""
    with closing(Database(f"sqlite:///{world.folder / 'never.db'}")) as database:
        with following(world.busy.node, database, world.sources) as follower:
            assert follower.catch_up().problems == ()
        yield database


TROUBLE: dict[str, Fault] = {
    "dropped connections": sometimes(faults.drop(), 0.3, 1),
    "answers that come late": sometimes(faults.delay(0.5), 0.1, 2),
    "garbage": sometimes(faults.garbage(), 0.3, 3),
    "too many requests": sometimes(faults.status(429), 0.3, 4),
    "errors of the node": sometimes(faults.error(-32000, "header not found"), 0.3, 5),
    "a node that lags": sometimes(faults.lagging(9), 0.4, 6),
    "few blocks at once": faults.narrow(7),
}
LIES: dict[str, Fault] = {
    "the last log is left out": sometimes(lies.without_last(), 0.5, 7),
    "nothing happened": sometimes(lies.without_any(), 0.5, 8),
    "logs are left out": sometimes(lies.without_some(1), 0.5, 9),
    "logs of other blocks": sometimes(lies.of_another_block(), 0.5, 10),
    "logs told twice": sometimes(lies.twice(), 0.5, 11),
    "logs in no order": sometimes(lies.backwards(), 0.5, 12),
    "logs that come later": sometimes(lies.older(5), 0.5, 13),
}
LOOKS = 6


@pytest.mark.parametrize("name", TROUBLE)
def test_what_a_node_does_not_answer_is_asked_again(
    world: World, clean: Database, tmp_path: Path, name: str
) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as database:
        try:
            node = world.node()
            world.proxy.do(TROUBLE[name])
            with following(node, database, world.sources) as follower:
                for _ in range(LOOKS):
                    follower.look()
                world.proxy.heal()
                while follower.catch_up().problems:
                    pass
        finally:
            world.proxy.heal()
        assert differences(database, clean) == {}


@pytest.mark.parametrize("name", LIES)
def test_what_a_node_tells_wrong_is_mended(
    world: World, clean: Database, tmp_path: Path, name: str
) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as database:
        try:
            node = world.node()
            world.proxy.do(LIES[name], LOGS)
            with following(node, database, world.sources) as follower:
                for _ in range(LOOKS):
                    follower.look()
            world.proxy.heal()
            with following(node, database, world.sources) as follower:
                while follower.catch_up().problems:
                    pass
        finally:
            world.proxy.heal()
        assert differences(database, clean) == {}
