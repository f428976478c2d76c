"""
Whether what the tables say can be, and is what the chain says: the named invariants on every
market's state, and a comparison with the market's own views.
"""

from dataclasses import dataclass

from sqlalchemy import select

from perpools.chain import pooling, snapshot
from perpools.chain.node import Node
from perpools.errors import ChainError
from perpools.index import tables
from perpools.index.database import Database
from perpools.index.metrics import Metrics
from perpools.index.mirror import Mirror, Standing
from perpools.spec import invariants
from perpools.spec.state import Market, replace
from perpools.spec.units import Address


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a market."""

    market: Address
    block_number: int
    broken: tuple[str, ...] = ()
    """Identifiers of the invariants that do not hold."""
    differing: tuple[str, ...] = ()
    """What the tables say otherwise than the chain, by the state's fields."""
    problem: str | None = None
    """Why it could not be compared."""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong, and not only unknown."""
        return bool(self.broken or self.differing)

    @property
    def text(self) -> str:
        """In one line."""
        parts = []
        if self.broken:
            parts.append(f"broken: {', '.join(self.broken)}")
        if self.differing:
            parts.append(f"not what the chain says: {', '.join(self.differing)}")
        if self.problem:
            parts.append(f"not compared: {self.problem}")
        return f"{self.market} at block {self.block_number}: {'; '.join(parts) or 'well'}"


class Monitor:
    """Checks markets of a database; without a node, the invariants alone."""

    def __init__(
        self,
        database: Database,
        node: Node | None = None,
        mirror: Mirror | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.database, self.node, self.metrics = database, node, metrics
        self.mirror = mirror or Mirror(database, node)

    def look(self) -> tuple[Finding, ...]:
        """Check every market."""
        with self.database.session() as session:
            markets = session.scalars(select(tables.Market.address)).all()
        return tuple(self.check(market) for market in markets)

    def check(self, market: Address) -> Finding:
        """Check one market."""
        try:
            standing = self.mirror.standing(market)
        except ChainError as gap:
            return Finding(market, 0, ("REPLAY",), problem=str(gap))
        broken = tuple(invariants.broken(standing.market))
        if self.metrics is not None:
            self.metrics.set("indexer_broken_invariants", len(broken), pool=market)
        if self.node is None:
            return Finding(market, standing.block_number, broken)
        try:
            differing = compare(self.node, standing)
        except ChainError as failed:
            return Finding(market, standing.block_number, broken, problem=str(failed))
        return Finding(market, standing.block_number, broken, differing)


def compare(node: Node, standing: Standing) -> tuple[str, ...]:
    """
    The fields of a market's state that the chain's views say otherwise, at the same block;
    collateral and native coin that were given to the market are no difference. `ChainError` where
    the node keeps no state of that block.
    """
    ours = standing.market
    there = snapshot.read_again(node, standing.fixed, (), standing.block_number).market
    held, tips = max(ours.held, there.held), max(ours.tips_held, there.tips_held)
    ours = pooling.pooled(replace(ours, held=held, tips_held=tips), ())
    return tuple(name for name in COMPARED if getattr(ours, name) != getattr(there, name))


COMPARED = tuple(name for name in Market.__dataclass_fields__ if name != "terms")
