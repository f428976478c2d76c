"""What `perpools index` does, beside its options."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import typer

from perpools.bots import endpoints
from perpools.bots.endpoints import Condition
from perpools.cli import output
from perpools.cli.session import Session
from perpools.errors import ConfigError, Refused
from perpools.index.auditing import audit
from perpools.index.database import Database
from perpools.index.export import export
from perpools.index.finding import missed
from perpools.index.follower import Follower, Progress, Sources
from perpools.index.monitor import Finding, Monitor, shortened
from perpools.index.options import IndexSettings
from perpools.index.reading import Reader
from perpools.index.totals import MarketReach
from perpools.values import Moment, Name, short

STUCK_S = 60.0
"""A loop that has not gone round for so long is not alive."""

WRONG = ("broken", "differing", "accounts", "problem")

Facts = dict[str, Any]


def follow(session: Session, settings: IndexSettings, *, once: bool) -> None:
    """Index to the head and stop, or go on until a signal."""
    stopping = threading.Event()
    with (
        closing(Database(settings.database)) as database,
        closing(_follower(session, settings, database)) as follower,
        _signalled(stopping),
    ):
        if once:
            with session.waiting("reading logs"):
                progress = follower.catch_up(stopping)
            _report(session, progress)
            return
        monitor = Monitor(database, session.node, metrics=follower.metrics, heals=True)
        pulse = Pulse(_line_by_line(session), monitor)
        with (
            endpoints.beside(settings.metrics_addr, follower.metrics, pulse.condition),
            monitor.beside(stopping),
        ):
            follower.run(stopping, pulse.heard)


def _follower(session: Session, settings: IndexSettings, database: Database) -> Follower:
    return Follower(session.node, database, sources(session), poll_s=settings.poll_s)


def sources(session: Session) -> Sources:
    """The markets that the settings name, else the factory's, else those of every factory."""
    where, named = session.whereabouts, session.settings.market
    markets = tuple(where.market(one) for one in named)
    factories = () if named or where.factory is None else (where.factory,)
    return Sources(factories, markets, where.first_block)


@contextmanager
def _signalled(stopping: threading.Event) -> Iterator[None]:
    """Until then, whoever asks the process to end is heard."""
    numbers = signal.SIGTERM, signal.SIGINT
    before = [signal.signal(number, lambda *_: stopping.set()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _report(session: Session, progress: Progress) -> None:
    """What one run came to; `Refused` where something could not be read."""
    if progress.head is not None:
        facts = {"head": Name(progress.head.number), "markets": len(progress.steps)}
        rows = [{"market": step.market, "block": Name(step.block)} for step in progress.steps]
        if session.as_json:
            output.print_json({**facts, "blocks": rows, "problems": progress.problems})
        else:
            output.print_facts(facts, "indexed")
    if progress.problems:
        raise Refused("; ".join(progress.problems))


def _line_by_line(session: Session) -> Callable[[Facts], None]:
    """A line for each round in which something changed."""

    def tell(facts: Facts) -> None:
        if session.as_json:
            output.print_json(facts)
            return
        told = f"block {facts['head']}: {facts['records']} new records"
        undone = f", {facts['undone']} taken back" if facts["undone"] else ""
        typer.echo("; ".join([told + undone, *facts["problems"]]))

    return tell


@dataclass
class Pulse:
    """What a follower said last, and when."""

    tell: Callable[[Facts], None]
    monitor: Monitor
    last: Progress | None = None
    at: float = field(default_factory=time.monotonic)
    problems: tuple[str, ...] = ()

    def heard(self, progress: Progress) -> None:
        """One more round: what is new is told."""
        self.last, self.at = progress, time.monotonic()
        self.monitor.heard(progress)
        undone = sum(step.undone for step in progress.steps)
        problems = (*progress.problems, *self.wrong)
        if progress.records or undone or problems != self.problems:
            head = progress.head.number if progress.head else None
            facts = {"head": head, "records": progress.records, "undone": undone}
            self.tell({**facts, "problems": list(problems)})
        self.problems = problems

    @property
    def wrong(self) -> tuple[str, ...]:
        """What the monitor found wrong, a line for each market."""
        return tuple(one.text for one in self.monitor.findings.values() if one.is_wrong)

    def condition(self) -> Condition:
        """How the follower is: ready once everything up to the head was read."""
        alive = time.monotonic() - self.at < STUCK_S
        last = self.last
        ready = alive and last is not None and last.caught_up and not last.problems
        status = {"role": "index", **_status(last), "wrong": list(self.wrong)}
        return Condition(alive, ready, status)


def _status(progress: Progress | None) -> Facts:
    if progress is None:
        return {"head": None, "markets": [], "problems": []}
    return {
        "head": progress.head.number if progress.head else None,
        "markets": [asdict(step) for step in progress.steps],
        "problems": list(progress.problems),
    }


def status(session: Session, settings: IndexSettings) -> None:
    """Print how far every market was read."""
    with _opened(settings) as database:
        reach = Reader(database).reach()
    facts = {
        "chain": None if reach.chain_id is None else Name(reach.chain_id),
        "head": None if reach.head is None else Name(reach.head),
        "looked_at": None if reach.looked_at is None else Moment(reach.looked_at),
        "lag": reach.lag,
    }
    rows = list(map(_reached, reach.markets))
    if session.as_json:
        output.print_json({**facts, "markets": rows})
        return
    output.print_facts(facts, "index")
    shown = [{**row, "market": short(row["market"])} for row in rows]
    output.print_rows(shown, "Markets", ("name", "market", "block", "last_epoch"), 2)


def _reached(market: MarketReach) -> Facts:
    return {
        "name": market.name,
        "market": market.market,
        "born_block": Name(market.born_block),
        "block": Name(market.block),
        "at": Moment(market.at),
        "last_epoch": Name(market.last_epoch),
        "wound_down": market.wound_down,
    }


def save(session: Session, settings: IndexSettings, table: str | None, path: Path | None) -> None:
    """Write a table to a file."""
    if table is None or path is None:
        raise ConfigError("export: give --table NAME and --to FILE, such as orders and orders.csv")
    with _opened(settings) as database:
        named = _named(database, settings)
        if len(named) > 1:
            raise ConfigError("market: a file has all markets, or one of them")
        count = export(database, table, path, *named)
    facts = {"table": table, "file": str(path), "rows": count}
    output.print_json(facts) if session.as_json else output.print_facts(facts, "exported")


def check(session: Session, settings: IndexSettings) -> None:
    """Print whether every market is as its records, the rules and the chain say; else `Refused`."""
    node = session.node if session.has_node else None
    with _opened(settings) as database, session.waiting("checking"):
        monitor, reader = Monitor(database, node, heals=True), Reader(database)
        every = [one.market for one in reader.reach().markets]
        rows = [
            _checked(
                monitor.check(market, None), audit(database, market), compared=node is not None
            )
            for market in _named(database, settings) or every
        ]
        if node is not None:
            first_block = session.whereabouts.first_block
            rows += [_unheard(market) for market in missed(node, database, first_block)]
    if session.as_json:
        output.print_json({"markets": rows})
    else:
        output.print_rows(map(_verdict, rows), "Checked", ("market", "block", "verdict"), 1)
    wrong = [row["market"] for row in rows if any(row[what] for what in WRONG)]
    if wrong:
        raise Refused(f"not as it should be: {', '.join(wrong)}")


def _checked(found: Finding, differing: tuple[str, ...], *, compared: bool) -> Facts:
    return {
        "market": found.market,
        "block": Name(found.block_number),
        "broken": list(found.broken),
        "differing": [*found.differing, *differing],
        "accounts": list(found.accounts),
        "problem": found.problem,
        "compared": compared and found.problem is None,
    }


def _unheard(market: str) -> Facts:
    """What is said of a market that was announced, and not followed: the next look will."""
    problem = "announced, and not indexed until now: `index follow` will"
    nothing: Facts = {"block": None, "broken": [], "differing": [], "accounts": []}
    return {"market": market, **nothing, "problem": problem, "compared": False}


def _verdict(row: Facts) -> Facts:
    accounts = [shortened(tuple(row["accounts"]))] if row["accounts"] else []
    parts = [*row["broken"], *row["differing"], *accounts, *filter(None, [row["problem"]])]
    well = "as the chain says" if row["compared"] else "well; no node to compare with"
    return {**row, "market": short(row["market"]), "verdict": ", ".join(parts) or well}


def _named(database: Database, settings: IndexSettings) -> list[str]:
    """The markets that the settings name, as the database knows them."""
    reader = Reader(database)
    found = [(named, reader.market(named)) for named in settings.market]
    unknown = [named for named, market in found if market is None]
    if unknown:
        raise ConfigError(f"market: the database has no {unknown[0]}")
    return [market.address for _, market in found if market is not None]


@contextmanager
def _opened(settings: IndexSettings) -> Iterator[Database]:
    """A database that somebody has indexed into."""
    with closing(Database(settings.database)) as database:
        database.check()
        yield database
