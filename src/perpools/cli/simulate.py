"""`perpools simulate`: what a market could do."""

from pathlib import Path
from typing import Annotated

import typer

from perpools import market_file, quantities
from perpools.cli.output import print_json, print_rows
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
from perpools.market_file import MarketFile
from perpools.sim import recruit
from perpools.sim.backtests import LIQUIDITY
from perpools.sim.grid import on_grid
from perpools.sim.measuring import Distribution
from perpools.sim.montecarlo import simulate as play
from perpools.sim.paths import MODELS, Model, model_of

ModelText = Annotated[
    str,
    typer.Option(
        metavar="NAME[:SETTING=N,...]",
        help=f"Where prices come from: {', '.join(MODELS)}, or bootstrap:block=24 of --prices.",
    ),
]
Paths = Annotated[int, typer.Option(min=1, help="How many.")]
Horizon = Annotated[str, typer.Option(metavar="TIME", help="How long each path is.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Threads; no number changes.")]
Saved = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="FILE",
        help="Keep what was done in a file, and go on from it.",
        rich_help_panel=OUTPUT,
    ),
]

SHOWN = ("mean", "5%", "50%", "95%", "lowest", "highest")
"""JSON has more."""


@with_prices
def simulate(
    file: File,
    asked: Asked,
    model: ModelText = "gbm",
    paths: Paths = 1_000,
    horizon: Horizon = "90d",
    agents: Agents = "",
    liquidity: Liquidity = LIQUIDITY,
    seed: Seed = 1,
    eth_price: EthPrice = 0.0,
    gas_price: GasPrice = "1 gwei",
    keeper_late: KeeperLate = "1s",
    keeper_fails: KeeperFails = "0%",
    workers: Workers = 1,
    as_json: AsJson = False,
    saved: Saved = None,
) -> None:
    """Play a market over many prices that could be (Monte-Carlo), with agents who trade.

    For example: perpools simulate market.toml --model jumps:volatility=0.9 --agents skew-farmer
    """
    market = market_file.load(file)
    keeper = read_keeper(keeper_late, keeper_fails, gas_price, eth_price)
    drawn = choose_model(model, file, market, asked)
    with progress() as on_progress:
        found = play(
            market,
            drawn,
            recruit(agents),
            count=paths,
            horizon_s=horizon_s(horizon),
            keeper=keeper,
            liquidity=liquidity,
            seed=seed,
            workers=workers,
            saved=saved,
            on_progress=on_progress,
        )
    if as_json:
        facts = {"name": market.name, "model": model, "paths": found.gathered.paths, "seed": seed}
        print_json({**facts, "measures": found.table()})
    else:
        show(market, model, found)


def show(market: MarketFile, model: str, found: Distribution) -> None:
    """Print the distribution as a table for people."""
    rows = [
        {"": _label(name), **{column: f"{values[column]:,.3g}" for column in SHOWN}}
        for name, values in found.table().items()
    ]
    title = f"{market.name}, {found.gathered.paths:,} paths of {model}"
    print_rows(rows, title, ["", *SHOWN])


def _label(measure: str) -> str:
    """A measure's name, which stays in one line: its spaces do not break."""
    return measure.removesuffix("_leverage_return").replace("_", "\u00a0")


def choose_model(text: str, path: Path, market: MarketFile, asked: Asked) -> Model:
    """The model of a text; a bootstrap's history is where the options say."""
    if text.partition(":")[0] != "bootstrap":
        return model_of(text)
    known = choose(path, market, asked)
    return model_of(text, on_grid(known, market.interval, market.price.max_age))


def horizon_s(text: str) -> int:
    """How long a path is."""
    try:
        return quantities.duration(text)
    except ValueError as wrong:
        raise ConfigError(f"--horizon {wrong}") from None
