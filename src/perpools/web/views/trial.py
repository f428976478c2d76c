"""A market file played over prices of the past, before anybody deploys it."""

import csv
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.sim import prices
from perpools.sim.backtests import Result, backtest
from perpools.sim.prices import Prices
from perpools.sim.roster import recruit
from perpools.sim.statistics import SideStatistics
from perpools.spec.units import Timestamp
from perpools.values import Moment

AgentName = Literal[
    "random-flow",
    "skew-farmer",
    "delta-hedger",
    "momentum",
    "pair-arbitrageur",
    "front-runner",
]
MOST_BYTES = 5_000_000
MOST_POINTS = 100_000
"""Grid points that one backtest plays: a few seconds."""
SHOWN = 400
MOST_AGENTS = 4
MOST_WAITING = 4
PATIENCE_S = 30.0
UPLOADED = "prices.csv"


class Busy(Exception):
    """Others are before whoever asks; later it may work."""


class Turns:
    """One at a time, and only a few who wait."""

    def __init__(self, most_waiting: int = MOST_WAITING, patience_s: float = PATIENCE_S) -> None:
        self._places = threading.BoundedSemaphore(most_waiting + 1)
        self._turn, self._patience_s = threading.Lock(), patience_s

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and give it back; `Busy` where too many wait, or for too long."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self._patience_s):
                raise Busy
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


TURNS = Turns()
"""Of this process: what simulates takes a core."""


@dataclass(frozen=True, slots=True)
class SideTrial:
    """What became of one side's token; parts of one, floats."""

    total_return: float
    yearly_return: float
    volatility: float
    max_drawdown: float
    effective_leverage: float
    """At the end, on a small move in its favour."""
    realised_leverage: float
    """Slope of its returns on the moves that the market executed."""
    constant_leverage_return: float
    """Of a position rebalanced to the leverage at every event, without costs."""
    buy_and_hold_return: float
    """The leverage times the price's total return."""
    decay: float
    """Part of that rebalanced position's worth by which it fell behind in a year."""
    worst_event: float


@dataclass(frozen=True, slots=True)
class TrialPoint:
    """After one event; values begin at 1."""

    at: Timestamp
    price: float
    long: float
    short: float
    skew: float


@dataclass(frozen=True, slots=True)
class TrialView:
    """What came of a backtest."""

    name: str
    prices: str
    """Where the prices are from."""
    start: Moment
    end: Moment
    events: int
    price_return: float
    price_volatility: float
    """Of a year."""
    long: SideTrial
    short: SideTrial
    lowest_skew: float
    highest_skew: float
    largest_transfer: float
    """Part of the losing side."""
    keeper_share: float
    """Of the pool, in a year."""
    points: tuple[TrialPoint, ...]
    """Evenly picked, at most 400."""
    notes: tuple[str, ...]


def read_prices(*, source: str | None = None, table: str | None = None) -> Prices:
    """Prices of a named source, or of a CSV headed `timestamp,price`; `ConfigError`: not read."""
    if (source is None) == (table is None):
        raise ConfigError("prices: name a source such as ecb:EURUSD, or bring a CSV")
    if table is None:
        kind, _, pair = str(source).partition(":")
        if kind != "ecb" or len(pair) != 6 or not (pair.isascii() and pair.isalpha()):
            raise ConfigError("prices: a source is written like ecb:EURUSD")
        return prices.ecb(pair)
    content = table.encode(errors="replace")
    if len(content) > MOST_BYTES:
        raise ConfigError(f"prices: more than {MOST_BYTES:,} bytes")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / UPLOADED
        path.write_bytes(content)
        try:
            return prices.load(path)
        except ConfigError as wrong:
            raise ConfigError(str(wrong).replace(str(path), UPLOADED)) from None
        except csv.Error as wrong:
            raise ConfigError(f"{UPLOADED}: {wrong}") from None


def trial(
    file: MarketFile,
    history: Prices,
    *,
    agents: Sequence[AgentName] = (),
    seed: int = 1,
    turns: Turns = TURNS,
) -> TrialView:
    """
    Play it; takes seconds: ask in a thread. Only as many of the latest prices as can be played
    soon. `ConfigError` for what cannot be played, `Busy` while too many others ask.
    """
    if len(agents) > MOST_AGENTS:
        raise ConfigError(f"agents: {MOST_AGENTS} at most")
    played, notes = _latest(file, history)
    with turns.taken():
        result = backtest(file, played, recruit(",".join(agents)) if agents else (), seed=seed)
    return _view(file, result, (*notes, *(f"{n[0].upper()}{n[1:]}." for n in result.notes)))


def _latest(file: MarketFile, history: Prices) -> tuple[Prices, list[str]]:
    """The part of the prices that fits the limit."""
    most_s = MOST_POINTS * file.interval
    first = history.times[-1] - most_s
    if history.times[0] >= first:
        return history, []
    begin = next(place for place, at in enumerate(history.times) if at >= first)
    kept = Prices(history.name, history.times[begin:], history.wads[begin:])
    if len(kept.times) < 2:
        raise ConfigError("interval: too short for these prices: bring closer ones")
    return kept, [f"Only the last {MOST_POINTS:,} grid points of the prices were played."]


def _view(file: MarketFile, result: Result, notes: tuple[str, ...]) -> TrialView:
    told = result.statistics
    return TrialView(
        name=file.name,
        prices=result.scene.grid.prices.name,
        start=Moment(int(result.start)),
        end=Moment(int(result.times[-1])),
        events=result.events,
        price_return=told.price.total_return,
        price_volatility=told.price.volatility,
        long=_side(told.long),
        short=_side(told.short),
        lowest_skew=told.skew.lowest,
        highest_skew=told.skew.highest,
        largest_transfer=told.transfer.largest,
        keeper_share=result.costs.keeper_share_of_pool,
        points=tuple(_points(result)),
        notes=notes,
    )


def _side(told: SideStatistics) -> SideTrial:
    return SideTrial(
        total_return=told.total_return,
        yearly_return=told.yearly_return,
        volatility=told.volatility,
        max_drawdown=told.max_drawdown,
        effective_leverage=told.effective_leverage,
        realised_leverage=told.realised_leverage,
        constant_leverage_return=told.constant_leverage_return,
        buy_and_hold_return=told.buy_and_hold_return,
        decay=told.decay_against_constant_leverage,
        worst_event=told.worst_event,
    )


def _points(result: Result) -> Iterator[TrialPoint]:
    column = result.columns
    long, short = (result.token_price(side) for side in ("long", "short"))
    for place in np.unique(np.linspace(0, result.events - 1, SHOWN).astype(int)):
        skew = column["long_balance"][place] / column["short_balance"][place]
        yield TrialPoint(
            at=int(result.times[place]),
            price=float(column["spot"][place]),
            long=float(long[place]),
            short=float(short[place]),
            skew=float(skew),
        )
