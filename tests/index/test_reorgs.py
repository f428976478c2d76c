"""A real node takes back 1 to 64 blocks, and more: the tables are those of its present chain."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from perpools.chain.following import DEPTH
from perpools.index.auditing import audit
from perpools.index.database import Database
from perpools.index.follower import Sources
from perpools.index.monitor import Monitor
from perpools.index.reading import Reader
from tests.anvil import ANVIL, anvil
from tests.index.busy import FLAGS, Busy
from tests.index.following import assert_same_as_clean, assert_well, following

MINUTES = 8
DEPTHS = {"sqlite": (*range(1, 65, 4), 2, 3, 62, 63, 64), "postgresql": (1, 7, 33, 64)}
TOO_DEEP = (DEPTH + 1, DEPTH + 30)


@pytest.fixture
def busy() -> Iterator[Busy]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil(*FLAGS) as node:
        made = Busy(node, markets=1)
        for _ in range(MINUTES):
            made.minute(40)
            made.idle(8)
        yield made


def test_any_number_of_blocks_is_taken_back(busy: Busy, database: Database, tmp_path: Path) -> None:
    sources, [market] = Sources((busy.factory,)), [m.address for m in busy.markets]
    depths = DEPTHS["sqlite" if database.is_sqlite else "postgresql"]
    with following(busy.node, database, sources) as follower:
        assert follower.catch_up().problems == ()
        monitor = Monitor(database, busy.node)
        for depth in random.Random(5).sample(depths, len(depths)):
            busy.reorganise(depth)
            progress = follower.look()
            assert progress.problems == ()
            assert sum(step.undone for step in progress.steps) > 0, depth
            finding = monitor.check(market)
            assert (finding.problem, finding.is_wrong) == (None, False), (depth, finding.text)
            assert depth % 3 or audit(database, market) == ()
        assert Reader(database).reach().lag == 0
        undone = [one for one in Reader(database).news(limit=500, market=market) if one.undone]
        assert undone
        assert_same_as_clean(database, busy.node, sources, tmp_path)


def test_more_blocks_than_ever_should_be_are_taken_back(busy: Busy, tmp_path: Path) -> None:
    sources = Sources((busy.factory,))
    with (
        closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as database,
        following(busy.node, database, sources) as follower,
    ):
        assert follower.catch_up().problems == ()
        for depth in TOO_DEEP:
            busy.reorganise(depth)
            while follower.catch_up().problems:
                pass
            assert_same_as_clean(database, busy.node, sources, tmp_path, f"after {depth}")
            assert_well(database, busy.node, busy.markets[0].address)


def test_a_shorter_chain_is_waited_for(busy: Busy, tmp_path: Path) -> None:
    sources = Sources((busy.factory,))
    with (
        closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as database,
        following(busy.node, database, sources) as follower,
    ):
        assert follower.catch_up().problems == ()
        busy.undo(20)
        assert follower.look().problems == ()
        busy.minute(20)
        assert follower.look().problems == ()
        assert_same_as_clean(database, busy.node, sources, tmp_path)
