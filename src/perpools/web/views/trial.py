"""A market file played over prices of the past, before anybody deploys it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.sim.backtests import Result
from perpools.sim.prices import Prices
from perpools.sim.statistics import SideStatistics
from perpools.spec.units import Timestamp
from perpools.values import Moment
from perpools.web.playing import TURNS, Turns, play

AgentName = Literal[
    "random-flow",
    "skew-farmer",
    "delta-hedger",
    "momentum",
    "pair-arbitrageur",
    "front-runner",
]
SHOWN = 400
MOST_AGENTS = 4


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
    results, notes = play((file,), history, agents=agents, seed=seed, turns=turns)
    return _view(file, results[0], notes)


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
