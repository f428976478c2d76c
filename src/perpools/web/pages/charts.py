"""
What charts draw, as options of ECharts, from views alone.

Charts are drawn as SVG, so that colours are the page's own variables and follow its theme; every
line has a dash of its own besides its colour. Floats: charts show, they do not reckon.
"""

from collections.abc import Sequence
from typing import Any

from perpools.spec.fixed_point import WAD
from perpools.values import Number, Share
from perpools.web.views import MarketView, Payoff, Series

Options = dict[str, Any]
Look = tuple[str, Sequence[int] | None]
"""Colour and dash of a line."""

INK, INK_2, LINE = "var(--ink)", "var(--ink-2)", "var(--line)"
LONG, SHORT, ACCENT = "var(--long)", "var(--short)", "var(--accent)"
MS = 1_000

NUMBERS = "value => Number(value).toLocaleString('en', {maximumSignificantDigits: 7})"
PERCENTS = "value => Number(value).toFixed(2) + '%'"
AXIS_PERCENTS = "value => value + '%'"


def prices(series: Series, view: MarketView) -> Options:
    """Spot price and moving average above, both token prices below, on one time axis."""
    points = series.points
    base = _base(_tooltip(NUMBERS) | {"axisPointer": {"type": "line"}})
    columns = {
        "spot": [point.spot for point in points],
        "sma": [point.executed for point in points],
        "long": [point.long_price for point in points],
        "short": [point.short_price for point in points],
    }
    at = [point.at * MS for point in points]
    data = {name: _pairs(at, values) for name, values in columns.items()}
    return base | {
        "legend": _legend(["Spot", "Average", "Long token", "Short token"]),
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "grid": [_same_left(top=36, height="47%"), _same_left(top="70%", bottom=24)],
        "xAxis": [_time(0, labels=False) | _span(at, view), _time(1) | _span(at, view)],
        "yAxis": [_value(0), _value(1) | {"splitNumber": 2}],
        "series": [
            _line("spot", "Spot", data["spot"], INK, width=1.5),
            _line("sma", "Average", data["sma"], ACCENT, [6, 3]),
            _line("long", "Long token", data["long"], LONG) | _LOWER,
            _line("short", "Short token", data["short"], SHORT, [3, 3]) | _LOWER,
            now_point(view),
        ],
    }


_LOWER = {"xAxisIndex": 1, "yAxisIndex": 1}


def now_point(view: MarketView) -> Options:
    """What the feed says at this moment: one dot, which each block moves."""
    here = view.clock.now.unix * MS if view.clock and view.price_now else None
    data = [[here, number(view.price_now)]] if here and view.price_now else []
    return {
        "id": "now",
        "name": "Now",
        "type": "scatter",
        "data": data,
        "symbolSize": 9,
        "itemStyle": {"color": INK},
        "emphasis": {"disabled": True},
        "tooltip": {"show": False},
    }


def payoffs(long: Payoff, short: Payoff) -> Options:
    """Gain of each side's token over the move of the price, now and ideally."""
    base = _base(_tooltip(PERCENTS) | {"axisPointer": {"type": "line"}})
    x_axis = _value(0) | {
        "type": "value",
        "name": "move of the price",
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"color": INK_2},
        "axisLabel": _labels(AXIS_PERCENTS),
        "min": "dataMin",
        "max": "dataMax",
    }
    names = ["Long", "Long ideal", "Short", "Short ideal"]
    return base | {
        "legend": _legend(names),
        "grid": _grid(top=36, bottom=44),
        "xAxis": x_axis | {"scale": False},
        "yAxis": _value(0) | {"axisLabel": _labels(AXIS_PERCENTS), "min": -100},
        "series": [
            _line("long", names[0], _gains(long), LONG, width=2.5) | _ZERO,
            _line("long-ideal", names[1], _gains(long, ideal=True), LONG, [2, 4], width=1.25),
            _line("short", names[2], _gains(short), SHORT, width=2.5),
            _line("short-ideal", names[3], _gains(short, ideal=True), SHORT, [2, 4], width=1.25),
        ],
    }


_ZERO = {
    "markLine": {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": "var(--line-strong)", "type": "solid", "width": 1},
        "data": [{"yAxis": 0}, {"xAxis": 0}],
    }
}


def rebalancing(series: Series) -> Options:
    """The rebalancing rate over time: above zero the long side is the larger."""
    data = [
        [point.at * MS, _rate(point.long_balance.units, point.short_balance.units)]
        for point in series.points
    ]
    line = _line("rate", "Rebalancing rate", data, ACCENT)
    return _base(_tooltip(PERCENTS)) | {
        "grid": _grid(top=12, bottom=24),
        "xAxis": _time(0),
        "yAxis": _value(0) | {"axisLabel": _labels(AXIS_PERCENTS)},
        "series": [line | {"areaStyle": {"color": ACCENT, "opacity": 0.12}} | _ZERO],
    }


def over_time(lines: Sequence[Options], *, logarithmic: bool = False) -> Options:
    """Lines that were made elsewhere, by `line`, on one time axis."""
    scale = {"type": "log", "logBase": 2} if logarithmic else {}
    return _base(_tooltip(NUMBERS)) | {
        "legend": _legend([one["name"] for one in lines]),
        "grid": _grid(top=36, bottom=24),
        "xAxis": _time(0),
        "yAxis": _value(0) | scale,
        "series": list(lines),
    }


def line(key: str, name: str, data: Sequence[Sequence[float]], look: Look) -> Options:
    """A line of such a chart; times are milliseconds."""
    return _line(key, name, data, *look)


def number(value: Number | Share) -> float:
    """For a chart: the nearest float."""
    return value.wad / WAD


def _rate(long: int, short: int) -> float:
    return round(100 * (long / short - 1), 4) if short else 0.0


def _gains(payoff: Payoff, *, ideal: bool = False) -> list[list[float]]:
    return [
        [_percent(point.move), _percent(point.ideal if ideal else point.gain)]
        for point in payoff.points
    ]


def _percent(share: Share) -> float:
    return round(100 * number(share), 4)


def _pairs(at: Sequence[int], values: Sequence[Number]) -> list[list[float]]:
    return [
        [moment, float(f"{number(value):.8g}")] for moment, value in zip(at, values, strict=True)
    ]


def _base(tooltip: Options) -> Options:
    return {"animation": False, "useUTC": True, "tooltip": tooltip, "textStyle": {"color": INK}}


def _tooltip(formatter: str) -> Options:
    return {
        "trigger": "axis",
        "confine": True,
        "backgroundColor": "var(--surface)",
        "borderColor": "var(--line-strong)",
        "textStyle": {"color": INK, "fontSize": 13},
        ":valueFormatter": formatter,
    }


def _legend(names: Sequence[str]) -> Options:
    return {
        "top": 0,
        "left": 0,
        "itemWidth": 20,
        "itemHeight": 9,
        "itemGap": 8,
        "itemStyle": {"opacity": 0},
        "textStyle": {"color": INK_2, "fontSize": 12},
        "data": list(names),
    }


def _same_left(**where: Any) -> Options:
    """A grid whose axis begins where those of others do, however wide its labels are."""
    return {"left": 58, "right": 12} | where


def _span(at: Sequence[int], view: MarketView) -> Options:
    """From the first point until now, for both axes alike."""
    now = view.clock.now.unix * MS if view.clock else max(at, default=0)
    return {"min": at[0], "max": max(now, at[-1])} if at else {}


def _grid(**where: Any) -> Options:
    return {"left": 8, "right": 12, "containLabel": True} | where


def _labels(formatter: str | None = None, *, shown: bool = True) -> Options:
    told: Options = {"color": INK_2, "fontSize": 12, "show": shown, "hideOverlap": True}
    return told | ({":formatter": formatter} if formatter else {})


def _time(grid: int, *, labels: bool = True) -> Options:
    return {
        "type": "time",
        "gridIndex": grid,
        "axisLabel": _labels(shown=labels),
        "axisLine": {"lineStyle": {"color": "var(--line-strong)"}},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisPointer": {"label": {"show": False}},
    }


def _value(grid: int) -> Options:
    return {
        "type": "value",
        "gridIndex": grid,
        "scale": True,
        "splitNumber": 4,
        "axisLabel": _labels(),
        "axisLine": {"show": False},
        "splitLine": {"lineStyle": {"color": LINE}},
        "axisPointer": {"label": {"show": False}},
    }


def _line(
    key: str,
    name: str,
    data: Sequence[Sequence[float]],
    colour: str,
    dash: Sequence[int] | None = None,
    *,
    width: float = 2.0,
) -> Options:
    return {
        "id": key,
        "name": name,
        "type": "line",
        "data": list(data),
        "symbol": "circle" if len(data) == 1 else "none",
        "lineStyle": {"color": colour, "width": width, "type": list(dash) if dash else "solid"},
        "itemStyle": {"color": colour},
        "emphasis": {"disabled": True},
    }
