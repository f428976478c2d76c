"""Which markets there are: those that factories announced, as far as the tables know."""

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
ANYBODY = ""
"""What stands for all factories of a chain."""


class Found(NamedTuple):
    """A market to follow."""

    market: Address
    factories: tuple[Address, ...] = ()
    """Who announced it; whoever is not named is not believed. Nobody: anybody is."""
    first_block: int = 0


class Finder:
    """Finds the markets of some sources."""

    def __init__(self, node: Node, database: Database, sources: Sources) -> None:
        self.node, self.database, self.sources = node, database, sources
        anybody = () if sources.markets else (ANYBODY,)
        self.factories = sources.factories or anybody

    def find(self, look: Look) -> bool:
        """Search the next blocks; whether there are more."""
        more = [self._search(factory, look) for factory in self.factories]
        return any(more)

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
        listed = Factory(self.node, factory or None).markets(first, last)
        with self.database.writing() as session:
            self._write(session, factory, (first, last), listed)
        return last < look.head.number

    def _write(
        self, session: Session, factory: Address, blocks: tuple[int, int], listed: list[Listed]
    ) -> None:
        """What was announced in these blocks, and nothing else, was announced in them."""
        of = table(tables.Announcement)
        theirs = of.c.factory == factory if factory else of.c.factory != factory
        between = of.c.block_number.between(*blocks)
        session.execute(delete(of).where(theirs, between))
        for one in listed:
            session.merge(
                tables.Announcement(
                    market=one.market,
                    factory=one.factory,
                    name=one.name,
                    block_number=one.block_number,
                )
            )
        session.merge(tables.Source(factory=factory, block=blocks[1]))
