"""`perpools demo`: a market's story on an embedded chain, told twice and compared."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from perpools.demo import prices, run
from perpools.demo.report import MarketReport, Side
from perpools.demo.run import Result
from perpools.demo.stage import DECIMALS, LEVERAGE
from perpools.quantities import show_number
from perpools.spec.fixed_point import WAD

FIXINGS = 260
"""A year of the ECB's business days."""

PriceFile = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        help="A CSV headed timestamp,price; without it the ECB's EUR/USD.",
    ),
]
Seed = Annotated[int, typer.Option(metavar="NUMBER", help="Another one is another story.")]
Fixings = Annotated[
    int, typer.Option(min=prices.LEAST_ROWS, help="How many of the ECB's last fixings.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def demo(
    price_file: PriceFile = None,
    seed: Seed = 1,
    fixings: Fixings = FIXINGS,
    as_json: AsJson = False,
) -> None:
    """Two markets, v1 and v2, on an embedded chain at real prices.

    perpools demo --seed 7

    Twenty holders and a keeper place orders, cancel, claim, flip and rebalance. After every
    operation the contracts are compared with the specification, to the unit; exit code 1 and the
    first difference if there is one.
    """
    told = prices.fixings(fixings) if price_file is None else prices.read(price_file)
    with _progress() as bar:
        task = bar.add_task("playing", total=None, operations=0)
        result = run.run(
            told,
            seed,
            lambda at: bar.update(
                task, completed=at.grid_points, total=at.of, operations=at.operations
            ),
        )
    show(result, as_json=as_json)


def show(result: Result, *, as_json: bool) -> None:
    """Print what came of it; exit code 1 where chain and specification differ or value got lost."""
    if as_json:
        typer.echo(json.dumps(as_dict(result)))
    else:
        _print_tables(result)
    if result.mismatch:
        typer.echo(f"perpools: {result.mismatch}", err=True)
    if result.mismatch or not all(market.conserved for market in result.markets):
        raise typer.Exit(1)


def as_dict(result: Result) -> dict[str, Any]:
    """The result as JSON has it; amounts in base units, as text."""
    return {
        "operations": result.operations,
        "mismatches": 1 if result.mismatch else 0,
        "events": sum(market.epochs for market in result.markets),
        "logs": result.events,
        "grid_points": result.grid_points,
        "holders": result.holders,
        "markets": [_market_dict(market) for market in result.markets],
        **({"first_mismatch": str(result.mismatch)} if result.mismatch else {}),
    }


def _market_dict(market: MarketReport) -> dict[str, Any]:
    counted = ("name", "preset", "operations", "refusals", "epochs", "orders")
    return {
        **{name: getattr(market, name) for name in counted},
        "first_price": show_number(market.first_price),
        "last_price": show_number(market.last_price),
        "long_balance": str(market.long.worth),
        "short_balance": str(market.short.worth),
        "skew": _skew(market),
        "rebalancing_rate": round(_skew(market) - 1, 6),
        **_side_dict(market.both),
        "long": _side_dict(market.long),
        "short": _side_dict(market.short),
        "keeper_rewards": str(market.rewards),
        "custody": {name: str(amount) for name, amount in market.custody._asdict().items()},
        "dust": market.custody.dust,
        "conserved": market.conserved,
    }


def _side_dict(side: Side) -> dict[str, Any]:
    """What was put in, taken out, is there and was earned."""
    amounts = ("paid_in", "taken_out", "worth", "earned")
    return {
        **{name: str(getattr(side, name)) for name in amounts},
        "return": _rate(side.earned, side.paid_in),
        **({"token_price": show_number(side.token_price)} if side.token_price else {}),
    }


def _print_tables(result: Result) -> None:
    console = Console()
    agree = "DIFFER" if result.mismatch else "agree"
    console.print(
        f"{result.name} {LEVERAGE}x · {result.grid_points} grid points · {result.holders} holders\n"
        f"contracts and specification {agree} after every one of {result.operations:,} operations\n"
    )
    console.print(_sides(result.markets))
    console.print(_markets(result.markets))


def _sides(markets: Iterable[MarketReport]) -> Table:
    """What each side's holders have got, beside who bought or sold the underlying itself."""
    caption = "token: its price since the seed; 1x: the underlying, bought or sold"
    table = Table(box=box.SIMPLE_HEAD, caption=caption, padding=(0, 0, 0, 1))
    table.add_column("holders", no_wrap=True)
    for heading in ("put in", "took out", "hold", "earned", "return", "token", "1x"):
        table.add_column(heading, justify="right", no_wrap=True)
    for market in markets:
        move = market.last_price / market.first_price - 1
        for name, side, held in (("long", market.long, move), ("short", market.short, -move)):
            amounts = (side.paid_in, side.taken_out, side.worth, side.earned)
            rates = (_rate(side.earned, side.paid_in), side.token_price / WAD - 1, held)
            table.add_row(
                f"{market.preset} {name}",
                *(f"{amount // 10**DECIMALS:,}" for amount in amounts),
                *(f"{rate:+.2%}" for rate in rates),
            )
    return table


def _markets(markets: Iterable[MarketReport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("market")
    rows: dict[str, list[str]] = {}
    for market in markets:
        table.add_column(market.preset, justify="right")
        for label, value in _facts(market).items():
            rows.setdefault(label, []).append(value)
    for label, values in rows.items():
        table.add_row(label, *values)
    return table


def _facts(market: MarketReport) -> dict[str, str]:
    custody = market.custody
    return {
        "operations compared": f"{market.operations:,}",
        "of these refused by both": f"{market.refusals:,}",
        "events (epochs closed)": f"{market.epochs:,}",
        "orders": f"{market.orders:,}",
        "skew (long / short)": f"{_skew(market):.4f}",
        "rebalancing rate": f"{_skew(market) - 1:+.4f}",
        "keeper's rewards": f"{_money(market.rewards)} in {market.rewarded} events",
        "collateral held": _money(custody.held),
        "  both sides": _money(custody.sides),
        "  management fees": _money(custody.fees),
        "  escrow": _money(custody.escrow),
        "  waiting orders": _money(custody.pending),
        "  dust": f"{custody.dust} base units",
        "value conserved": "to the unit" if market.conserved else "NO",
    }


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("grid points, {task.fields[operations]} operations compared"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _skew(market: MarketReport) -> float:
    return round(market.long.worth / market.short.worth, 6)


def _rate(part: int, whole: int) -> float:
    return round(part / whole, 6)


def _money(assets: int) -> str:
    return f"{assets / 10**DECIMALS:,.2f}"
