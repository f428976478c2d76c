"""
Follows markets from their logs into the tables: each market's blocks, a chunk or a look at a time,
are one transaction together with how far they were read.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from perpools.chain.history import History
from perpools.chain.node import Block, Node
from perpools.errors import ChainError, Refused
from perpools.index import tables
from perpools.index.birth import begin, true_history
from perpools.index.comparing import Look
from perpools.index.database import Database
from perpools.index.finding import Finder, Found
from perpools.index.metrics import Metrics
from perpools.index.progress import Progress, Sources, Step
from perpools.index.tracking import CHUNK, GARBLED, Tracker, Unborn
from perpools.index.writing import Overtaken
from perpools.spec.errors import Rejected
from perpools.spec.units import Address

__all__ = ["Follower", "Progress", "Sources", "Step"]

EVERYTHING = Sources()
WORKERS = 8
"""Markets read at the same time: most of it is waiting for the node."""
POLL_S = 1.0
PATIENCE = 3
"""So many failures in a row are tried again at once."""
LONGEST_PAUSE_S = 300.0
KEPT_NEWS = 10_000
"""News older than the last so many are removed."""
PRUNE_EVERY = 100
STILL = 30
"""Polls that found no new block, after which the logs are read again all the same."""
HEAD, LOOKED_AT = "head_block", "looked_at"
"""Facts in `Meta`: the last head seen, and when it was, by this machine's clock."""

ENDURED = ChainError, Refused, Rejected, DBAPIError, Overtaken, *GARBLED
"""What goes wrong with one market or for a while, and is tried again."""


class Follower:
    """
    Follows the markets of some sources. `look` and `run` are for one thread; several followers may
    share a database, for no block is written twice.
    """

    def __init__(
        self,
        node: Node,
        database: Database,
        sources: Sources = EVERYTHING,
        *,
        chunk: int = CHUNK,
        workers: int = WORKERS,
        poll_s: float = POLL_S,
        metrics: Metrics | None = None,
    ) -> None:
        self.node, self.database, self.sources = node, database, sources
        self.metrics = metrics or Metrics()
        self._chunk, self._poll_s = chunk, poll_s
        self._finder = Finder(node, database, sources)
        self._pool = ThreadPoolExecutor(workers, "index")
        self._trackers: dict[Address, Tracker] = {}
        self._failures: dict[Address, Failure] = {}
        self._reached: dict[Address, int] = {}
        self._looks = 0
        self._ready = False

    def look(self) -> Progress:
        """One round: find markets, and read the next blocks of each. What fails is told."""
        with self._timed():
            progress = self._look()
        self._measure(progress)
        return progress

    def catch_up(self, stopping: threading.Event | None = None) -> Progress:
        """Rounds until everything up to the head was read, or cannot be."""
        while True:
            progress = self.look()
            over = progress.caught_up or progress.problem is not None
            if over or (stopping is not None and stopping.is_set()):
                return progress

    def run(
        self,
        stopping: threading.Event,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        """Rounds until told to stop; `told` hears of each. `ConfigError` ends it."""
        while not stopping.is_set():
            progress = self.look()
            told(progress)
            if progress.caught_up or progress.problem is not None:
                self._wait(stopping, progress)

    def _wait(self, stopping: threading.Event, progress: Progress) -> None:
        """Until there may be something new: a block, or at least a moment has passed."""
        known = None if progress.problems or progress.head is None else progress.head.hash
        for _ in range(STILL):
            if stopping.wait(self._poll_s) or known is None or self._head_hash() != known:
                return

    def _head_hash(self) -> str | None:
        try:
            return self.node.block().hash
        except ChainError:
            return None

    def close(self, *, wait: bool = True) -> None:
        """Wait for the threads, or leave them behind; the database stays open."""
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _look(self) -> Progress:
        try:
            self._prepare()
            head = self.node.block()
            look = Look(self.node, head)
            searching = self._finder.find(look)
            found = self._finder.known()
            note(self.database, head, prune=self._looks % PRUNE_EVERY == 0)
        except ENDURED as failed:
            return Progress(None, problem=_line(failed))
        self._looks += 1
        steps = tuple(self._pool.map(lambda one: self._step(one, look), found))
        return Progress(head, steps, searching=searching)

    def _prepare(self) -> None:
        """Before the first round: tables of this version, and of this chain."""
        if not self._ready:
            self.database.upgrade()
            self.database.claim_chain(self.node.chain_id)
            self._ready = True

    def _step(self, found: Found, look: Look) -> Step:
        """One market's round: what goes wrong with it stops no other."""
        market = found.market
        failure = self._failures.get(market)
        if failure is not None and time.monotonic() < failure.until:
            return Step(market, self._reached.get(market, 0), problem=failure.problem)
        try:
            step = self._tracker(found, look).look(look)
        except ENDURED as failed:
            return self._failed(market, failed)
        self._failures.pop(market, None)
        self._reached[market] = step.block
        return step

    def _failed(self, market: Address, failed: Exception) -> Step:
        reached, tracker = self._reached.get(market, 0), self._trackers.get(market)
        if tracker is not None:
            tracker.drop()
        if isinstance(failed, Unborn):
            self._trackers.pop(market, None)
            self._finder.search_again()
        if isinstance(failed, Overtaken):
            return Step(market, reached, behind=True)
        failure = Failure.after(self._failures.get(market), _line(failed))
        self._failures[market] = failure
        soon = failure.count <= PATIENCE
        return Step(market, reached, problem=failure.problem, behind=soon)

    def _tracker(self, found: Found, look: Look) -> Tracker:
        """Who follows a market; its first rows are written where there are none."""
        if found.market not in self._trackers:
            if self._is_new(found.market):
                history = true_history(self.node, found)
                begin(self.database, history, look)
            history = History(self.node, found.market)
            self._trackers[found.market] = Tracker(history, self.database, self._chunk)
        return self._trackers[found.market]

    def _is_new(self, market: Address) -> bool:
        with self.database.session() as session:
            return session.get(tables.Market, market) is None

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.metrics.look_seconds.observe(time.monotonic() - began)

    def _measure(self, progress: Progress) -> None:
        metrics = self.metrics
        if progress.head is not None:
            metrics.set("indexer_head_block", progress.head.number)
            metrics.set("indexer_head_timestamp_seconds", progress.head.timestamp)
            metrics.set("indexer_markets", len(progress.steps))
        if progress.problem is not None:
            metrics.count("indexer_failures")
        for step in progress.steps:
            metrics.set("indexer_block", step.block, pool=step.market)
            metrics.count("indexer_records", step.records, pool=step.market)
            metrics.count("indexer_undone", step.undone, pool=step.market)
            metrics.count("indexer_reorg", step.undone > 0, pool=step.market)
            metrics.count("indexer_problems", step.problem is not None, pool=step.market)


@dataclass(frozen=True, slots=True)
class Failure:
    """How often in a row a market failed, until when it is left alone, and why."""

    count: int
    until: float
    problem: str

    @staticmethod
    def after(before: "Failure | None", problem: str) -> "Failure":
        """One more: tried again at once a few times, then after longer and longer pauses."""
        count = 1 if before is None else before.count + 1
        pause_s = min(LONGEST_PAUSE_S, 2.0 ** min(count - PATIENCE, 32)) * (count > PATIENCE)
        return Failure(count, time.monotonic() + pause_s, problem)


def note(database: Database, head: Block, *, prune: bool) -> None:
    """Write that the chain was looked at; and remove old news."""
    facts = {HEAD: head.number, LOOKED_AT: int(time.time())}
    with database.writing() as session:
        for name, value in facts.items():
            session.merge(tables.Meta(name=name, value=str(value)))
        if prune:
            last = session.scalar(select(func.max(tables.News.id))) or 0
            session.execute(delete(tables.News).where(tables.News.id <= last - KEPT_NEWS))


def _line(failed: Exception) -> str:
    """What went wrong, in one line."""
    told = str(failed.orig) if isinstance(failed, DBAPIError) else str(failed)
    return " ".join(told.split()) or type(failed).__name__
