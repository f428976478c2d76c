"""What a node hides for as long as it likes is named by a check, and followed once it is told."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from perpools.chain import connect
from perpools.chain.following import DEPTH
from perpools.chain.node import Node
from perpools.index import tables
from perpools.index.comparing import Look
from perpools.index.database import Database
from perpools.index.finding import Finder, missed
from perpools.index.follower import Sources
from perpools.index.monitor import EVERY_S, Monitor
from tests.anvil import ANVIL, running
from tests.chain.conftest import HURRIED
from tests.chain.proxy import Proxy
from tests.cli.desk import Desk
from tests.index import lies
from tests.index.busy import FLAGS, Busy
from tests.index.following import assert_same_as_clean, assert_well, following

LOGS = "eth_getLogs"
TOKENS = 10**16


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running(*FLAGS) as made:
        yield made


@pytest.fixture(scope="module")
def busy(url: str) -> Busy:
    made = Busy(connect(url))
    for _ in range(3):
        made.minute(80)
    return made


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with Proxy(url) as made:
        yield made


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path / 'index.db'}")) as made:
        yield made


def told_by(proxy: Proxy) -> Node:
    return connect(proxy.url, patience=HURRIED)


def given(busy: Busy) -> tuple[str, str, str]:
    """A holder gives another one some tokens, and much later blocks come: who, whom, where."""
    token = busy.tokens[0][0]
    holders = [who for who in busy.crowd if token.read("balanceOf", who) > TOKENS]
    sender, receiver = holders[0], next(who for who in busy.crowd if who != holders[0])
    busy.send([(sender, token, "transfer", (receiver, TOKENS), 0)])
    busy.mine()
    [log] = busy.node.logs([token.address], None, busy.head, busy.head)
    busy.idle(2 * DEPTH)
    return sender, receiver, log.transaction_hash


def test_a_transfer_that_a_node_hides_is_named_and_read_once_it_is_told(
    busy: Busy, proxy: Proxy, database: Database, tmp_path: Path
) -> None:
    sources, node, desk = Sources((busy.factory,)), told_by(proxy), Desk(busy.node, tmp_path)
    sender, receiver, hidden = given(busy)
    check = "index", "check", "--database", database.url.render_as_string(), "--json"
    proxy.do(lies.without(hidden), LOGS)
    with following(node, database, sources) as follower:
        assert follower.catch_up().problems == ()
        left = desk(*check)
        assert left.code == 1
        assert f"{sender} (wallet)" in left.out
        assert f"{receiver} (wallet)" in left.out
        proxy.heal()
        assert follower.catch_up().problems == ()
    assert desk(*check).code == 0
    assert_same_as_clean(database, busy.node, sources, tmp_path)


def test_a_monitor_that_heals_finds_it_in_a_few_turns(
    busy: Busy, proxy: Proxy, database: Database
) -> None:
    sources, node = Sources((busy.factory,)), told_by(proxy)
    _, _, hidden = given(busy)
    proxy.do(lies.without(hidden), LOGS)
    with following(node, database, sources) as follower:
        assert follower.catch_up().problems == ()
        proxy.heal()
        watching = Monitor(database, node, heals=True)
        assert not any(finding.is_wrong for finding in watching.look())
        turns = (watching.look(4) for _ in range(5))
        wrong = next(name for found in turns for one in found for name in one.accounts)
        assert wrong.startswith("0x")
        assert follower.catch_up().problems == ()
        assert_well(database, busy.node, *(market.address for market in busy.markets))


def test_records_that_somebody_removed_are_read_again(
    busy: Busy, database: Database, tmp_path: Path
) -> None:
    sources, of = Sources((busy.factory,)), tables.Record
    with following(busy.node, database, sources) as follower:
        assert follower.catch_up().problems == ()
        with database.writing() as session:
            session.execute(delete(of).where(of.name == "Rebalanced"))
        found = Monitor(database, busy.node, heals=True).look()
        assert {finding.broken for finding in found} == {("REPLAY",)}
        assert follower.catch_up().problems == ()
    assert_same_as_clean(database, busy.node, sources, tmp_path)
    assert_well(database, busy.node, *(market.address for market in busy.markets))


def test_what_does_not_help_is_tried_less_and_less_often(
    busy: Busy, proxy: Proxy, database: Database
) -> None:
    sources, node = Sources((busy.factory,)), told_by(proxy)
    _, _, hidden = given(busy)
    proxy.do(lies.without(hidden), LOGS)
    now = [0.0]
    with following(node, database, sources) as follower:
        assert follower.catch_up().problems == ()
        watching, tries = Monitor(database, node, heals=True, clock=lambda: now[0]), 0
        for _ in range(16):
            before = versions(database)
            watching.look(None)
            tries += versions(database) != before
            now[0] += EVERY_S
    assert tries == 5


def test_a_market_whose_announcement_is_hidden_is_found_by_the_next_search(
    busy: Busy, proxy: Proxy, database: Database, tmp_path: Path
) -> None:
    sources, node, desk = Sources((busy.factory,)), told_by(proxy), Desk(busy.node, tmp_path)
    first, second = (market.address for market in busy.markets)
    busy.idle(DEPTH)
    proxy.do(lies.without(announced_in(busy, second)), LOGS)
    with following(node, database, sources) as follower:
        assert [step.market for step in follower.catch_up().steps] == [first]
        proxy.heal()
        assert [step.market for step in follower.catch_up().steps] == [first]
        left = desk("index", "check", "--database", database.url.render_as_string(), "--json")
        assert left.code == 1
        assert second in left.out
        assert {step.market for step in follower.catch_up().steps} == {first, second}
    assert_same_as_clean(database, busy.node, sources, tmp_path)


def test_whoever_starts_or_goes_on_for_long_searches_all_blocks_again(
    busy: Busy, proxy: Proxy, database: Database
) -> None:
    sources, node = Sources((busy.factory,)), told_by(proxy)
    first, second = (market.address for market in busy.markets)
    busy.idle(DEPTH)
    look = Look(node, node.block())
    hides = lies.without(announced_in(busy, second))
    database.upgrade()
    proxy.do(hides, LOGS)
    patient, hasty = Finder(node, database, sources), Finder(node, database, sources, again_s=0)
    for finder in (patient, hasty):
        assert not finder.find(look)
    proxy.heal()
    assert not patient.find(look)
    assert [found.market for found in patient.known()] == [first]
    assert not hasty.find(look)
    assert [found.market for found in hasty.known()] == [first, second]
    proxy.do(hides, LOGS)
    with following(busy.node, database, sources) as follower:
        assert follower.catch_up().problems == ()
    assert not Finder(node, database, sources).find(look)
    assert [found.market for found in patient.known()] == [first, second]
    assert missed(busy.node, database) == []


def announced_in(busy: Busy, market: str) -> str:
    """The transaction that deployed a market."""
    topics = [None, bytes.fromhex(market.removeprefix("0x")).rjust(32, b"\0")]
    [log] = busy.node.logs([busy.factory], topics, 0, busy.head)
    return log.transaction_hash


def versions(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.sum(tables.Market.version))) or 0
