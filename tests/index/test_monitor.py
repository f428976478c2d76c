"""The monitor tells what cannot be, and what is not what the chain says."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from perpools.index import tables
from perpools.index.database import Database
from perpools.index.follower import Follower, Sources
from perpools.index.metrics import Metrics
from perpools.index.mirror import Mirror
from perpools.index.monitor import Monitor, read_again
from perpools.index.progress import Progress, Step
from perpools.spec.positions import position
from tests.chain.past import Past, node_of
from tests.faults.process import until
from tests.index.same import differences
from tests.index.tale import CROWD, POOL, Desk, beginning


@pytest.fixture(scope="module")
def past() -> Iterator[Past]:
    with node_of("embedded") as node:
        past = Past(node)
        past.live()
        yield past


@pytest.fixture
def followed(past: Past, tmp_path: Path) -> Iterator[Database]:
    """A database with the market's whole past."""
    sources = Sources(markets=(past.market.address,))
    with (
        closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as database,
        closing(Follower(past.node, database, sources)) as follower,
    ):
        assert follower.catch_up().problems == ()
        yield database


def test_a_market_that_is_well_is_told_so(past: Past, followed: Database) -> None:
    metrics = Metrics()
    [finding] = Monitor(followed, past.node, metrics=metrics).look()
    assert not finding.is_wrong
    assert finding.problem is None
    assert finding.text.endswith("well")
    gauge = f'perpools_invariants_broken{{market="{past.market.address}"}} 0.0'
    assert gauge in metrics.text().decode()


def test_records_that_are_not_there_are_noticed(past: Past, followed: Database) -> None:
    of = tables.Record
    with followed.writing() as session:
        session.execute(delete(of).where(of.name == "OperatorSet"))
    [finding] = Monitor(followed, past.node).look()
    assert finding.is_wrong
    with followed.writing() as session:
        session.execute(delete(of).where(of.name == "Rebalanced"))
    [finding] = Monitor(followed, past.node).look()
    assert finding.broken == ("REPLAY",)
    assert "read them again" in finding.text


def test_a_state_that_is_not_the_chains_is_noticed(past: Past, followed: Database) -> None:
    of = tables.Record
    with followed.writing() as session:
        last = session.query(of).order_by(of.block_number.desc(), of.log_index.desc()).first()
        assert last is not None
        place = of.block_number == last.block_number, of.log_index == last.log_index
        session.execute(delete(of).where(*place))
    [finding] = Monitor(followed, past.node).look()
    assert finding.differing
    assert "not what the chain says" in finding.text


def test_it_looks_again_at_once_where_records_were_taken_back(
    past: Past, followed: Database
) -> None:
    stopping, metrics = threading.Event(), Metrics()
    monitor = Monitor(followed, past.node, metrics=metrics)
    market = past.market.address
    with monitor.beside(stopping):
        until(lambda: monitor.finding(market) is not None, "it looks")
        with followed.writing() as session:
            session.execute(delete(tables.Record).where(tables.Record.name == "OrderPlaced"))
        undone = Step(market, 1, undone=1)
        monitor.mirror = Mirror(followed)
        monitor.heard(Progress(None, (undone,)))
        until(lambda: getattr(monitor.finding(market), "broken", ()) != (), "it looks again")
    assert f'perpools_invariants_broken{{market="{market}"}} 1.0' in metrics.text().decode()


def test_a_market_in_doubt_is_read_again_and_stays_the_same(
    past: Past, followed: Database, database: Database
) -> None:
    market, deployer = past.market.address, past.role["deployer"]
    with closing(Follower(past.node, database, Sources(markets=(market,)))) as follower:
        follower.catch_up()
        before = row(database)
        read_again(database, market)
        unread = row(database)
        assert unread.version == before.version + 1
        assert (unread.settled_block, unread.settled_hash) == (before.block_number - 1, "")
        assert follower.catch_up().problems == ()
    assert differences(database, followed) == {}
    with pytest.raises(KeyError):
        read_again(database, deployer)


def row(database: Database) -> tables.Market:
    with database.session() as session:
        return session.scalars(select(tables.Market)).one()


def test_the_chain_as_it_was_a_few_blocks_ago_is_compared(past: Past, followed: Database) -> None:
    deployer = past.role["deployer"]
    for _ in range(3):
        past.coin.send("mint", deployer, 1, sender=deployer)
    [finding] = Monitor(followed, past.node).look(None)
    assert (finding.problem, finding.is_wrong) == (None, False)


def test_without_a_node_the_invariants_alone_are_checked(followed: Database) -> None:
    [finding] = Monitor(followed).look()
    assert (finding.broken, finding.differing, finding.problem) == ((), (), None)


def test_a_mirror_reads_no_more_than_what_is_new() -> None:
    tale = beginning().go_on(30, 3)
    with closing(Desk(tale).begin().follow(tale)) as desk:
        mirror = Mirror(desk.database)
        first = mirror.standing(POOL)
        assert mirror.standing(POOL) is first
        with desk.database.writing() as session:
            session.execute(update(tables.Record).values(fields={}))
        later = tale.go_on(5, 4)
        desk.follow(later)
        assert mirror.standing(POOL).market == later.market
        assert mirror.fixed(POOL) == first.fixed
        owner = CROWD[0]
        now = mirror.standing(POOL)
        assert now.position(owner) == position(now.book, now.market, owner)


def test_a_market_that_is_not_in_the_tables_has_no_standing() -> None:
    with closing(Desk(beginning()).begin()) as desk, pytest.raises(KeyError):
        Mirror(desk.database).standing(CROWD[0])
