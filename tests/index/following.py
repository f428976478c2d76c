"""Followers that nothing goes wrong with, and whether tables are as they should be."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from perpools.chain.node import Node
from perpools.index.auditing import audit
from perpools.index.database import Database
from perpools.index.follower import Follower, Sources
from perpools.index.monitor import Monitor
from tests.index.same import differences

CHUNK = 100


@contextmanager
def following(node: Node, database: Database, sources: Sources) -> Iterator[Follower]:
    """A follower that reads few blocks at once, so that there is more that can go wrong."""
    with closing(Follower(node, database, sources, chunk=CHUNK, poll_s=0.02)) as follower:
        yield follower


def assert_same_as_clean(
    database: Database, node: Node, sources: Sources, folder: Path, name: str = "clean"
) -> None:
    """The tables are those of a new database of the chain as it is now."""
    with (
        closing(Database(f"sqlite:///{folder / name}.db")) as clean,
        following(node, clean, sources) as follower,
    ):
        assert follower.catch_up().problems == ()
        assert differences(database, clean) == {}


def assert_well(database: Database, node: Node, *markets: str) -> None:
    """Every table follows from the records, and these from the chain."""
    monitor = Monitor(database, node)
    for market in markets:
        finding = monitor.check(market)
        assert (finding.problem, finding.is_wrong) == (None, False), finding.text
        assert audit(database, market) == ()
