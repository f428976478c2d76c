"""
What holders and operators look at, from the record of a run.

Rates are plain numbers (0.05 is 5 %), amounts are whole units of collateral. A year has 365 days.
"""

from math import exp, log
from typing import NamedTuple

import numpy as np

from .arrays import Floats
from .trading import (
    Columns,
    HolderStatistics,
    TradingStatistics,
    hedge_ratio_error,
    holders_of,
    trading_of,
)

NEAR = 0.05
"""How close to the leverage, as part of it, still counts as the target."""


class Series(NamedTuple):
    """A run's columns that statistics are made of, each from the deployment on."""

    leverage: float
    years: float
    spot: Floats
    average: Floats
    long_balance: Floats
    short_balance: Floats
    long_price: Floats
    short_price: Floats
    fraction: Floats
    """By event, hence one fewer."""


class PriceStatistics(NamedTuple):
    """The underlying."""

    first: float
    last: float
    total_return: float
    volatility: float
    """Of a year."""
    max_drawdown: float


class SideStatistics(NamedTuple):
    """One side's token, held from the first to the last event."""

    token_price: float
    total_return: float
    yearly_return: float
    volatility: float
    max_drawdown: float
    effective_leverage: float
    """Now, on a small move in its favour; against it, the market's leverage holds."""
    mean_effective_leverage: float
    realised_leverage: float
    """Slope of its returns on the moves of the price that the market executed."""
    constant_leverage_return: float
    """What a position rebalanced to the leverage at every event, without costs, would return."""
    decay_against_constant_leverage: float
    """Part of that position's worth by which the token fell behind in a year; negative: ahead."""
    buy_and_hold_return: float
    """The leverage times the underlying's total return: a loan taken once, never rebalanced."""
    decay_against_buy_and_hold: float
    """How much more than the token that returned."""
    tracking_error: float
    """Yearly deviation of its returns from the leverage times the spot price's."""
    funding: float
    """
    What it gained beyond parity, in a year, by the other side being larger; negative: what the
    favour of the smaller side cost it.
    """
    worst_event: float
    """Its lowest return in one event."""


class SkewStatistics(NamedTuple):
    """Long balance over short balance."""

    last: float
    mean: float
    lowest: float
    highest: float
    rebalancing_rate: float
    """The last skew minus one: the implied funding rate of the litepaper."""
    mean_rebalancing_rate: float


class TransferStatistics(NamedTuple):
    """What events moved."""

    mean: float
    largest: float
    """Part of the losing side."""
    largest_at: int
    """Which event."""
    price_move: float
    """Of the executed price in that event."""
    near_leverage: float
    """
    Part of the events that moved within 5 % of the leverage times the price's move, which is what
    "about the target" says.
    """


class AgentStatistics(NamedTuple):
    """One agent's whole fortune, what it holds outside the market included."""

    name: str
    cash: float
    worth: float
    profit: float
    total_return: float
    max_drawdown: float
    fees: float
    """What its executed orders paid for minting and burning."""
    hedge_ratio_error: float | None
    """See `trading.hedge_ratio_error`; None where it has nothing outside."""


class Statistics(NamedTuple):
    """Everything about a run."""

    price: PriceStatistics
    long: SideStatistics
    short: SideStatistics
    skew: SkewStatistics
    transfer: TransferStatistics
    trading: TradingStatistics
    holders: HolderStatistics
    agents: tuple[AgentStatistics, ...]


def summarise(series: Series, column: Columns, agents: tuple[AgentStatistics, ...]) -> Statistics:
    """All statistics of a run; `column` are those of its events."""
    spot = series.spot
    return Statistics(
        PriceStatistics(
            float(spot[0]),
            float(spot[-1]),
            float(spot[-1] / spot[0] - 1),
            volatility(spot, series.years),
            max_drawdown(spot),
        ),
        _side(series, 1.0, series.long_price, (series.long_balance, series.short_balance)),
        _side(series, -1.0, series.short_price, (series.short_balance, series.long_balance)),
        _skew(series.long_balance / series.short_balance),
        _transfer(series),
        trading_of(column, series.years),
        holders_of(column),
        agents,
    )


def summarise_agent(
    name: str, cash: float, fees: float, values: Floats, outside: Floats
) -> AgentStatistics:
    """What became of an agent's cash; `values` and what it earned `outside` by grid point."""
    worth = float(values[-1])
    with_start = np.concatenate(([cash], values))
    hedged = hedge_ratio_error(values, outside)
    gained = worth - cash, worth / cash - 1, max_drawdown(with_start)
    return AgentStatistics(name, cash, worth, *gained, fees, hedged)


def returns(levels: Floats) -> Floats:
    """From each level to the next."""
    return levels[1:] / levels[:-1] - 1


def volatility(levels: Floats, years: float) -> float:
    """Standard deviation of the logarithms' steps, of a year."""
    return _yearly(np.diff(np.log(levels)), years)


def max_drawdown(levels: Floats) -> float:
    """The largest loss from a level to a later one, as part of the former."""
    return float(np.max(1 - levels / np.maximum.accumulate(levels)))


def constant_leverage(moves: Floats, leverage: float) -> float:
    """Worth of one unit that is rebalanced to a leverage before each move; 0 once it is lost."""
    factors = 1 + leverage * moves
    return 0.0 if np.any(factors <= 0) else float(exp(np.log(factors).sum()))


def _yearly(steps: Floats, years: float) -> float:
    if len(steps) < 2:
        return 0.0
    return float(np.std(steps, ddof=1) * (len(steps) / years) ** 0.5)


def _side(
    series: Series, sign: float, price: Floats, balances: tuple[Floats, Floats]
) -> SideStatistics:
    own, other = balances
    leverage, steps, moves = series.leverage, returns(price), returns(series.spot)
    total = float(price[-1] / price[0])
    constant = constant_leverage(moves, sign * leverage)
    held = sign * leverage * float(series.spot[-1] / series.spot[0] - 1)
    return SideStatistics(
        token_price=float(price[-1]),
        total_return=total - 1,
        yearly_return=exp(log(total) / series.years) - 1 if total > 0 else -1.0,
        volatility=volatility(price, series.years),
        max_drawdown=max_drawdown(price),
        effective_leverage=float(leverage * other[-1] / own[-1]),
        mean_effective_leverage=float(np.mean(leverage * other / own)),
        realised_leverage=_slope(returns(series.average), steps),
        constant_leverage_return=constant - 1,
        decay_against_constant_leverage=_decay(total, constant, series.years),
        buy_and_hold_return=max(held, -1.0),
        decay_against_buy_and_hold=max(held, -1.0) - (total - 1),
        tracking_error=_yearly(steps - sign * leverage * moves, series.years),
        funding=_funding(series, sign, other[:-1] / own[:-1]) / series.years,
        worst_event=float(np.min(steps)),
    )


def _decay(total: float, ideal: float, years: float) -> float:
    return 1 - float((total / ideal) ** (1 / years)) if ideal > 0 else 0.0


def _slope(moves: Floats, steps: Floats) -> float:
    around = moves - moves.mean()
    spread = float(around @ around)
    return float(around @ steps) / spread if spread else 0.0


def _funding(series: Series, sign: float, ratio: Floats) -> float:
    """Gains in winning events, beyond those at parity."""
    won = sign * np.diff(series.average) > 0
    return float(np.sum(series.fraction[won] * (ratio[won] - 1)))


def _skew(skew: Floats) -> SkewStatistics:
    return SkewStatistics(
        float(skew[-1]),
        float(skew.mean()),
        float(skew.min()),
        float(skew.max()),
        float(skew[-1] - 1),
        float(skew.mean() - 1),
    )


def _transfer(series: Series) -> TransferStatistics:
    moves, fraction = returns(series.average), series.fraction
    largest = int(np.argmax(fraction))
    moved = moves != 0
    relative = fraction[moved] / (series.leverage * np.abs(moves[moved]))
    near = np.abs(relative - 1) <= NEAR
    return TransferStatistics(
        float(fraction.mean()),
        float(fraction[largest]),
        largest,
        float(moves[largest]),
        float(near.mean()) if near.size else 1.0,
    )
