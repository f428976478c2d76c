"""`perpools backtest`: what a market would have done."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from perpools import market_file
from perpools.cli.output import note, print_json, print_rows
from perpools.cli.playing import (
    OUTPUT,
    Agents,
    AsJson,
    EthPrice,
    File,
    GasPrice,
    KeeperFails,
    KeeperLate,
    Liquidity,
    Seed,
    read_keeper,
)
from perpools.cli.price_sources import Asked, choose, progress, with_prices
from perpools.errors import ConfigError
from perpools.sim import backtests, recruit
from perpools.sim.backtests import LIQUIDITY, Result
from perpools.sim.tables import as_dict, write_parquet


class Engine(StrEnum):
    """How to compute."""

    fast = "fast"
    exact = "exact"


SIDES = ("long", "short")
Html = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a report with charts.", rich_help_panel=OUTPUT),
]


def _parquet(path: Path | None) -> Path | None:
    if path is not None and path.suffix != ".parquet":
        raise ConfigError(f"--events {path}: it is Parquet, so its name must end in .parquet")
    return path


Events = Annotated[
    Path | None,
    typer.Option(
        callback=_parquet, metavar="FILE", help="Write every event.", rich_help_panel=OUTPUT
    ),
]


@with_prices
def backtest(
    file: File,
    asked: Asked,
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
    known = choose(file, market, asked)
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
        print_rows(_trading_rows(result), "orders and holders", ["", "long", "short", "together"])
        columns = ["agent", "began with", "worth now", "profit", "return", "largest loss"]
        print_rows(_agent_rows(result), "agents", columns)
        print_rows(_order_rows(result), "their orders", ["agent", "fees paid", "hedge off by"])
    for text in result.notes:
        note(f"note: {text}")


def _write(result: Result, html: Path | None, events: Path | None) -> None:
    try:
        if events is not None:
            write_parquet(result, events)
        if html is not None:
            from perpools.sim.report import write_report

            write_report(result, html)
    except OSError as failed:
        raise ConfigError(f"{failed.filename}: {failed.strerror}") from None


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
        ("volatility per year", "volatility", _part),
        ("largest loss from a peak", "max_drawdown", _part),
        ("effective leverage now", "effective_leverage", _times),
        ("effective leverage, mean", "mean_effective_leverage", _times),
        ("constant leverage would return", "constant_leverage_return", _percent),
        ("behind it, per year (decay)", "decay_against_constant_leverage", _percent),
        ("a loan held would return", "buy_and_hold_return", _percent),
        ("tracking error per year", "tracking_error", _part),
        ("funding per year", "funding", _percent),
        ("worst event", "worst_event", _percent),
    ]
    return [
        {"": label, "long": write(getattr(long, name)), "short": write(getattr(short, name))}
        for label, name, write in shown
    ]


def _event_rows(result: Result) -> list[dict[str, str]]:
    statistics, costs, lateness = result.statistics, result.costs, result.lateness
    skew = statistics.skew
    at = int(result.times[statistics.transfer.largest_at])
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
    largest = f"{_part(statistics.transfer.largest)} on {day} UTC"
    values = {
        "events": f"{result.events:,}",
        "grid points without one": f"{lateness.missed:,}",
        "lateness, median, 99% and longest": ", ".join(f"{late_s:,} s" for late_s in lateness[2:]),
        "largest transfer": largest,
        "within 5% of the leverage": _part(statistics.transfer.near_leverage),
        "skew now, lowest, highest": f"{skew.last:.4f}, {skew.lowest:.4f}, {skew.highest:.4f}",
        "rebalancing rate, mean": _percent(skew.mean_rebalancing_rate),
        "management fees": _number(costs.management_fees),
        "keepers were paid": _number(costs.keeper_rewards),
        "of the pool, per year": _part(costs.keeper_share_of_pool),
    }
    return [{"": label, "value": value} for label, value in values.items()]


def _trading_rows(result: Result) -> list[dict[str, str]]:
    traded, holders = result.statistics.trading, result.statistics.holders
    rows = [
        {
            "": label,
            **{side: _or_none(write, getattr(getattr(traded, side), name)) for side in SIDES},
        }
        for label, name, write in (
            ("paid in", "paid_in", _number),
            ("paid out", "paid_out", _number),
            ("average entry price", "entry_price", _number),
            ("average exit price", "exit_price", _number),
        )
    ]
    together = {
        "volume": _number(traded.volume),
        "volume per day": _number(traded.volume_per_day),
        "waiting, mean": _number(traded.mean_waiting),
        "waiting, most": _number(traded.most_waiting),
        "largest holder, now and mean": _both(holders.largest_share, holders.mean_largest_share),
        "concentration, now and mean": _both(holders.concentration, holders.mean_concentration),
        "in escrow, now and mean": _both(holders.in_escrow, holders.mean_in_escrow),
    }
    return rows + [{"": label, "together": value} for label, value in together.items()]


def _agent_rows(result: Result) -> list[dict[str, str]]:
    return [
        {
            "agent": agent.name,
            "began with": _number(agent.cash),
            "worth now": _number(agent.worth),
            "profit": _number(agent.profit),
            "return": _percent(agent.total_return),
            "largest loss": _part(agent.max_drawdown),
        }
        for agent in result.statistics.agents
    ]


def _order_rows(result: Result) -> list[dict[str, str]]:
    return [
        {
            "agent": agent.name,
            "fees paid": _number(agent.fees),
            "hedge off by": _or_none(_percent, agent.hedge_ratio_error),
        }
        for agent in result.statistics.agents
    ]


def _number(value: float) -> str:
    return f"{value:,.2f}" if abs(value) >= 1_000 else f"{value:,.6g}"


def _percent(value: float) -> str:
    return f"{value:+.2%}"


def _part(value: float) -> str:
    return f"{value:.2%}"


def _times(value: float) -> str:
    return f"{value:.3f}x"


def _or_none(write: Callable[[float], str], value: float | None) -> str:
    return "-" if value is None else write(value)


def _both(now: float, mean: float) -> str:
    return f"{now:.2%}, {mean:.2%}"
