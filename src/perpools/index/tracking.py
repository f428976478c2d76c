"""One market followed: what is new on the chain is read, compared with the tables, and written."""

from collections.abc import Callable

from eth_abi.exceptions import DecodingError
from sqlalchemy import select
from sqlalchemy.orm import Session

from perpools.chain.following import DEPTH
from perpools.chain.history import History, Record
from perpools.errors import ChainError
from perpools.index import standing, tables
from perpools.index.changes import Row, Rows
from perpools.index.checkpoint import fixed_of
from perpools.index.comparing import Change, Look, difference
from perpools.index.database import Database
from perpools.index.loading import Later, Seen, folded, load
from perpools.index.progress import Step
from perpools.index.rows import Folding
from perpools.index.writing import advance, forget, put_down, save, table, take_back, tell
from perpools.spec.units import Address

CHUNK = 10_000
"""Blocks read and written at once while there are many."""
SAVE_EVERY = 1_000
"""Records after which the state is kept, so that a restart replays no more than these."""
DEEPER = 4
"""So many times deeper the tables are compared with the chain after each time they did not fit."""
GARBLED = ArithmeticError, AssertionError, DecodingError, LookupError, TypeError, ValueError


class Misfit(ChainError):
    """The logs do not follow from what the tables hold: one of both is wrong."""


class Unborn(ChainError):
    """The block that a market was deployed in is no longer on the chain."""


class Tracker:
    """One market of a database; a thread at a time may use it."""

    def __init__(self, history: History, database: Database, chunk: int = CHUNK) -> None:
        self.history, self.database, self.chunk = history, database, chunk
        self.market: Address = history.market
        self.seen: Seen | None = None
        self._born: tuple[int, str] = (0, "")
        self._misfits = 0

    def look(self, look: Look) -> Step:
        """Read and write what is new; `ChainError` where nothing can be written now."""
        seen = self.seen or self._load(None)
        if look.head.number < max(seen.settled, self._born[0]):
            return Step(self.market, seen.head)
        self._require_born(look, seen)
        if seen.settled_hash and look.block(seen.settled).hash != seen.settled_hash:
            self._misfits += 1
        if self._misfits:
            depth = DEPTH * DEEPER**self._misfits
            seen = self._load(seen.settled - depth)
        change = self._read(look, seen)
        if not self._is_to_write(look, seen, change):
            behind = change.last < look.head.number or self._is_overtaken(seen)
            return Step(self.market, seen.head, behind=behind)
        return self._write(look, seen, change)

    def drop(self) -> None:
        """Forget what was read of the tables: they will be read again."""
        self.seen = None

    def _is_to_write(self, look: Look, seen: Seen, change: Change) -> bool:
        """Whether anything is new: records, blocks, or how far it need not be read again."""
        further = change.last > seen.head or _settled(look, seen, change) > seen.settled
        return further or not change.is_nothing or self._misfits > 0

    def _is_overtaken(self, seen: Seen) -> bool:
        """Whether somebody changed what was seen, which is then forgotten."""
        asked = select(tables.Market.version).where(tables.Market.address == self.market)
        with self.database.session() as session:
            if session.scalar(asked) == seen.version:
                return False
        self.drop()
        return True

    def _load(self, settled: int | None) -> Seen:
        with self.database.session() as session:
            row = session.scalars(
                select(tables.Market).where(tables.Market.address == self.market)
            ).one()
            if "fixed" not in self.history.__dict__:
                self.history.fixed = fixed_of(row, self.history.node)
            self._born = row.block_number, row.block_hash
            self.seen = load(session, row, self.history.fixed, settled)
        return self.seen

    def _require_born(self, look: Look, seen: Seen) -> None:
        number, known = self._born
        if number > seen.settled and look.block(number).hash != known:
            with self.database.writing() as session:
                advance(session, self.market, seen.version, {})
                tell(session, self.market, tuple(reversed(seen.tail)), ())
                forget(session, self.market)
            raise Unborn(f"{self.market} was deployed in a block that is no longer on the chain")

    def _read(self, look: Look, seen: Seen) -> Change:
        last = look.head.number
        if not self._misfits:
            last = min(last, max(seen.settled, seen.head) + self.chunk)
        try:
            found = list(self.history.records(seen.settled + 1, last))
        except GARBLED as garbled:
            raise ChainError(f"logs that cannot be read, read them again: {garbled}") from None
        change = difference(seen.tail, found, last)
        for record in (*change.fresh[:1], *change.fresh[-1:]):
            look.require(record)
        if last == look.head.number and (change.undone or change.fresh):
            look.require_head()
        return change

    def _write(self, look: Look, seen: Seen, change: Change) -> Step:
        folding = Folding(self.history.fixed, seen.state_at(change.fork))
        settled = _settled(look, seen, change)
        later = self._folded(folding, change, settled)
        after = seen.after(change.fork, change.last, settled, change.again, later)
        after.settled_hash = look.block(settled).hash if settled >= self._born[0] else ""
        self._commit(look, (seen, after), change, folding)
        self.seen, self._misfits = after, 0
        counts = len(change.fresh), len(change.undone)
        return Step(self.market, change.last, *counts, behind=change.last < look.head.number)

    def _folded(self, folding: Folding, change: Change, settled: int) -> Later:
        try:
            return folded(folding, change.again, settled)
        except (ChainError, *GARBLED) as gap:
            self._misfits += 1
            raise Misfit(str(gap)) from None

    def _commit(
        self, look: Look, seen: tuple[Seen, Seen], change: Change, folding: Folding
    ) -> None:
        """One transaction; afterwards the tables are as `seen[1]` says."""
        before, after = seen
        head = look.block(change.last)
        cursor: Row = {
            "settled_block": after.settled,
            "settled_hash": after.settled_hash,
            "head_block": change.last,
            "head_hash": head.hash,
            "head_at": head.timestamp,
        }
        self.drop()
        with self.database.writing() as session:
            if not change.is_nothing:
                cursor |= standing.market(folding.played, folding.ledger.spot_wad)
            if change.takes_back:
                cursor["branch"] = table(tables.Market).c.branch + 1
            advance(session, self.market, before.version, cursor)
            if not change.is_nothing:
                self._change(session, before, change, folding)
            near = self._near(look)
            undone, fresh = filter(near, change.undone), filter(near, change.fresh)
            tell(session, self.market, tuple(undone), tuple(fresh))
            if after.unsaved >= SAVE_EVERY:
                save(session, self.market, after)
                after.unsaved = 0

    def _change(self, session: Session, before: Seen, change: Change, folding: Folding) -> None:
        rows: Rows = folding.close()
        if change.takes_back:
            ledger = before.state_at(change.fork).ledger
            rows.touched |= take_back(session, self.market, change.fork, ledger)
            rows.keepers |= folding.ledger.keepers.keys()
        put_down(session, self.market, rows, folding.state)

    def _near(self, look: Look) -> Callable[[Record], bool]:
        settled = look.head.number - DEPTH
        return lambda record: record.block_number > settled


def _settled(look: Look, seen: Seen, change: Change) -> int:
    """Up to where nobody needs to read again after this."""
    return max(seen.settled, min(change.last, look.head.number - DEPTH))
