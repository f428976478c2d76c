"""Charts of a backtest, as SVG that a page can carry inside itself."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from .arrays import Floats
from .backtests import Result
from .statistics import returns

MOST_POINTS = 1_500
"""Of a line: more than a screen shows would only make the file larger."""

LONG, SHORT, GREY = "#0b7a75", "#b5446e", "#8a8f98"
AGENTS = ("#3d5a98", "#c47f17", "#0b7a75", "#b5446e", "#6b4fa0", "#5f7f2f", "#30343b")


class Chart(NamedTuple):
    """A picture and what it shows."""

    title: str
    caption: str
    svg: str


class Line(NamedTuple):
    """One line of a chart."""

    label: str
    values: Floats
    colour: str
    dashed: bool = False


def charts(result: Result) -> list[Chart]:
    """All of them, in the order of a report."""
    drawn = [_prices(result), _balances(result), _leverage(result), _transfers(result)]
    if result.scene.agents:
        drawn.append(_agents(result))
    return drawn


def _prices(result: Result) -> Chart:
    series, moves = result.series, returns(result.series.spot)
    lines = [
        Line("L-token", series.long_price, LONG),
        Line("S-token", series.short_price, SHORT),
        Line("constant leverage, long", _compounded(moves, series.leverage), LONG, dashed=True),
        Line("constant leverage, short", _compounded(moves, -series.leverage), SHORT, dashed=True),
        Line("underlying", series.spot / series.spot[0], GREY),
    ]
    caption = (
        "What one unit of collateral became on each side; dashed, a position outside that is"
        " rebalanced to the leverage at every event, without costs. Logarithmic."
    )
    return Chart("Token prices", caption, _draw(_moments(result), lines, _logarithmic))


def _compounded(moves: Floats, leverage: float) -> Floats:
    """Worth of a constantly leveraged position; it ends where it is lost."""
    factors = np.concatenate(([1.0], 1 + leverage * moves))
    worth = np.cumprod(np.maximum(factors, 0.0))
    return np.where(worth > 0, worth, np.nan)


def _balances(result: Result) -> Chart:
    lines = [
        Line("long balance", result.series.long_balance, LONG),
        Line("short balance", result.series.short_balance, SHORT),
    ]
    svg = _draw(_moments(result), lines, _money)
    return Chart("Balances", "Collateral of both sides.", svg)


def _leverage(result: Result) -> Chart:
    series = result.series
    skew = series.long_balance / series.short_balance
    lines = [
        Line("long", series.leverage / skew, LONG),
        Line("short", series.leverage * skew, SHORT),
        Line("market's", np.full(len(skew), series.leverage), GREY, dashed=True),
    ]
    caption = (
        "By how much each side gains on a small move in its favour: the market's leverage times"
        " the other balance over its own. Against it, the market's leverage holds. Logarithmic."
    )
    svg = _draw(_moments(result), lines, _logarithmic)
    return Chart("Effective leverage on gains", caption, svg)


def _transfers(result: Result) -> Chart:
    series = result.series
    moves, fraction = np.diff(series.average) / series.average[:-1], series.fraction
    shown = np.linspace(0, len(moves) - 1, min(len(moves), MOST_POINTS)).astype(int)
    # the largest events are what the picture is about: none of them is left out
    shown = np.union1d(shown, np.argsort(fraction)[-200:])

    def draw(axes: Any) -> None:
        signed = np.sign(moves[shown]) * fraction[shown]
        axes.scatter(100 * moves[shown], 100 * signed, s=6, color=LONG, linewidths=0)
        ends = 100 * np.array([moves.min(), moves.max()])
        axes.plot(ends, series.leverage * ends, color=GREY, linestyle="--", linewidth=1)
        axes.set_xlabel("move of the executed price (%)")
        axes.set_ylabel("part of the losing side moved (%)")

    caption = "Every event: what moved against what linear leverage would move (dashed)."
    return Chart("Value transfers", caption, _svg(draw))


def _agents(result: Result) -> Chart:
    start, interval_s = result.start, result.scene.grid.interval_s
    count = result.scene.grid.size
    moments = [datetime.fromtimestamp(start + step * interval_s, UTC) for step in range(count)]
    lines = [
        Line(agent.name, np.array(values), AGENTS[position % len(AGENTS)])
        for position, (agent, values) in enumerate(
            zip(result.scene.agents, result.outcome.values, strict=True)
        )
    ]
    caption = "Everything each agent has, what it holds outside the market included."
    return Chart("Agents", caption, _draw(moments, lines, _money))


def _logarithmic(axes: Any) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _money(axes: Any) -> None:
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _moments(result: Result) -> list[datetime]:
    return [datetime.fromtimestamp(at, UTC) for at in [result.start, *result.times.tolist()]]


def _draw(
    moments: Sequence[datetime],
    lines: Sequence[Line],
    finish: Callable[[Any], object],
) -> str:
    """Lines over time."""
    shown = np.unique(np.linspace(0, len(moments) - 1, MOST_POINTS).astype(int))
    at = [moments[index] for index in shown]

    def draw(axes: Any) -> None:
        for line in lines:
            style = "--" if line.dashed else "-"
            width = 0.9 if line.dashed else 1.3
            axes.plot(
                at, line.values[shown], style, color=line.colour, linewidth=width, label=line.label
            )
        axes.legend(frameon=False, fontsize=8, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
        finish(axes)

    return _svg(draw)


def _svg(draw: Callable[[Any], object]) -> str:
    """What `draw` puts on a pair of axes; the same picture is the same text."""
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(visible=True, color="#e3e5e8", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8, colors="#30343b")
    draw(axes)
    text = StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "perpools", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    # a page holds the drawing itself: no XML header, no outside document type
    return text.getvalue()[text.getvalue().index("<svg") :]
