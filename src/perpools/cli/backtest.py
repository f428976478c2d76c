"""`perpools backtest`: what a market would have done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from perpools import market_file, quantities
from perpools.cli.output import note, print_json, print_rows
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.sim import backtests, prices, recruit
from perpools.sim.backtests import LIQUIDITY, Result
from perpools.sim.outcome import OnProgress
from perpools.sim.prices import Prices
from perpools.sim.roster import ROSTER
from perpools.sim.scene import Keeper
from perpools.sim.tables import as_dict, write_parquet


class Engine(StrEnum):
    """How to compute."""

    fast = "fast"
    exact = "exact"


KEEPER, OUTPUT = "Keeper", "Output"

File = Annotated[Path, typer.Argument(metavar="MARKET.toml", help="The market file.")]
PriceFile = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        help="A CSV or Parquet file headed timestamp,price. [default: the market file's feed]",
    ),
]
Source = Annotated[
    str | None,
    typer.Option(metavar="ecb:PAIR", help="The ECB's daily fixings, such as ecb:EURUSD."),
]
KeepLast = Annotated[
    bool, typer.Option("--keep-last", help="Of several prices for a moment, the last counts.")
]
Agents = Annotated[
    str,
    typer.Option(
        metavar="NAME[:SETTING=N,...],...",
        help=f"Who trades: {', '.join(ROSTER)}, all, or a Python file with AGENTS.",
    ),
]
Liquidity = Annotated[float, typer.Option(min=1.0, help="Collateral on each side at first.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything random.")]
EthPrice = Annotated[
    float,
    typer.Option(
        min=0.0, help="Collateral per ether; 0: keepers are not paid.", rich_help_panel=KEEPER
    ),
]
GasPrice = Annotated[
    str, typer.Option(help="What the keeper pays for gas.", rich_help_panel=KEEPER)
]
KeeperLate = Annotated[
    str, typer.Option(help="How long after a grid point it comes.", rich_help_panel=KEEPER)
]
KeeperFails = Annotated[
    str, typer.Option(help="The chance that none comes in an interval.", rich_help_panel=KEEPER)
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object.", rich_help_panel=OUTPUT)
]
Html = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a report with charts.", rich_help_panel=OUTPUT),
]
Events = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.parquet", help="Write every event to a file.", rich_help_panel=OUTPUT
    ),
]


def backtest(
    file: File,
    price_file: PriceFile = None,
    source: Source = None,
    keep_last: KeepLast = False,
    agents: Agents = "",
    engine: Engine = Engine.fast,
    liquidity: Liquidity = LIQUIDITY,
    seed: Seed = 1,
    eth_price: EthPrice = 0.0,
    gas_price: GasPrice = "1 gwei",
    keeper_late: KeeperLate = "1s",
    keeper_fails: KeeperFails = "0%",
    as_json: AsJson = False,
    html: Html = None,
    events: Events = None,
) -> None:
    """Play a market over past prices, by its own rules, with agents who trade.

    For example: perpools backtest market.toml --source ecb:EURUSD --agents skew-farmer,momentum
    """
    market = market_file.load(file)
    known = choose_prices(file, market, price_file, source, keep_last=keep_last)
    keeper = read_keeper(keeper_late, keeper_fails, gas_price, eth_price)
    with progress() as on_progress:
        result = backtests.backtest(
            market,
            known,
            recruit(agents),
            engine=engine.value,
            keeper=keeper,
            liquidity=liquidity,
            seed=seed,
            on_progress=on_progress,
        )
    _write(result, html, events)
    if as_json:
        print_json(as_dict(result))
    else:
        show(result)


def show(result: Result) -> None:
    """Print the result as tables for people."""
    print_rows(_price_rows(result), _title(result), ["underlying", "of", "first", "last", "return"])
    print_rows(_side_rows(result), "holding one side", ["", "long", "short"])
    print_rows(_event_rows(result), "events", ["", "value"])
    if result.statistics.agents:
        columns = ["agent", "began with", "worth now", "profit", "return", "largest loss"]
        print_rows(_agent_rows(result), "agents", columns)
    for text in result.notes:
        note(f"note: {text}")


def choose_prices(
    path: Path, market: MarketFile, price_file: Path | None, source: str | None, *, keep_last: bool
) -> Prices:
    """From where the options say, else from where the market file does."""
    if price_file is not None and source is not None:
        raise ConfigError("--prices and --source: give one of them")
    feed = market.price.feed or ""
    chosen = price_file or source
    if chosen is None and feed.endswith((".csv", ".parquet")):
        chosen = path.parent / feed
    if chosen is None:
        raise ConfigError("no prices: give --prices FILE, or --source ecb:EURUSD")
    if source is not None and not source.startswith("ecb:"):
        raise ConfigError(f"--source {source}: unknown, write ecb:EURUSD; files are for --prices")
    return prices.load(chosen, keep_last=keep_last)


def read_keeper(late: str, fails: str, gas_price: str, eth_price: float) -> Keeper:
    """The keeper that the options describe."""
    try:
        return Keeper(
            late_s=quantities.duration(late),
            fails=quantities.percent(fails) / quantities.WAD,
            eth_price=eth_price,
            gas_price_gwei=quantities.gas_price(gas_price) / quantities.GWEI,
        )
    except ValueError as wrong:
        raise ConfigError(f"--keeper-late, --keeper-fails or --gas-price {wrong}") from None


def _write(result: Result, html: Path | None, events: Path | None) -> None:
    try:
        if events is not None:
            write_parquet(result, events)
        if html is not None:
            from perpools.sim.report import write_report

            write_report(result, html)
    except OSError as failed:
        raise ConfigError(f"{failed.filename}: {failed.strerror}") from None


@contextmanager
def progress() -> Iterator[OnProgress]:
    """A bar on standard error, where somebody looks."""
    columns = TextColumn("playing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("playing", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _title(result: Result) -> str:
    days = [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d") for at in _span(result)]
    return f"{result.scene.name}, {days[0]} to {days[1]} ({result.engine} engine)"


def _span(result: Result) -> tuple[int, int]:
    return result.start, int(result.times[-1])


def _price_rows(result: Result) -> list[dict[str, str]]:
    price = result.statistics.price
    return [
        {
            "underlying": result.scene.grid.prices.name,
            "of": f"{result.years:.2f} years",
            "first": f"{price.first:,.6g}",
            "last": f"{price.last:,.6g}",
            "return": _percent(price.total_return),
        }
    ]


def _side_rows(result: Result) -> list[dict[str, str]]:
    long, short = result.statistics.long, result.statistics.short
    shown = [
        ("token price", "token_price", _number),
        ("return", "total_return", _percent),
        ("return per year", "yearly_return", _percent),
        ("volatility per year", "volatility", _percent),
        ("largest loss from a peak", "max_drawdown", _percent),
        ("effective leverage now", "effective_leverage", _times),
        ("effective leverage, mean", "mean_effective_leverage", _times),
        ("constant leverage would return", "constant_leverage_return", _percent),
        ("behind it, per year (decay)", "decay_against_constant_leverage", _percent),
        ("a loan held would return", "buy_and_hold_return", _percent),
        ("tracking error per year", "tracking_error", _percent),
        ("funding per year", "funding", _percent),
        ("worst event", "worst_event", _percent),
    ]
    return [
        {"": label, "long": write(getattr(long, name)), "short": write(getattr(short, name))}
        for label, name, write in shown
    ]


def _event_rows(result: Result) -> list[dict[str, str]]:
    statistics, costs, lateness = result.statistics, result.costs, result.lateness
    at = int(result.times[statistics.transfer.largest_at])
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
    largest = f"{_percent(statistics.transfer.largest)} on {day} UTC"
    values = {
        "events": f"{result.events:,}",
        "grid points without one": f"{lateness.missed:,}",
        "lateness, median and longest": f"{lateness.median_s:,} s, {lateness.longest_s:,} s",
        "largest transfer": largest,
        "within 5% of the leverage": _percent(statistics.transfer.near_leverage),
        "skew now, lowest, highest": ", ".join(f"{skew:.4f}" for skew in _skews(result)),
        "rebalancing rate, mean": _percent(statistics.skew.mean_rebalancing_rate),
        "management fees": _number(costs.management_fees),
        "keepers were paid": _number(costs.keeper_rewards),
        "of the pool, per year": _percent(costs.keeper_share_of_pool),
    }
    return [{"": label, "value": value} for label, value in values.items()]


def _skews(result: Result) -> tuple[float, float, float]:
    skew = result.statistics.skew
    return skew.last, skew.lowest, skew.highest


def _agent_rows(result: Result) -> list[dict[str, str]]:
    return [
        {
            "agent": agent.name,
            "began with": _number(agent.cash),
            "worth now": _number(agent.worth),
            "profit": _number(agent.profit),
            "return": _percent(agent.total_return),
            "largest loss": _percent(agent.max_drawdown),
        }
        for agent in result.statistics.agents
    ]


def _number(value: float) -> str:
    return f"{value:,.2f}" if abs(value) >= 1_000 else f"{value:,.6g}"


def _percent(value: float) -> str:
    return f"{value:+.2%}"


def _times(value: float) -> str:
    return f"{value:.3f}x"
