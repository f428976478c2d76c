"""
What some records come to, written; and taken back. Everything here belongs into one transaction
with how far the market was read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from perpools.chain import telling
from perpools.chain.history import Record
from perpools.index import bulk, standing, tables
from perpools.index.changes import Row, Rows
from perpools.index.checkpoint import State, dumped
from perpools.index.columns import Base
from perpools.index.ledger import Ledger
from perpools.index.loading import Seen
from perpools.spec.units import Address

SAVED = 3
"""States kept: a chain that was replaced deeper than the last one needs an older one."""
MOST_NAMES = 500
"""Names in one question: databases do not take any number."""

LOGGED: tuple[type[Base], ...] = (
    tables.Record,
    tables.Involved,
    tables.Order,
    tables.Claim,
    tables.Pair,
    tables.Transfer,
    tables.FeePayment,
    tables.Epoch,
    tables.Batch,
)
"""Tables whose rows belong to a block."""

MARKS = {
    "executed_block": ("executed_at", "paid_out", "fee_assets"),
    "cancelled_block": ("cancelled_at",),
    "claimed_block": ("claimed_at",),
}
"""What was not known of an order before a block."""


class Overtaken(Exception):
    """Another writer has changed the market since it was read."""


def table(of: type[Base]) -> Table:
    """A class's table."""
    return cast(Table, of.__table__)


def advance(session: Session, market: Address, version: int, changes: Row) -> None:
    """Change a market's row, which must be as it was seen; `Overtaken` otherwise."""
    markets = table(tables.Market)
    where = markets.c.address == market, markets.c.version == version
    done = session.execute(update(markets).where(*where).values(version=version + 1, **changes))
    if cast(Any, done).rowcount != 1:
        raise Overtaken(market)


def take_back(session: Session, market: Address, fork: int, ledger: Ledger) -> set[Address]:
    """
    Forget everything after a block; `ledger` is what was known after it. Whose rows are to be
    written again.
    """
    touched = _concerned(session, market, fork)
    for of in LOGGED:
        rows = table(of)
        session.execute(delete(rows).where(rows.c.market == market, rows.c.block_number > fork))
    orders = table(tables.Order)
    for block, others in MARKS.items():
        nothing: Row = dict.fromkeys((block, *others))
        if block == "executed_block":
            nothing["refunded"] = False
        later = orders.c.market == market, orders.c[block] > fork
        session.execute(update(orders).where(*later).values(nothing))
    _summaries_back(session, market, fork, ledger)
    return touched


def _concerned(session: Session, market: Address, fork: int) -> set[Address]:
    involved = table(tables.Involved)
    later = involved.c.market == market, involved.c.block_number > fork
    return set(session.scalars(select(involved.c.account).where(*later).distinct()))


def _summaries_back(session: Session, market: Address, fork: int, ledger: Ledger) -> None:
    """Hours and days that had not begun, keepers, and checkpoints that came too late."""
    snapshots, keepers = table(tables.Snapshot), table(tables.Keeper)
    for period_s, tally in ledger.tallies.items():
        of = snapshots.c.market == market, snapshots.c.period_s == period_s
        session.execute(delete(snapshots).where(*of, snapshots.c.start > tally.start))
    session.execute(delete(keepers).where(keepers.c.market == market))
    _keepers(session, market, ledger, ledger.keepers)
    checkpoints = table(tables.Checkpoint)
    later = checkpoints.c.market == market, checkpoints.c.block > fork
    session.execute(delete(checkpoints).where(*later))


def put_down(session: Session, market: Address, rows: Rows, state: State) -> None:
    """Write what records have made of the tables; `state` is what they led to."""
    for of, new in rows.inserted.items():
        bulk.put(session, table(of), new)
    bulk.put(session, table(tables.Order), list(rows.orders.values()))
    _mark(session, market, rows)
    bulk.put(session, table(tables.Snapshot), list(rows.snapshots.values()), replace=True)
    _keepers(session, market, state.ledger, rows.keepers)
    _accounts(session, market, rows.touched, state)


def forget(session: Session, market: Address) -> None:
    """Remove a market that was never there."""
    summaries = (
        tables.Account,
        tables.Position,
        tables.Keeper,
        tables.Snapshot,
        tables.Checkpoint,
    )
    everything: tuple[type[Base], ...] = (*LOGGED, *summaries)
    for of in everything:
        rows = table(of)
        session.execute(delete(rows).where(rows.c.market == market))
    markets = table(tables.Market)
    session.execute(delete(markets).where(markets.c.address == market))


def _mark(session: Session, market: Address, rows: Rows) -> None:
    """What became of older orders: those of which the same is said at once."""
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for (block, index), changes in rows.marks.items():
        place = {"market": market, "block_number": block, "log_index": index}
        alike[tuple(changes)].append({**place, **changes})
    for changed in alike.values():
        bulk.change(session, table(tables.Order), changed)


def _keepers(session: Session, market: Address, ledger: Ledger, who: Iterable[Address]) -> None:
    rows = [
        {"market": market, "keeper": keeper, **ledger.keepers[keeper]._asdict()} for keeper in who
    ]
    bulk.put(session, table(tables.Keeper), rows, replace=True)


def _accounts(session: Session, market: Address, who: set[Address], state: State) -> None:
    """Write what these accounts have; those that the market does not know have no rows."""
    found = list(standing.accounts(market, state.played, sorted(who)))
    known = {account["account"] for account, _ in found}
    gone = sorted(who - known)
    for of in (tables.Account, tables.Position):
        rows = table(of)
        for first in range(0, len(gone), MOST_NAMES):
            some = rows.c.account.in_(gone[first : first + MOST_NAMES])
            session.execute(delete(rows).where(rows.c.market == market, some))
    bulk.put(session, table(tables.Account), [account for account, _ in found], replace=True)
    sides = [side for _, both in found for side in both]
    bulk.put(session, table(tables.Position), sides, replace=True)


def tell(
    session: Session, market: Address, undone: Sequence[Record], fresh: Sequence[Record]
) -> None:
    """Write what a watcher would tell."""
    told = [(True, record, telling.undone(market, record)) for record in undone]
    told += [(False, record, telling.fact(market, record)) for record in fresh]
    rows = [
        {
            "market": market,
            "undone": is_undone,
            "block_number": record.block_number,
            "at": record.timestamp,
            "fact": fact,
        }
        for is_undone, record, fact in told
    ]
    bulk.put(session, table(tables.News), rows)


def save(session: Session, market: Address, seen: Seen) -> None:
    """Keep the settled state; the oldest of those kept before goes."""
    row = {"market": market, "block": seen.settled, "state": dumped(seen.base)}
    of = table(tables.Checkpoint)
    session.execute(delete(of).where(of.c.market == market, of.c.block == seen.settled))
    session.execute(insert(of), row)
    kept = select(of.c.block).where(of.c.market == market).order_by(of.c.block.desc())
    oldest = session.scalars(kept.offset(SAVED - 1).limit(1)).first()
    if oldest is not None:
        session.execute(delete(of).where(of.c.market == market, of.c.block < oldest))
