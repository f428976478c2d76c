"""
Whether what the tables say can be, and is what the chain says: the named invariants on every
market's state, and a comparison with the market's own views, of the whole and account by account.
What is found wrong is read again from the market's birth by whoever follows it.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from perpools.chain import pooling, snapshot
from perpools.chain.node import Node
from perpools.errors import ChainError, Refused
from perpools.index import owning, tables
from perpools.index.database import Database
from perpools.index.metrics import Metrics
from perpools.index.mirror import Mirror, Standing
from perpools.index.progress import Progress
from perpools.index.tracking import GARBLED
from perpools.index.writing import advance
from perpools.spec import invariants
from perpools.spec.state import Market, replace
from perpools.spec.units import Address

EVERY_S = 60.0
"""How often `run` looks; right after records were taken back, too."""
IN_TURN = 20
"""Accounts of each market that a look of `run` compares: in time everybody's turn comes."""
LONGEST_PAUSE_S = 86_400.0
"""At most so long after a market was read again in vain it is read again once more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a market."""

    market: Address
    block_number: int
    broken: tuple[str, ...] = ()
    """Identifiers of the invariants that do not hold."""
    differing: tuple[str, ...] = ()
    """What the tables say otherwise than the chain, by the state's fields."""
    accounts: tuple[str, ...] = ()
    """Accounts of which the tables say something else than the chain, and what."""
    problem: str | None = None
    """Why it could not be compared."""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong, and not only unknown."""
        return bool(self.broken or self.differing or self.accounts)

    @property
    def wrong(self) -> tuple[str, ...]:
        """All that is wrong."""
        return (*self.broken, *self.differing, *self.accounts)

    @property
    def text(self) -> str:
        """In one line."""
        parts = []
        if self.broken:
            parts.append(f"broken: {', '.join(self.broken)}")
        if self.differing or self.accounts:
            parts.append(f"not what the chain says: {shortened(self.differing + self.accounts)}")
        if self.problem:
            parts.append(f"not compared: {self.problem}")
        return f"{self.market} at block {self.block_number}: {'; '.join(parts) or 'well'}"


def shortened(named: tuple[str, ...], most: int = 5) -> str:
    """Some of many things, in one line."""
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more


class Monitor:
    """
    Checks markets of a database; without a node, the invariants alone. `heals`: what is wrong is
    read again from the chain.
    """

    def __init__(
        self,
        database: Database,
        node: Node | None = None,
        mirror: Mirror | None = None,
        metrics: Metrics | None = None,
        *,
        heals: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database, self.node, self.metrics, self.heals = database, node, metrics, heals
        self.clock = clock
        self.mirror = mirror or Mirror(database, node)
        self.findings: Mapping[Address, Finding] = {}
        self._turns: dict[Address, Address] = {}
        self._doubts: dict[Address, tuple[float, float]] = {}
        self._now = threading.Event()

    def run(self, stopping: threading.Event) -> None:
        """Look now and then until told to stop; what cannot be looked at is left for later."""
        while not stopping.is_set():
            with suppress(DBAPIError):
                self.look(IN_TURN)
            self._wait(stopping)

    @contextmanager
    def beside(self, stopping: threading.Event) -> Iterator[None]:
        """`run` in a thread of its own, as long as the context lasts, which then must be over."""
        thread = threading.Thread(target=self.run, args=(stopping,), name="monitor")
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()

    def heard(self, progress: Progress) -> None:
        """
        What a follower did: `run` looks at once where records were taken back, or a market was read
        to its end for the first time.
        """
        read = {step.market for step in progress.steps if step.problem is None}
        is_new = progress.caught_up and not read <= self.findings.keys()
        if is_new or any(step.undone for step in progress.steps):
            self._now.set()

    def look(self, accounts: int | None = 0) -> tuple[Finding, ...]:
        """Check every market, and so many accounts of each; None: all."""
        with self.database.session() as session:
            markets = session.scalars(select(tables.Market.address)).all()
        found = {}
        for market in markets:
            try:
                found[market] = self.check(market, accounts)
            except KeyError:
                continue  # its birth was undone meanwhile
        self.findings = found
        return tuple(found.values())

    def finding(self, market: Address) -> Finding | None:
        """What the last look found; None where nobody looked yet."""
        return self.findings.get(market)

    def check(self, market: Address, accounts: int | None = 0) -> Finding:
        """Check one market, and so many of its accounts, in turn; None: all."""
        finding = self._finding(market, accounts)
        if self.metrics is not None:
            self.metrics.set("invariants_broken", len(finding.wrong), market=market)
        if not finding.is_wrong and finding.problem is None:
            self._doubts.pop(market, None)
        elif finding.is_wrong and self.heals:
            self._doubt(market)
        return finding

    def _finding(self, market: Address, accounts: int | None) -> Finding:
        try:
            standing = self.mirror.standing(market)
        except ChainError as gap:
            return Finding(market, 0, ("REPLAY",), problem=str(gap))
        broken = tuple(invariants.broken(standing.market))
        found = market, standing.block_number, broken
        if self.node is None:
            return Finding(*found)
        try:
            differing = compare(self.node, standing)
            owners = self._some(standing, accounts)
            wrong = tuple(owning.differing(self.node, standing, owners))
            require_block(self.node, standing)
        except (ChainError, Refused, *GARBLED) as failed:
            return Finding(*found, problem=str(failed))
        return Finding(*found, differing, wrong)

    def _some(self, standing: Standing, count: int | None) -> list[Address]:
        """Whose turn it is."""
        owners, market = owning.owners(standing), standing.fixed.address
        if count is not None:
            owners = owning.turn(owners, self._turns.get(market, ""), count)
            self._turns[market] = owners[-1] if owners else ""
        return owners

    def _doubt(self, market: Address) -> None:
        """Let it be read again; less and less often while that does not help."""
        due_s, pause_s = self._doubts.get(market, (float("-inf"), EVERY_S))
        if self.clock() >= due_s:
            read_again(self.database, market)
            self._doubts[market] = self.clock() + pause_s, min(2 * pause_s, LONGEST_PAUSE_S)

    def _wait(self, stopping: threading.Event) -> None:
        until_s = self.clock() + EVERY_S
        while self.clock() < until_s and not stopping.wait(0.25):
            if self._now.is_set():
                self._now.clear()
                return


def read_again(database: Database, market: Address) -> None:
    """
    Let whoever follows a market compare everything the tables have of it with the chain once more,
    from its birth; `KeyError` where there is no such market.
    """
    with database.writing() as session:
        row = session.get(tables.Market, market, with_for_update=True)
        if row is None:
            raise KeyError(market)
        unread = {"settled_block": row.block_number - 1, "settled_hash": ""}
        advance(session, market, row.version, unread)


def require_block(node: Node, standing: Standing) -> None:
    """`ChainError` unless the block that the tables are at is on the chain."""
    if standing.block_hash and node.block(standing.block_number).hash != standing.block_hash:
        raise ChainError(f"block {standing.block_number} was replaced: compared once that is read")


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
