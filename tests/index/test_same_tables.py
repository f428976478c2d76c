"""Thousands of logs of a real node: each sort of database says the same, and so does the chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from perpools.chain.node import Node
from perpools.index.auditing import audit
from perpools.index.database import Database
from perpools.index.export import TABLES, export
from perpools.index.follower import Sources
from perpools.index.monitor import Monitor
from perpools.index.reading import Reader
from tests.anvil import ANVIL, anvil
from tests.chain.past import Past
from tests.index.busy import FLAGS, Busy
from tests.index.conftest import url_of
from tests.index.following import assert_well, following
from tests.index.same import Said, said

SORTS = ("sqlite", "postgresql")
MINUTES, CALLS, LEAST = 30, 100, 2_500


@pytest.fixture(scope="module")
def busy() -> Iterator[Busy]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil(*FLAGS) as node:
        made = Busy(node)
        for _ in range(MINUTES):
            made.minute(CALLS)
        yield made


@pytest.fixture(scope="module")
def databases(
    request: pytest.FixtureRequest, busy: Busy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """The same chain in each."""
    folder = tmp_path_factory.mktemp("databases")
    made = {sort: Database(url_of(request, folder, sort)) for sort in SORTS}
    try:
        for database in made.values():
            with following(busy.node, database, Sources((busy.factory,))) as follower:
                assert follower.catch_up().problems == ()
        yield made
    finally:
        for database in made.values():
            database.close()


@pytest.fixture(scope="module")
def told(databases: dict[str, Database]) -> dict[str, Said]:
    return {sort: said(database) for sort, database in databases.items()}


def test_there_is_much_to_tell(told: dict[str, Said]) -> None:
    found = told["sqlite"]
    assert len(found["records"]) > LEAST
    assert len(found["epochs"]) >= MINUTES
    assert {row["status"] for row in found["orders"]} >= {"executed", "claimed", "cancelled"}
    assert all(found[name] for name in found)


@pytest.mark.parametrize("table", ["records", "orders", "accounts", "positions", "snapshots"])
def test_each_database_says_the_same(told: dict[str, Said], table: str) -> None:
    assert told["sqlite"][table] == told["postgresql"][table]


def test_nothing_is_said_otherwise(told: dict[str, Said]) -> None:
    assert told["sqlite"] == told["postgresql"]


@pytest.mark.parametrize("sort", SORTS)
def test_the_tables_follow_from_the_records_and_these_from_the_chain(
    busy: Busy, databases: dict[str, Database], sort: str
) -> None:
    assert_well(databases[sort], busy.node, *(market.address for market in busy.markets))


@pytest.mark.parametrize("table", ["records", "orders", "epochs", "markets", "positions"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_files_are_the_same_to_the_byte(
    databases: dict[str, Database], tmp_path: Path, table: str, ending: str
) -> None:
    files = []
    for sort, database in databases.items():
        path = tmp_path / f"{sort}.{ending}"
        export(database, table, path)
        files.append(path.read_bytes())
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("table", "column"), [("orders", "paid_out"), ("accounts", "paid_in"), ("epochs", "late_s")]
)
def test_a_row_that_says_otherwise_is_noticed(
    busy: Busy, databases: dict[str, Database], table: str, column: str
) -> None:
    database, market = databases["sqlite"], busy.markets[0].address
    of = TABLES[table]
    with database.engine.begin() as connection:
        row = connection.execute(of.select().where(of.c.market == market)).mappings().first()
        assert row is not None
        key = [of.c[name] == row[name] for name in of.primary_key.columns.keys()]  # noqa: SIM118
        connection.execute(of.update().where(*key).values({column: 5}))
    assert audit(database, market) == (table,)
    with database.engine.begin() as connection:
        connection.execute(of.update().where(*key).values({column: row[column]}))
    assert audit(database, market) == ()


def test_a_row_that_is_missing_is_noticed(busy: Busy, databases: dict[str, Database]) -> None:
    database, market = databases["postgresql"], busy.markets[1].address
    of = TABLES["records"]
    with database.engine.begin() as connection:
        row = connection.execute(of.select().where(of.c.name == "Rebalanced")).mappings().first()
        assert row is not None
        key = [of.c[name] == row[name] for name in of.primary_key.columns.keys()]  # noqa: SIM118
        connection.execute(of.delete().where(*key))
    assert "replay" in (*audit(database, row["market"]), *audit(database, market))
    with database.engine.begin() as connection:
        connection.execute(of.insert().values(dict(row)))


@pytest.fixture(scope="module")
def lived() -> Iterator[Node]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil() as node:
        yield node


def test_everything_that_can_be_done_to_a_market_is_told(lived: Node, database: Database) -> None:
    past = Past(lived)
    with following(lived, database, Sources((past.protocol.factory.address,))) as follower:
        for part in (past.enter, past.trade, past.hand_over, past.end):
            part()
            progress = follower.look()
            assert progress.problems == ()
            assert progress.records > 0
            assert audit(database, past.market.address) == ()
    [finding] = Monitor(database, lived).look()
    assert not finding.is_wrong, finding.text
    market = Reader(database).market("ETH/USD")
    assert market is not None
    assert market.wound_down
    names = {row["name"] for row in said(database)["records"]}
    assert len(names) >= 15, names
