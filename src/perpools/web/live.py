"""
What is true now: the chain's time, prices, and whether node and index are well.

Nothing that only reads waits for a node: it is looked at now and then, by `watch` in a thread of
its own or, where none runs, by whoever asks after a second. While it is gone everything is told
from the database, and said to be stale.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from perpools.chain import feeds
from perpools.chain.deployment import Deployment
from perpools.chain.node import Node
from perpools.errors import ChainError, ConfigError
from perpools.index import tables
from perpools.index.mirror import Standing
from perpools.index.monitor import Finding
from perpools.index.paging import Slice
from perpools.index.reading import Reader
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Timestamp
from perpools.web.kept import Kept
from perpools.web.sight import Sight

LOOK_EVERY_S, RETRY_S = 1.0, 5.0
ASK_FEEDS_EVERY_S = 5.0
"""A feed changes with its blocks, and falls silent between them."""
BEHIND_S = 60
"""A database whose last block is so much older than the node's is behind."""
PAGE = Slice(500)


class Standings(Protocol):
    """Where the states of markets come from: `perpools.index.mirror.Mirror`."""

    def standing(self, market: Address) -> Standing:
        """A market as the tables have it; `KeyError` where they have none."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How well what is shown agrees with the chain."""

    block: int
    """The last block that the database knows of every market."""
    block_at: Timestamp
    node_block: int | None
    """The last block of the node; None while it cannot be asked."""
    now: Timestamp
    lag: int
    """Blocks by which the database is behind the node, as far as is known."""
    node: bool
    """Whether the node answers."""
    behind: bool
    """Whether the database is far behind the node."""

    @property
    def stale(self) -> bool:
        """Whether what is shown may be old."""
        return self.behind or not self.node


@dataclass(frozen=True, slots=True)
class Look:
    """What the last look found."""

    serial: int = 0
    node_block: int | None = None
    block_hash: str = ""
    node_at: Timestamp = 0
    present: Timestamp = 0
    """When a transaction sent at the moment of the look would be mined."""
    looked_s: float = float("-inf")
    """By the clock of this process; the same for what follows."""
    answered_s: float = 0.0
    asked_feeds_s: float = float("-inf")
    prices: Mapping[Address, Observation | None] = field(default_factory=dict)
    """By feed, of those that could be asked."""
    markets: Mapping[Address, tables.Market] = field(default_factory=dict)
    problem: str = ""
    """Why the node was not asked."""

    @property
    def node(self) -> bool:
        """Whether the node answered."""
        return self.node_block is not None

    @property
    def version(self) -> str:
        """Changes with whatever the database tells of."""
        return "-".join(f"{m.version}.{m.branch}" for m in self.markets.values())


Findings = Callable[[Address], Finding | None]
"""What a monitor found of a market last; None where none looked."""


class Live:
    """What every view and every request asks. Safe for threads."""

    def __init__(
        self,
        reader: Reader,
        standings: Standings,
        node: Node | None = None,
        *,
        deployment: Deployment | None = None,
        findings: Findings = lambda _: None,
        problems: Callable[[], Sequence[str]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.deployment, self.findings, self._indexing = deployment, findings, problems
        self.reader, self.standings, self._node, self.clock = reader, standings, node, clock
        self._look = Look()
        self._looking, self._watched = threading.Lock(), False
        self.kept, self.lasting, self.pages = Kept(1_024), Kept(64), Kept(64)

    @property
    def node(self) -> Node:
        """For what only a node can tell; `ChainError` where there is none."""
        if self._node is None:
            raise ChainError("no node: this server tells what its database knows")
        return self._node

    def watch(self, stopping: threading.Event) -> None:
        """Look every second until told to stop; for a thread of its own."""
        self._watched = True
        try:
            while not stopping.is_set():
                self.look()
                stopping.wait(LOOK_EVERY_S)
        finally:
            self._watched = False

    def look(self, *, alone: bool = False) -> Look:
        """Look at node and database now; `alone`: at the database, and the node is left alone."""
        with self._looking:
            markets = {row.address: row for row in self._markets()}
            self._look = self._unasked(markets) if alone else self._asked(markets)
            return self._look

    @property
    def last(self) -> Look:
        """What is known without asking anybody, or at least not within the last second."""
        if self._look.serial == 0:
            return self.look()
        due_s = self._look.looked_s + (LOOK_EVERY_S if self._look.node else RETRY_S)
        if not self._watched and self.clock() >= due_s and not self._looking.locked():
            return self.look()
        return self._look

    @property
    def now(self) -> Timestamp:
        """The chain's present, carried on by the clock since the node was last asked."""
        return self._present(self.last)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the node, or whoever follows it, does not go on; a line each."""
        return tuple(dict.fromkeys([*filter(None, [self.last.problem]), *self._indexing()]))

    @property
    def condition(self) -> Condition:
        """How well what is shown agrees with the chain."""
        look = self.last
        rows = look.markets.values()
        block = min((row.head_block for row in rows), default=look.node_block or 0)
        block_at = min((row.head_at for row in rows), default=look.node_at)
        lag = max(0, look.node_block - block) if look.node_block is not None else 0
        behind = lag > 0 and block_at + BEHIND_S < look.node_at
        now = self._present(look)
        return Condition(block, block_at, look.node_block, now, lag, look.node, behind)

    @property
    def markets(self) -> tuple[tables.Market, ...]:
        """All markets that the database knows, the newest first."""
        return tuple(self.last.markets.values())

    def find(self, key: str) -> Address:
        """
        The market of an address, symbol or name; `KeyError` where there is none, `ConfigError`
        where several have the name.
        """
        found = self.reader.market(key)
        if found is None:
            raise KeyError(key)
        address: Address = found.address
        if address not in self.last.markets:
            self.look()
        return address

    def listed(self, address: Address) -> tables.Market:
        """A market's row; `KeyError` where the database does not know it."""
        return self.last.markets[address]

    def sight(self, address: Address) -> Sight:
        """One market now; `KeyError` where the database does not know it."""
        listed, look = self.listed(address), self.last
        feed = listed.feed
        return Sight(
            listed,
            self.standings.standing(address),
            self._present(look),
            look.prices.get(feed),
            feed in look.prices,
            self.findings(address),
        )

    def wrong(self, address: Address) -> tuple[str, ...]:
        """What of a market's numbers cannot be, or is not as the chain says."""
        finding = self.findings(address)
        return () if finding is None else finding.wrong

    def _present(self, look: Look) -> Timestamp:
        return look.present + int(max(0.0, self.clock() - look.answered_s))

    def _markets(self) -> list[tables.Market]:
        rows: list[tables.Market] = []
        page = self.reader.markets(PAGE)
        rows.extend(page.items)
        while page.next is not None:
            page = self.reader.markets(Slice(PAGE.limit, page.next))
            rows.extend(page.items)
        return rows

    def _asked(self, markets: Mapping[Address, tables.Market]) -> Look:
        """The next look, as far as the node answers."""
        now_s, serial = self.clock(), self._look.serial + 1
        try:
            head, pending = self.node.block(), self.node.block("pending")
            present = max(head.timestamp, pending.timestamp)
            prices, asked_s = self._prices(markets, head.hash, now_s)
        except ChainError as failed:
            return self._unasked(markets, str(failed))
        asked = present, now_s, now_s, asked_s, prices, markets
        return Look(serial, head.number, head.hash, head.timestamp, *asked)

    def _unasked(self, markets: Mapping[Address, tables.Market], problem: str = "") -> Look:
        """The next look where no node answers: only the time goes on, and what the index tells."""
        before, now_s = self._look, self.clock()
        told = max((row.head_at for row in markets.values()), default=0)
        known = before.present != 0 and told <= self._present(before)
        kept = (before.present, now_s, before.answered_s) if known else (told, now_s, now_s)
        serial, at = before.serial + 1, before.node_at
        return Look(serial, None, "", at, *kept, markets=markets, problem=problem)

    def _prices(
        self, markets: Mapping[Address, tables.Market], head: str, now_s: float
    ) -> tuple[Mapping[Address, Observation | None], float]:
        before, wanted = self._look, {row.feed for row in markets.values()}
        fresh = now_s - before.asked_feeds_s < ASK_FEEDS_EVERY_S and head == before.block_hash
        if fresh and wanted <= before.prices.keys():
            return before.prices, before.asked_feeds_s
        return {feed: self._price(feed) for feed in wanted}, now_s

    def _price(self, feed: Address) -> Observation | None:
        try:
            return feeds.latest(self.node, feed)
        except ConfigError:
            return None
