"""
Which markets there are: those that factories announced, as far as the tables know. Old blocks are
searched again now and then: a node that hid an announcement once would hide a market for ever.
"""

import time
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from perpools.chain.factory import Factory, Listed
from perpools.chain.following import DEPTH
from perpools.chain.node import Node
from perpools.index import tables
from perpools.index.comparing import Look
from perpools.index.database import Database
from perpools.index.progress import Sources
from perpools.index.writing import table
from perpools.spec.units import Address

SEARCH = 500_000
"""Blocks searched for announcements in one round."""
AGAIN_S = 3_600.0
"""So often all blocks are searched again; and whenever somebody begins."""
ANYBODY = ""
"""What stands for all factories of a chain."""


class Found(NamedTuple):
    """A market to follow."""

    market: Address
    factories: tuple[Address, ...] = ()
    """Who announced it; whoever is not named is not believed. Nobody: anybody is."""
    first_block: int = 0


def missed(node: Node, database: Database, first_block: int = 0) -> list[Address]:
    """
    Search all that was ever searched for announcements again; the markets of which no table knew.
    Whoever follows the database will follow them.
    """
    with database.session() as session:
        searched = {row.factory: row.block for row in session.scalars(select(tables.Source))}
    found: dict[Address, None] = {}
    for factory, block in searched.items():
        sources = Sources((factory,) if factory else (), (), first_block)
        found |= dict.fromkeys(Finder(node, database, sources).missed(block))
    return list(found)


class Finder:
    """Finds the markets of some sources; all blocks are searched again after each `again_s`."""

    def __init__(
        self, node: Node, database: Database, sources: Sources, again_s: float = AGAIN_S
    ) -> None:
        self.node, self.database, self.sources = node, database, sources
        self.again_s = again_s
        anybody = () if sources.markets else (ANYBODY,)
        self.factories = sources.factories or anybody
        self._again: dict[Address, int] = {}
        self._due_s = float("-inf")

    def find(self, look: Look) -> bool:
        """Search the next blocks, or some of the old ones again; whether there are more."""
        if time.monotonic() >= self._due_s:
            self.search_again()
        more = [self._search(factory, look) for factory in self.factories]
        return any(more)

    def search_again(self) -> None:
        """Begin to search all blocks again."""
        self._again = dict.fromkeys(self.factories, self.sources.first_block)
        self._due_s = time.monotonic() + self.again_s

    def missed(self, last: int) -> list[Address]:
        """Search all blocks up to one again, now; markets announced there that were not known."""
        before = {found.market for found in self.known()}
        for factory in self.factories:
            for first in range(self.sources.first_block, last + 1, SEARCH):
                self._read(factory, (first, min(last, first + SEARCH - 1)))
        return [found.market for found in self.known() if found.market not in before]

    def known(self) -> list[Found]:
        """All markets that are to be followed."""
        of = tables.Announcement
        with self.database.session() as session:
            asked = select(of).where(of.factory.in_(self.sources.factories))
            if self.factories == (ANYBODY,):
                asked = select(of)
            rows = session.scalars(asked.order_by(of.block_number, of.market)).all()
        found = {
            market: Found(market, (), self.sources.first_block) for market in self.sources.markets
        }
        for row in rows:
            before = found.get(row.market, Found(row.market, (), row.block_number))
            if row.market not in self.sources.markets:
                found[row.market] = before._replace(factories=(*before.factories, row.factory))
        return list(found.values())

    def _search(self, factory: Address, look: Look) -> bool:
        with self.database.session() as session:
            source = session.get(tables.Source, factory)
            reached = self.sources.first_block - 1 if source is None else source.block
        first = max(self.sources.first_block, min(reached, look.head.number) - DEPTH + 1)
        last = min(look.head.number, max(first, reached) + SEARCH)
        self._read(factory, (first, last))
        with self.database.writing() as session:
            session.merge(tables.Source(factory=factory, block=last))
        return last < look.head.number or self._search_old(factory, first - 1)

    def _search_old(self, factory: Address, last: int) -> bool:
        """Search the next of the old blocks again, if they are to be; whether there are more."""
        first = self._again.get(factory, last + 1)
        end = min(last, first + SEARCH)
        if first <= end:
            self._read(factory, (first, end))
        self._again[factory] = end + 1
        if end >= last:
            del self._again[factory]
        return end < last

    def _read(self, factory: Address, blocks: tuple[int, int]) -> None:
        listed = Factory(self.node, factory or None).markets(*blocks)
        with self.database.writing() as session:
            self._write(session, factory, blocks, listed)

    def _write(
        self, session: Session, factory: Address, blocks: tuple[int, int], listed: list[Listed]
    ) -> None:
        """
        What was announced in these blocks. What the tables know otherwise of them goes, unless it
        was true: a market whose birth somebody proved is forgotten with its birth, by its follower.
        """
        of = table(tables.Announcement)
        theirs = of.c.factory == factory if factory else of.c.factory != factory
        between = of.c.block_number.between(*blocks)
        unproved = of.c.market.not_in(select(table(tables.Market).c.address))
        session.execute(delete(of).where(theirs, between, unproved))
        for one in listed:
            session.merge(
                tables.Announcement(
                    market=one.market,
                    factory=one.factory,
                    name=one.name,
                    block_number=one.block_number,
                )
            )
