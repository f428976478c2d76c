"""Lists come in pages, whole and in order; no query looks at more than it answers with."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, inspect, select, text

from perpools.errors import ConfigError
from perpools.index import tables
from perpools.index.database import Database
from perpools.index.paging import Page, Slice
from perpools.index.reading import Reader
from perpools.index.tables import DAY_S, HOUR_S, STATUSES
from tests.index.conftest import url_of
from tests.index.synthetic import ACCOUNTS, BORN_AT, MARKETS, ROWS, fill

MARKET, SMALLER = MARKETS
BUSIEST, *_, IDLEST = ACCOUNTS

Pages = Callable[..., Page[Any]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    folder = Path(tmp_path_factory.mktemp("rows"))
    with closing(Database(url_of(request, folder, request.param))) as made:
        made.upgrade()
        fill(made)
        with made.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        yield made


@pytest.fixture(scope="module")
def reader(database: Database) -> Reader:
    return Reader(database)


def lists(reader: Reader) -> dict[str, Pages]:
    """Every list that can be long, by what is asked for."""
    found: dict[str, Pages] = {
        "markets": reader.markets,
        "epochs": partial(reader.epochs, MARKET),
        "epochs since": partial(reader.epochs, MARKET, since=BORN_AT + 10**5),
        "records": partial(reader.records, MARKET),
        "fee payments": partial(reader.fee_payments, MARKET),
        "accounts": partial(reader.accounts, MARKET),
        "keepers": partial(reader.keepers, None),
        "a market's keepers": partial(reader.keepers, MARKET),
        "history": partial(reader.history, BUSIEST),
        "history in a market": partial(reader.history, BUSIEST, market=SMALLER),
        "an epoch's orders": partial(reader.orders, market=MARKET, epoch=700),
    }
    for name in ("orders", "claims", "pairs", "transfers"):
        ask: Pages = getattr(reader, name)
        found[name] = partial(ask, market=SMALLER)
        found[f"{name} of an account"] = partial(ask, account=BUSIEST)
        found[f"{name} of an account in a market"] = partial(ask, account=BUSIEST, market=MARKET)
    for status in STATUSES:
        asked = partial(reader.orders, status=status)
        found[f"{status} orders"] = partial(asked, market=MARKET)
        found[f"{status} orders of an account"] = partial(asked, account=BUSIEST)
    return found


NAMES = sorted(lists(Reader.__new__(Reader)))


class Watched:
    """Every statement that the database is asked."""

    def __init__(self, database: Database) -> None:
        self.database, self.asked = database, list[tuple[str, Any]]()
        event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT"):
            self.asked.append((statement, parameters))

    def end(self) -> None:
        event.remove(self.database.engine, "before_cursor_execute", self._note)

    def plans(self) -> Iterator[str]:
        """How the database goes about each."""
        explain = "EXPLAIN QUERY PLAN " if self.database.is_sqlite else "EXPLAIN "
        asked, self.asked = self.asked, []
        with self.database.engine.connect() as connection:
            for statement, parameters in asked:
                found = connection.exec_driver_sql(explain + statement, parameters)
                yield "\n".join(str(row[-1]) for row in found)


@pytest.fixture
def watched(database: Database) -> Iterator[Watched]:
    watched = Watched(database)
    yield watched
    watched.end()


LARGE = ("orders", "records", "involved", "transfers", "claims", "pairs", "epochs", "snapshots")
"""PostgreSQL reads smaller tables as a whole: that is quicker."""
SLOW = ("Sort Key", "TEMP B-TREE", "SCAN ", "Seq Scan")


def is_quick(plan: str) -> bool:
    """Whether nothing large is read from end to end, nor sorted."""
    lines = [line for line in plan.splitlines() if "USING INDEX" not in line]
    large = any(f" {name}" in plan for name in LARGE)
    return not large or not any(word in line for line in lines for word in SLOW)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_page_and_a_late_one_are_found_by_an_index(
    reader: Reader, watched: Watched, name: str
) -> None:
    ask = lists(reader)[name]
    page = ask(Slice(7))
    if page.next is not None:
        ask(Slice(7, page.next))
    plans = list(watched.plans())
    assert plans
    assert all(map(is_quick, plans)), "\n\n".join(plans)


def test_series_and_single_rows_are_found_by_an_index(reader: Reader, watched: Watched) -> None:
    reader.snapshots(MARKET, HOUR_S, 100, 10**9, 20)
    reader.epoch(MARKET, 30)
    reader.batches(MARKET, 30)
    reader.holdings(BUSIEST)
    reader.positions(BUSIEST)
    reader.news(3, 20)
    reader.news(3, 20, MARKET)
    reader.last_news()
    reader.market(MARKET)
    reader.market("ETH/USD 1")
    plans = list(watched.plans())
    assert len(plans) == 10
    assert all(map(is_quick, plans)), "\n\n".join(plans)


def test_there_are_as_many_rows_as_said(database: Database) -> None:
    counted = (
        select(func.count()).select_from(table) for table in tables.Base.metadata.sorted_tables
    )
    with database.session() as session:
        assert sum(session.scalar(count) or 0 for count in counted) > ROWS


@pytest.mark.parametrize("name", NAMES)
def test_pages_put_together_are_the_list(reader: Reader, name: str) -> None:
    ask = lists(reader)[name]
    whole, page = ask(Slice(500)), ask(Slice(60))
    found = list(page.items)
    while page.next is not None and len(found) < 480:
        page = ask(Slice(60, page.next))
        found += page.items
    assert list(map(identity, found)) == list(map(identity, whole.items))[: len(found)]
    assert len(found) == len(whole.items) or len(found) == 480


def identity(row: Any) -> Any:
    """Which row it is."""
    return inspect(row).identity


def test_a_page_is_what_was_asked_for(reader: Reader) -> None:
    orders = reader.orders(Slice(20), market=SMALLER, account=BUSIEST, status="claimed").items
    assert len(orders) == 20
    assert {(o.market, o.controller, o.status) for o in orders} == {(SMALLER, BUSIEST, "claimed")}
    sent = reader.transfers(Slice(50), account=BUSIEST).items
    assert all(BUSIEST in (one.sender, one.receiver) for one in sent)
    assert {one.sender == BUSIEST for one in sent} == {True, False}
    assert sent == tuple(sorted(sent, key=lambda o: (o.block_number, o.log_index), reverse=True))


def test_an_address_is_found_however_it_is_written(reader: Reader) -> None:
    mixed = "0x" + "aB" * 20
    assert reader.orders(Slice(1), account=mixed).items == ()
    found = reader.market(MARKET.upper().replace("X", "x"))
    assert found is not None
    assert found.address == MARKET


def test_markets_are_found_by_part_of_their_name(reader: Reader) -> None:
    assert [row.address for row in reader.markets(query="eth/usd").items] == [SMALLER, MARKET]
    assert [row.address for row in reader.markets(query="USD 1").items] == [SMALLER]
    assert reader.markets(query="%").items == ()
    assert reader.market("nothing of this name") is None


@pytest.mark.parametrize("after", ["", "x", "1", "1~2~3", "-1~2", "1~" + "9" * 30, "1~2\0", "١~2"])
def test_a_cursor_that_is_none_is_refused(reader: Reader, after: str) -> None:
    with pytest.raises(ConfigError, match="after: "):
        reader.records(MARKET, Slice(5, after))


@pytest.mark.parametrize("limit", [0, -1, 501, 10**30])
def test_a_limit_that_is_none_is_refused(reader: Reader, limit: int) -> None:
    with pytest.raises(ConfigError, match="limit: "):
        Slice(limit)
    with pytest.raises(ConfigError, match="limit: "):
        reader.news(limit=limit)


def test_a_list_of_everything_is_refused(reader: Reader) -> None:
    for ask in (reader.orders, reader.claims, reader.pairs, reader.transfers):
        with pytest.raises(ConfigError, match="name a market or an account"):
            ask()
    with pytest.raises(ConfigError, match="an epoch is one market's"):
        reader.orders(account=BUSIEST, epoch=3)
    with pytest.raises(ConfigError, match="status: 'lost' is none of waiting, executed"):
        reader.orders(market=MARKET, status="lost")


@pytest.mark.parametrize("strange", ["", "\0", "0x", "'; DROP TABLE orders", "é" * 99, "\ud800"])
def test_what_is_no_address_has_nothing(reader: Reader, strange: str) -> None:
    assert reader.history(strange).items == ()
    assert reader.epochs(strange).items == ()
    assert reader.orders(account=strange, status="waiting").items == ()
    assert reader.positions(strange) == ()
    assert reader.market(strange) is None


@pytest.mark.parametrize("number", [-1, -(10**40), 2**63, 10**40])
def test_what_is_no_number_of_anything_has_nothing(reader: Reader, number: int) -> None:
    assert reader.epoch(MARKET, number) is None
    assert reader.batches(MARKET, number) == ()
    assert reader.orders(market=MARKET, epoch=number).items == ()
    assert reader.snapshots(MARKET, number) == ()
    assert reader.snapshots(MARKET, DAY_S, until=-1, since=number) == ()
    assert len(reader.news(number)) in (0, 500)


def test_snapshots_are_the_last_within_in_their_order(reader: Reader) -> None:
    found = reader.snapshots(MARKET, HOUR_S, since=HOUR_S, until=100 * HOUR_S, limit=3)
    assert [row.start // HOUR_S for row in found] == [97, 98, 99]


def test_totals_are_sums_over_all_markets(reader: Reader) -> None:
    totals = reader.totals()
    days = 2 * 3_000 * HOUR_S // DAY_S
    assert (totals.markets, totals.accounts, totals.keepers) == (2, len(ACCOUNTS), len(ACCOUNTS))
    assert (totals.orders, totals.events) == (days, days)
    [collateral] = totals.collaterals
    assert (collateral.markets, collateral.value_locked) == (2, 4)
    assert collateral.volume_in == collateral.volume_out == collateral.rewards == days


def test_how_far_the_index_is(reader: Reader) -> None:
    reach = reader.reach(1)
    assert (reach.chain_id, reach.head, reach.block, reach.lag) == (31337, 9, 1, 8)
    assert [market.market for market in reach.markets] == [MARKET]
