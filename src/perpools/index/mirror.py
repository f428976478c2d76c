"""
Markets as the tables tell them, in memory: the specification's state and everybody's positions,
caught up with what a follower has written since.
"""

from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from perpools.chain.history import Played, replayed
from perpools.chain.node import Node
from perpools.chain.snapshot import Fixed
from perpools.index import tables
from perpools.index.checkpoint import fixed_of
from perpools.index.database import Database
from perpools.index.loading import nearest, records
from perpools.spec.positions import Book, Position, position
from perpools.spec.state import Market
from perpools.spec.units import Address, Timestamp

Cursor = Row[int, int, int, int, str]
LAST_LOG = 2**62
"""Beyond the number of any log in its block."""


class Standing(NamedTuple):
    """How a market stands after a block."""

    market: Market
    book: Book
    fixed: Fixed
    block_number: int
    """Everything up to it is part of this."""
    at: Timestamp
    """Its time."""
    block_hash: str
    """Its hash; empty where nothing was read yet."""

    def position(self, owner: Address) -> Position:
        """What an account has in the market, and what it made of it."""
        return position(self.book, self.market, owner)


@dataclass
class _Image:
    """One market in memory."""

    fixed: Fixed
    played: Played
    last: tuple[int, int]
    """The last record taken: block, log."""
    version: int
    branch: int
    standing: Standing | None = None


class Mirror:
    """
    Markets of a database. Safe for threads. `node` is asked only what a market's functions do that
    are nobody's we know.
    """

    def __init__(self, database: Database, node: Node | None = None) -> None:
        self.database, self.node = database, node
        self._images: dict[Address, _Image] = {}
        self._locks: dict[Address, Lock] = {}
        self._lock = Lock()

    def standing(self, market: Address) -> Standing:
        """How a market stands; `KeyError` where the tables do not know it."""
        with self._lock_of(market), self.database.session() as session:
            found = session.execute(_cursor(market)).first()
            if found is None:
                self._images.pop(market, None)
                self._locks.pop(market, None)
                raise KeyError(market)
            image = self._images.get(market)
            if image is None or image.branch != found.branch or image.version > found.version:
                image = self._read(session, market)
            if image.standing is None or image.version != found.version:
                self._catch_up(session, market, image, found)
            self._images[market] = image
            assert image.standing is not None
            return image.standing

    def fixed(self, market: Address) -> Fixed:
        """What never changes about a market."""
        return self.standing(market).fixed

    def _lock_of(self, market: Address) -> Lock:
        with self._lock:
            return self._locks.setdefault(market, Lock())

    def _read(self, session: Session, market: Address) -> _Image:
        """From the nearest state that was kept."""
        row = session.get(tables.Market, market)
        assert row is not None
        fixed = fixed_of(row, self.node)
        block, state = nearest(session, row, fixed, row.head_block)
        return _Image(fixed, state.played, (block, LAST_LOG), row.version, row.branch)

    def _catch_up(self, session: Session, market: Address, image: _Image, found: Cursor) -> None:
        """Take the records that came since."""
        fresh = list(records(session, market, image.last))
        image.played = replayed(image.played, fresh)
        if fresh:
            image.last = fresh[-1].block_number, fresh[-1].index
        image.version = found.version
        block = found.head_block, found.head_at, found.head_hash
        image.standing = Standing(*image.played, image.fixed, *block)


def _cursor(market: Address) -> Select[int, int, int, int, str]:
    of = tables.Market
    asked = select(of.version, of.branch, of.head_block, of.head_at, of.head_hash)
    return asked.where(of.address == market)
