"""
Whether every table says what follows from the records: all of them are replayed from a market's
birth, and what they make of the tables is compared with what is there, row by row.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from perpools.errors import ChainError
from perpools.index import standing, tables
from perpools.index.changes import Row
from perpools.index.checkpoint import fixed_of
from perpools.index.columns import Base
from perpools.index.database import Database
from perpools.index.loading import begun, records
from perpools.index.rows import Folding
from perpools.spec.units import Address

AT_ONCE = 10_000
"""Rows read at once."""

REPLAY = "replay"
"""What differs where the records do not follow from each other at all."""

Key = tuple[Any, ...]


def audit(database: Database, market: Address) -> tuple[str, ...]:
    """
    The names of the tables that say of a market what does not follow from its records; `REPLAY`
    where they follow from nothing.
    """
    with database.session() as session:
        row = session.get_one(tables.Market, market)
        fixed = fixed_of(row)
        folding = Folding(fixed, begun(row, fixed))
        folding.rows.touched.add(row.deployer)
        try:
            for record in records(session, market, (0, -1)):
                folding.take(record)
        except ChainError:
            return (REPLAY,)
        made = rebuilt(folding, row.address)
        return tuple(name for name, rows in made.items() if not _agree(session, name, market, rows))


def rebuilt(folding: Folding, market: Address) -> dict[str, Iterable[Row]]:
    """Every table's rows of a market, after all its records were taken."""
    rows = folding.close()
    made: dict[str, Iterable[Row]] = {
        kind.__tablename__: rows.inserted[kind]
        for kind in (tables.Record, tables.Involved, tables.Batch, tables.Claim, tables.Epoch)
    }
    for kind in (tables.Pair, tables.Transfer, tables.FeePayment):
        made[kind.__tablename__] = rows.inserted[kind]
    found = list(standing.accounts(market, folding.played, sorted(rows.touched)))
    kept = folding.ledger.keepers.items()
    now = standing.market(folding.played, folding.ledger.spot_wad)
    return made | {
        "orders": rows.orders.values(),
        "snapshots": rows.snapshots.values(),
        "accounts": [account for account, _ in found],
        "positions": [side for _, sides in found for side in sides],
        "keepers": [{"market": market, "keeper": who, **one._asdict()} for who, one in kept],
        "markets": [{"address": market, **now}],
    }


def _agree(session: Session, name: str, market: Address, rows: Iterable[Row]) -> bool:
    """Whether a table has these rows of a market, and no others."""
    table = Base.metadata.tables[name]
    expected = {_key(table, row): row for row in rows}
    for found in _there(session, table, market):
        row = expected.pop(_key(table, found), None)
        if row is None or any(found[column] != row[column] for column in row):
            return False
    return not expected


def _there(session: Session, table: Table, market: Address) -> Iterator[Row]:
    column = table.columns["address" if table.name == "markets" else "market"]
    asked = select(table).where(column == market).execution_options(yield_per=AT_ONCE)
    with session.execute(asked) as found:
        yield from map(dict, found.mappings())


def _key(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)
