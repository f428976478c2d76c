"""A follower reads what the chain tells, and writes nothing that cannot be."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from perpools.chain.contract import Contract
from perpools.chain.history import History
from perpools.chain.node import Block, Log, Node
from perpools.errors import ChainError, ConfigError
from perpools.index import tables
from perpools.index.database import Database
from perpools.index.follower import Follower, Progress, Sources
from perpools.index.mirror import Mirror
from perpools.index.monitor import Monitor
from perpools.spec.invariants import broken
from tests.chain.past import HOUR_S, Past, node_of
from tests.chain.workshop import mock
from tests.index.same import differences


@pytest.fixture(scope="module")
def past() -> Iterator[Past]:
    with node_of("embedded") as node:
        past = Past(node)
        past.live()
        past.end()
        yield past


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Any]:
    """Databases in files, closed at the end."""
    opened: list[Database] = []

    def new(name: str = "index") -> Database:
        opened.append(Database(f"sqlite:///{tmp_path / name}.db"))
        return opened[-1]

    yield new
    for database in opened:
        database.close()


@contextmanager
def following(node: Node, database: Database, *sources: Any, **options: Any) -> Iterator[Follower]:
    with closing(Follower(node, database, Sources(*sources), **options)) as follower:
        yield follower


def caught_up(node: Node, database: Database, *sources: Any) -> Progress:
    with following(node, database, *sources) as follower:
        return follower.catch_up()


@dataclass
class Lies:
    """What a node leaves out, alters or does not know yet."""

    hides: tuple[int, ...] = ()
    """Positions among a market's logs, counted from the end."""
    garbles: bool = False
    head: int | None = None


@dataclass(frozen=True, slots=True)
class Liar(Node):
    """A node that does not tell everything as it is."""

    lies: Lies = field(default_factory=Lies)

    def logs(
        self, addresses: Sequence[str] | None, topics: Any, first: int, last: int
    ) -> Iterator[Log]:
        told = list(Node.logs(self, addresses, topics, first, last))
        if topics is not None:
            return iter(told)
        hidden = {len(told) - 1 - place for place in self.lies.hides}
        kept = [log for place, log in enumerate(told) if place not in hidden]
        return iter([_garbled(log) for log in kept] if self.lies.garbles else kept)

    def block(self, at: int | str = "latest") -> Block:
        head = self.lies.head
        if head is None:
            return Node.block(self, at)
        if head < 0 or (isinstance(at, int) and at > head):
            raise ChainError(f"there is no block {at}")
        return Node.block(self, head if at == "latest" else at)


def _garbled(log: Log) -> Log:
    data = bytes(byte ^ 0x55 for byte in log.data)
    where = log.block_number, log.block_hash, log.transaction_hash, log.index, log.timestamp
    return Log(log.address, log.topics, data, *where)


def liar(past: Past) -> Liar:
    return Liar(**{known.name: getattr(past.node, known.name) for known in fields(Node)})


def test_a_factorys_market_is_followed_from_its_birth(past: Past, files: Any) -> None:
    database, factory = files(), past.protocol.factory.address
    progress = caught_up(past.node, database, (factory,))
    assert progress.problems == ()
    assert progress.caught_up
    standing = Mirror(database).standing(past.market.address)
    history = History(past.node, past.market.address)
    assert (standing.market, standing.book) == history.played()
    assert standing.fixed == history.fixed
    assert broken(standing.market) == []
    [finding] = Monitor(database, past.node).look()
    assert not finding.is_wrong, finding.text
    with database.session() as session:
        row = session.get_one(tables.Market, past.market.address)
        assert (row.name, row.symbol) == ("ETH/USD", "3-ETH/USD")
        assert (row.wound_down, row.head_block) == (True, past.node.block().number)


def test_a_market_by_its_address_and_any_factorys_are_the_same(past: Past, files: Any) -> None:
    by_factory, by_address, by_anybody = files("factory"), files("address"), files("anybody")
    caught_up(past.node, by_factory, (past.protocol.factory.address,))
    caught_up(past.node, by_address, (), (past.market.address,))
    caught_up(past.node, by_anybody)
    assert differences(by_factory, by_address) == {}
    assert differences(by_factory, by_anybody) == {}


def test_a_false_announcement_is_told_and_stops_no_other(past: Past, files: Any) -> None:
    stranger = past.role["keeper"]
    liar = Contract.deploy(past.node, mock("LyingFactory"), sender=stranger)
    terms, tokens = (past.market.contract.read(view) for view in ("terms", "tokens"))
    last_epoch = past.node.block().timestamp // HOUR_S
    for market in (past.market.address, stranger):
        facts = market, past.role["deployer"], *tokens, last_epoch, terms
        liar.send("announce", *facts, sender=stranger)
    database = files()
    progress = caught_up(past.node, database)
    assert [step.market for step in progress.steps if step.problem] == [stranger]
    with database.session() as session:
        assert session.scalars(select(tables.Market.address)).all() == [past.market.address]


def test_logs_left_out_at_the_end_are_found_later(past: Past, files: Any) -> None:
    node, sources = liar(past), ((), (past.market.address,))
    database, whole = files(), files("whole")
    caught_up(past.node, whole, *sources)
    with following(node, database, *sources) as follower:
        node.lies.hides = (0, 1)
        assert follower.catch_up().problems == ()
        assert differences(database, whole) != {}
        node.lies.hides = ()
        assert follower.catch_up().problems == ()
    assert differences(database, whole) == {}


@pytest.mark.parametrize("lie", ["a gap", "garbled"])
def test_logs_that_cannot_be_are_not_written(past: Past, files: Any, lie: str) -> None:
    node, sources = liar(past), ((), (past.market.address,))
    database, whole = files(), files("whole")
    caught_up(past.node, whole, *sources)
    with following(node, database, *sources) as follower:
        node.lies.hides = tuple(range(20, 40)) if lie == "a gap" else ()
        node.lies.garbles = lie == "garbled"
        [step] = follower.look().steps
        assert step.problem
        with database.session() as session:
            assert session.scalars(select(tables.Record)).all() == []
        node.lies.hides, node.lies.garbles = (), False
        assert follower.catch_up().problems == ()
        assert b"perpools_indexer_problems_total" in follower.metrics.text()
    assert differences(database, whole) == {}


def test_a_node_that_lags_behind_the_tables_is_waited_for(past: Past, files: Any) -> None:
    node, database = liar(past), files()
    caught_up(past.node, database, (), (past.market.address,))
    with following(node, database, (), (past.market.address,)) as follower:
        for behind in (3, 40):
            node.lies.head = past.node.block().number - behind
            [step] = follower.look().steps
            assert (step.problem, step.undone) == (None, 0)
            assert step.block == past.node.block().number


def test_a_node_that_cannot_be_asked_is_asked_again(past: Past, files: Any) -> None:
    node, database = liar(past), files()
    with following(node, database, (), (past.market.address,)) as follower:
        assert follower.catch_up().caught_up
        node.lies.head = -1
        failed = follower.look()
        assert (failed.caught_up, failed.head) == (False, None)
        node.lies.head = None
        assert follower.look().caught_up


def test_two_followers_of_one_database_write_every_block_once(past: Past, files: Any) -> None:
    sources = (), (past.market.address,)
    database, other, whole = files(), files(), files("whole")
    caught_up(past.node, whole, *sources)
    database.upgrade()
    threads = [
        threading.Thread(target=caught_up, args=(past.node, one, *sources))
        for one in (database, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert differences(database, whole) == {}


def test_what_a_watcher_would_tell_is_kept_for_streams(past: Past, files: Any) -> None:
    database = files()
    caught_up(past.node, database, (), (past.market.address,))
    with database.session() as session:
        news = session.scalars(select(tables.News).order_by(tables.News.id)).all()
        records = session.scalars(select(tables.Record)).all()
    assert len(news) == len(records) > 0
    assert news[0].fact["type"] == "order"
    assert not any(one.undone for one in news)


def test_a_follower_goes_on_until_it_is_told_to_stop(past: Past, files: Any) -> None:
    stopping, heard = threading.Event(), list[Progress]()
    database = files()

    def told(progress: Progress) -> None:
        heard.append(progress)
        if progress.caught_up:
            stopping.set()

    with following(past.node, database, (), (past.market.address,), poll_s=0.01) as follower:
        follower.run(stopping, told)
    assert heard[-1].caught_up
    assert sum(progress.records for progress in heard) > 0


def test_a_database_of_another_chain_is_refused(past: Past, files: Any) -> None:
    database = files()
    database.upgrade()
    database.claim_chain(1)
    with (
        following(past.node, database) as follower,
        pytest.raises(ConfigError, match="it is of chain 1"),
    ):
        follower.look()
