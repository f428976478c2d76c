"""`perpools sweep`: many settings of a market over the same prices."""

from pathlib import Path
from typing import Annotated, Any

import typer

from perpools import market_file
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
from perpools.cli.simulate import Horizon, ModelText, Paths, Saved, Workers, choose_model, horizon_s
from perpools.errors import ConfigError
from perpools.sim import recruit
from perpools.sim.backtests import LIQUIDITY
from perpools.sim.history_sweep import sweep_history
from perpools.sim.settings import vary_of
from perpools.sim.sweep import Swept
from perpools.sim.sweep import sweep as play
from perpools.sim.tables import write_sweep
from perpools.sim.working import Crew

Varied = Annotated[
    list[str],
    typer.Option(
        "--vary",
        metavar="KEY=VALUE,VALUE,...",
        help="A key of the market file, such as leverage or fees.mint, or agent.SETTING.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers play."),
]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write all measures.", rich_help_panel=OUTPUT),
]
Parquet = Annotated[
    Path | None,
    typer.Option("--parquet", metavar="FILE", help="The same.", rich_help_panel=OUTPUT),
]

RETURNS = ("price", "long", "short")
"""Shown of each setting, with its skew and its agents' mean profits; JSON and files have more."""


@with_prices
def sweep(
    file: File,
    vary: Varied,
    asked: Asked,
    model: ModelText = "",
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
    scheduler: Scheduler = None,
    as_json: AsJson = False,
    csv: Csv = None,
    parquet: Parquet = None,
    saved: Saved = None,
) -> None:
    """Play every combination of settings over the same prices: a history's, or a model's paths.

    For example: perpools sweep market.toml --vary leverage=1,2,3 --vary fees.mint=0%,0.5%
    """
    market = market_file.load(file)
    keeper = read_keeper(keeper_late, keeper_fails, gas_price, eth_price)
    text, varied, traders = file.read_text(encoding="utf-8"), vary_of(vary), recruit(agents)
    common: dict[str, Any] = {"keeper": keeper, "liquidity": liquidity, "seed": seed}
    common |= {"crew": Crew(workers, scheduler), "saved": saved}
    if not model and (asked.prices or asked.source):
        known = choose(file, market, asked)
        with progress() as told:
            found = sweep_history(text, known, varied, traders, on_progress=told, **common)
    else:
        drawn = choose_model(model or "gbm", file, market, asked)
        common |= {"count": paths, "horizon_s": horizon_s(horizon)}
        with progress() as told:
            found = play(text, drawn, varied, traders, on_progress=told, **common)
    for path in (csv, parquet):
        _write(found, path)
    _show(market.name, found, as_json=as_json)


def _write(found: list[Swept], path: Path | None) -> None:
    try:
        if path is not None:
            write_sweep(found, path)
    except OSError as failed:
        raise ConfigError(f"{failed.filename}: {failed.strerror}") from None


def _show(name: str, found: list[Swept], *, as_json: bool) -> None:
    tables = [(dict(one.labels), one.distribution.table()) for one in found]
    of = found[0].distribution.gathered.paths
    if as_json:
        told = [{"setting": labels, "measures": table} for labels, table in tables]
        print_json({"name": name, "paths": of, "settings": told})
        return
    rows = [labels | _cells(table) for labels, table in tables]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    title = f"{name}, {len(found):,} settings over {of:,} paths: medians, and mean profits"
    print_rows(rows, title, columns, left=len(found[0].labels))


def _cells(table: dict[str, dict[str, float]]) -> dict[str, str]:
    returns = {label: f"{table[f'{label}_return']['50%']:+.2%}" for label in RETURNS}
    profits = {
        measure.removesuffix("_profit"): f"{values['mean']:,.0f}"
        for measure, values in table.items()
        if measure.endswith("_profit")
    }
    return {**returns, "skew": f"{table['last_skew']['50%']:.3f}", **profits}
