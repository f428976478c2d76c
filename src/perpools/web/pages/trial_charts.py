"""What a trial shows: both tokens against the price, their decay, and a table of comparison."""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from perpools.sim.backtests import Result
from perpools.sim.statistics import SideStatistics
from perpools.web.pages import charts
from perpools.web.pages.charts import ACCENT, INK, LONG, SHORT, Look, Options
from perpools.web.pages.tables import Cell, Column, Line
from perpools.web.pages.trials import Trial
from perpools.web.pages.wording import percent_float

Floats = NDArray[np.float64]

MOST_POINTS = 600
"""Of a line: more than a screen shows would only make the page slower."""

FEW_TIMES = 3
"""What stays within shows more on an axis that is not logarithmic."""

COMPARED = (
    Column("Over the same prices"),
    Column("Long returned", right=True),
    Column("Short returned", right=True),
    Column("To constant leverage, a year", right=True),
    Column("Tracking error", right=True),
    Column("Worst event", right=True),
    Column("Largest transfer", right=True),
)

TOKENS = (
    "What one unit of collateral became on each side, and the price itself, all 1 at the start."
    " Dashed: a position outside that is rebalanced to the leverage at every event, without costs."
)
DECAY = (
    "Worth of each token against that position: below zero it fell behind. A pool leverages the"
    " logarithm of the price, so both sides differ from constant leverage, in opposite directions."
)


def tokens(result: Result) -> Options:
    """Both tokens, the price, and constant leverage."""
    series, moves = result.series, _moves(result)
    dashed = [6, 3]
    lines = [
        ("spot", "Price", series.spot / series.spot[0], (INK, None)),
        ("long", "L-token", series.long_price, (LONG, None)),
        ("short", "S-token", series.short_price, (SHORT, None)),
        ("long-1x", "Constant leverage, long", compounded(moves, series.leverage), (LONG, dashed)),
        (
            "short-1x",
            "Constant leverage, short",
            compounded(moves, -series.leverage),
            (SHORT, dashed),
        ),
    ]
    seen = np.concatenate([values[np.isfinite(values)] for _, _, values, _ in lines])
    return _options(result, lines, logarithmic=seen.max() > FEW_TIMES * seen.min())


def decay(result: Result) -> Options:
    """Each token's worth by that of constant leverage, less one, in percent."""
    series, moves = result.series, _moves(result)
    long = 100 * (series.long_price / compounded(moves, series.leverage) - 1)
    short = 100 * (series.short_price / compounded(moves, -series.leverage) - 1)
    lines = [
        ("long", "Long against constant leverage, %", long, (LONG, None)),
        ("short", "Short against constant leverage, %", short, (SHORT, None)),
        ("zero", "Even", np.zeros(len(long)), (ACCENT, [2, 4])),
    ]
    return _options(result, lines)


def compounded(moves: Floats, leverage: float) -> Floats:
    """Worth of a constantly leveraged position; it ends where it is lost."""
    worth = np.cumprod(np.maximum(np.concatenate(([1.0], 1 + leverage * moves)), 0.0))
    return np.where(worth > 0, worth, np.nan)


def compared(trial: Trial) -> dict[Hashable, Sequence[Cell]]:
    """A row for each market."""
    return {name: _row(name, result) for name, result in trial.all}


def summary(result: Result) -> dict[str, tuple[str, str]]:
    """The figures to look at first, each with what it means."""
    statistics = result.statistics
    long, short = statistics.long, statistics.short
    return {
        "Long returned": (_percent(long.total_return), _a_year(result, long)),
        "Short returned": (_percent(short.total_return), _a_year(result, short)),
        "Worst event": (_percent(_worst(result)), _when(result)),
        "Effective leverage": (
            f"{long.mean_effective_leverage:.2f}x, {short.mean_effective_leverage:.2f}x",
            "on gains, mean of long and short",
        ),
    }


def rows(result: Result) -> list[list[str]]:
    """The numbers of the first chart, a few of them."""
    series = result.series
    at = [result.start, *result.times.tolist()]
    shown = np.unique(np.linspace(0, len(at) - 1, 40).astype(int))
    return [
        [
            f"{datetime.fromtimestamp(at[i], UTC):%Y-%m-%d}",
            f"{series.spot[i]:,.6g}",
            f"{series.long_price[i]:,.4f}",
            f"{series.short_price[i]:,.4f}",
        ]
        for i in shown
    ]


def _a_year(result: Result, side: SideStatistics) -> str:
    return "" if result.is_short else f"{_percent(side.yearly_return)} a year"


def _row(name: str, result: Result) -> list[Cell]:
    long, short = result.statistics.long, result.statistics.short
    transfer = result.statistics.transfer

    def both(pick: str) -> Cell:
        return _sided(getattr(long, pick), getattr(short, pick))

    return [
        (Line(name),),
        (Line(_percent(long.total_return)),),
        (Line(_percent(short.total_return)),),
        _sided(-long.decay_against_constant_leverage, -short.decay_against_constant_leverage),
        both("tracking_error"),
        both("worst_event"),
        (Line(_percent(transfer.largest)), Line("of the losing side", "sub")),
    ]


def _sided(long: float, short: float) -> Cell:
    return (Line(f"long {_percent(long)}"), Line(f"short {_percent(short)}", "sub"))


def _worst(result: Result) -> float:
    sides: tuple[SideStatistics, ...] = (result.statistics.long, result.statistics.short)
    return min(side.worst_event for side in sides)


def _when(result: Result) -> str:
    """When the largest transfer was."""
    at = int(result.times[result.statistics.transfer.largest_at])
    return f"largest transfer {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def _moves(result: Result) -> Floats:
    spot = result.series.spot
    return np.asarray(np.diff(spot) / spot[:-1])


def _percent(value: float) -> str:
    return percent_float(value) if abs(value) >= 0.1 else f"{value:+.2%}"


def _options(
    result: Result, lines: Sequence[tuple[str, str, Floats, Look]], *, logarithmic: bool = False
) -> Options:
    at = np.concatenate(([result.start], result.times)) * 1_000
    shown = np.unique(np.linspace(0, len(at) - 1, MOST_POINTS).astype(int))
    drawn = []
    for key, name, values, look in lines:
        points = [[int(at[i]), float(f"{values[i]:.6g}")] for i in shown if np.isfinite(values[i])]
        drawn.append(charts.line(key, name, points, look))
    return charts.over_time(drawn, logarithmic=logarithmic)
