"""A backtest as one page of HTML: numbers and charts, nothing loaded from anywhere."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

from perpools.quantities import show_duration, show_number, show_percent
from perpools.whole_files import write_whole

from .backtests import Costs, Lateness, Result
from .charts import Chart, charts
from .statistics import AgentStatistics, SideStatistics, SkewStatistics, Statistics
from .trading import HolderStatistics, SideTrading

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #23262b; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .3rem; }
p { margin: .3rem 0; color: #555b64; } svg { width: 100%; height: auto; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { padding: .2rem .9rem .2rem 0; text-align: right; border-bottom: 1px solid #e3e5e8; }
th:first-child, td:first-child { text-align: left; } th { font-weight: 600; color: #555b64; }
td { font-variant-numeric: tabular-nums; }
.tables { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; }
.tables > div { overflow-x: auto; max-width: 100%; } .tables th, .tables td { white-space: nowrap; }
@media (max-width: 40rem) { th, td { padding-right: .5rem; font-size: .8rem; } }
"""

Named = SkewStatistics | Costs | Lateness | HolderStatistics

NOT_PERCENT = {"token_price", "effective_leverage", "mean_effective_leverage", "realised_leverage"}
UNSIGNED = {"volatility", "max_drawdown", "tracking_error"}
SHARES = {"keeper_share_of_pool", "last_mint_fee", "rebalancing_rate", "mean_rebalancing_rate"}
LABELS = {
    "max_drawdown": "largest loss from a peak",
    "buy_and_hold_return": "a loan held would return",
    "decay_against_buy_and_hold": "behind a loan held",
    "constant_leverage_return": "constant leverage would return",
    "decay_against_constant_leverage": "behind it, per year (decay)",
    "keeper_share_of_pool": "of the pool, per year",
    "missed": "grid points without an event",
    "silent": "grid points without a fresh price",
    "median_s": "lateness, median (s)",
    "p99_s": "99% (s)",
    "longest_s": "longest (s)",
}
"""Where a name alone would not say it."""


def write_report(result: Result, path: Path) -> None:
    """Write the page to a file, which appears only once it is whole."""
    page = html(result)
    write_whole(path, lambda part: part.write_text(page, encoding="utf-8"))


def html(result: Result) -> str:
    """The page."""
    parts = [_head(result), *map(_figure, charts(result)), _tables(result)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(result.scene.name)}: backtest</title><style>{STYLE}</style></head>\n"
        f"<body>\n{chr(10).join(parts)}\n</body></html>\n"
    )


def _head(result: Result) -> str:
    days = [_day(at) for at in (result.start, int(result.times[-1]))]
    terms = result.scene.terms
    facts = [
        f"{show_number(terms.leverage_wad)}x",
        f"an event every {show_duration(terms.interval_s)}",
        f"average of {terms.sma_periods}" if terms.sma_periods > 1 else "spot price",
        f"front-running interval {show_duration(terms.front_running_interval_s)}",
        f"mint fee {show_percent(terms.mint_fee_wad)}",
        f"management {show_percent(terms.management_fee_wad)} a year",
    ]
    notes = "".join(f"<p>Note: {escape(note)}.</p>" for note in result.notes)
    return (
        f"<h1>{escape(result.scene.name)}</h1>"
        f"<p>{escape(result.scene.grid.prices.name)}, {days[0]} to {days[1]},"
        f" {result.events:,} events, {result.engine} engine</p><p>{', '.join(facts)}</p>{notes}"
    )


def _figure(chart: Chart) -> str:
    return f"<h2>{escape(chart.title)}</h2><p>{escape(chart.caption)}</p>{chart.svg}"


def _tables(result: Result) -> str:
    statistics = result.statistics
    tables = [
        _table(["holding one side", "long", "short"], _side_rows(statistics)),
        _pairs("skew", statistics.skew, "{:,.4f}"),
        _pairs("costs", result.costs, "{:,.2f}"),
        _pairs("events", result.lateness, "{:,}"),
    ]
    if statistics.agents:
        tables += _trading_tables(statistics)
        head = ["agent", "began with", "worth", "return", "largest loss", "fees", "hedge off by"]
        tables.append(_table(head, [_agent_row(agent) for agent in statistics.agents]))
    return f'<h2>Numbers</h2><div class="tables">{"".join(tables)}</div>'


def _agent_row(agent: AgentStatistics) -> list[str]:
    money = (f"{amount:,.2f}" for amount in (agent.cash, agent.worth))
    off = agent.hedge_ratio_error
    shown = f"{agent.total_return:+.2%}", f"{agent.max_drawdown:.2%}", f"{agent.fees:,.2f}"
    return [agent.name, *money, *shown, "-" if off is None else f"{off:+.2%}"]


def _trading_tables(statistics: Statistics) -> list[str]:
    """Orders of each side and together, and who holds the pool."""
    traded, sides = statistics.trading, (statistics.trading.long, statistics.trading.short)
    rows = [
        [_label(name), *("-" if value is None else f"{value:,.4f}" for value in pair)]
        for name, *pair in zip(SideTrading._fields, *sides, strict=True)
    ]
    together = {
        name: value for name, value in traded._asdict().items() if name not in ("long", "short")
    }
    return [
        _table(["orders", "long", "short"], rows),
        _table(["together", ""], [[_label(k), f"{v:,.2f}"] for k, v in together.items()]),
        _pairs("holders", statistics.holders, "{:.2%}"),
    ]


def _pairs(title: str, values: Named, form: str) -> str:
    rows = [
        [_label(name), (f"{value:.2%}" if name in SHARES else form.format(value))]
        for name, value in values._asdict().items()
    ]
    return _table([title, ""], rows)


def _side_rows(statistics: Statistics) -> list[list[str]]:
    rows, sides = [], (statistics.long, statistics.short)
    for name in SideStatistics._fields:
        form = "{:.2%}" if name in UNSIGNED else "{:+.2%}"
        form = "{:,.4f}" if name in NOT_PERCENT else form
        rows.append([_label(name), *(form.format(getattr(side, name)) for side in sides)])
    return rows


def _table(head: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    table = f"{line(head, 'th')}{''.join(line(row, 'td') for row in rows)}"
    return f"<div><table>{table}</table></div>"


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
