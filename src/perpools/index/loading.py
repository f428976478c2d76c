"""What the tables hold of a market, as the specification's state again."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from perpools.chain.following import DEPTH
from perpools.chain.history import Played, Record
from perpools.chain.snapshot import Fixed
from perpools.errors import ChainError
from perpools.index import ledger, tables
from perpools.index.checkpoint import State, state_of
from perpools.index.events import record_of
from perpools.index.rows import Folding
from perpools.spec import positions, replay
from perpools.spec.events import Deployed
from perpools.spec.units import Address

Later = tuple[State | None, list[tuple[int, State]]]
"""The state after the records that are settled, where there are any; and after each later block."""


@dataclass
class Seen:
    """What is known of a market's rows without reading them again."""

    version: int
    settled: int
    settled_hash: str
    head: int
    base: State
    """After the settled block."""
    tail: list[Record]
    """Of the blocks after it."""
    states: list[tuple[int, State]]
    """After the latest of those blocks that have records, in order."""
    unsaved: int
    """Records since the last checkpoint, up to the settled block."""
    fixed: Fixed

    def state_at(self, block: int) -> State:
        """After a block that is not before the settled one."""
        earlier = ((number, state) for number, state in reversed(self.states) if number <= block)
        since, state = next(earlier, (self.settled, self.base))
        between = [record for record in self.tail if since < record.block_number <= block]
        return taken(Folding(self.fixed, state), between).state if between else state

    def after(
        self,
        fork: int,
        last: int,
        settled: int,
        again: Sequence[Record],
        later: "Later",
    ) -> "Seen":
        """The same after everything beyond the fork was replaced by other records, up to `last`."""
        base, states = later
        base = base or self.state_at(min(settled, fork))
        kept = [(block, state) for block, state in self.states if settled < block <= fork]
        tail = [r for r in self.tail if r.block_number <= fork] + list(again)
        deep = sum(record.block_number <= settled for record in tail)
        found = tail[deep:], kept + states, self.unsaved + deep, self.fixed
        return Seen(self.version + 1, settled, "", last, base, *found)

    @property
    def state(self) -> State:
        """After everything."""
        return self.states[-1][1] if self.states else self.base


def begun(row: tables.Market, fixed: Fixed) -> State:
    """A market just deployed."""
    told = Deployed(row.deployer, row.first_price_wad, row.seed_assets, row.first_epoch)
    market = replay.start(fixed.terms, told)
    played = Played(market, positions.opened(market))
    return State(played, ledger.opened(row.first_price_wad, row.born_at))


def nearest(session: Session, row: tables.Market, fixed: Fixed, block: int) -> tuple[int, State]:
    """The last state that was kept of a block or one before it, and of which block."""
    kept = select(tables.Checkpoint).where(
        tables.Checkpoint.market == row.address, tables.Checkpoint.block <= block
    )
    found = session.scalars(kept.order_by(tables.Checkpoint.block.desc()).limit(1)).first()
    if found is None:
        return row.block_number - 1, begun(row, fixed)
    return found.block, state_of(found.state, fixed.terms)


def records(
    session: Session, market: Address, after: tuple[int, int], last: int | None = None
) -> Iterator[Record]:
    """Records after a log of a block, to the last or to the end of a block, in order."""
    block, index = after
    of = tables.Record
    asked = select(of).where(of.market == market, of.block_number >= block)
    if last is not None:
        asked = asked.where(of.block_number <= last)
    rows = session.scalars(asked.order_by(of.block_number, of.log_index))
    return (record_of(row) for row in rows if (row.block_number, row.log_index) > (block, index))


def taken(folding: Folding, found: Iterable[Record]) -> Folding:
    """The same after more records."""
    for record in found:
        folding.take(record)
    return folding


def folded(folding: Folding, found: Iterable[Record], settled: int, since: int = 0) -> Later:
    """Take records, and keep the states of blocks after `since` that will be asked for."""
    base, states = None, []
    for is_settled, part in groupby(found, lambda record: record.block_number <= settled):
        for block, group in groupby(part, lambda record: record.block_number):
            taken(folding, group)
            if not is_settled and block > since:
                states.append((block, folding.state))
        if is_settled:
            base = folding.state
    return base, states


def load(session: Session, row: tables.Market, fixed: Fixed, settled: int | None = None) -> Seen:
    """What the tables hold; as if only the blocks up to `settled` were, where it is given."""
    block = row.settled_block if settled is None else max(settled, row.block_number - 1)
    since, state = nearest(session, row, fixed, block)
    found = list(records(session, row.address, (since + 1, -1)))
    tail = [record for record in found if record.block_number > block]
    early = found[: len(found) - len(tail)]
    folding = taken(Folding(fixed, state), early)
    base, states = folding.state, list[tuple[int, State]]()
    with suppress(ChainError):  # what does not follow is compared with the chain before it counts
        _, states = folded(folding, tail, block, row.head_block - DEPTH)
    settled_hash = row.settled_hash if block == row.settled_block else ""
    position = row.version, block, settled_hash, row.head_block
    return Seen(*position, base, tail, states, len(early), fixed)
