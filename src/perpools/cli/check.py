"""`perpools check`: what a market file means."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from perpools import market_file, quantities, values
from perpools.market_file import MarketFile

SHOW = {
    "leverage_wad": quantities.show_number,
    "seed_wad": quantities.show_number,
    "_wad": quantities.show_percent,
    "_wei": quantities.show_gas_price,
    "_s": quantities.show_duration,
}
"""How a term is written for people, by the end of its name."""


def check(
    file: Annotated[Path, typer.Argument(metavar="MARKET.toml", help="The market file.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the protocol's integers as one JSON object.")
    ] = False,
) -> None:
    """Show the terms of a market file, every preset and default resolved.

    For example: perpools check market.toml
    """
    market = market_file.load(file)
    if as_json:
        typer.echo(json.dumps(values.as_json(_terms(market))))
        return
    table = Table("term", "value", title=market.name, box=box.SIMPLE_HEAD)
    for name, value in _terms(market).items():
        table.add_row(*_readable(name, value))
    Console().print(table)


def _terms(market: MarketFile) -> dict[str, int | str]:
    terms = market.terms(decimals=18)
    resolved: dict[str, int | str] = {
        "name": market.name,
        "transfer": market.transfer,
        "trigger": market_file.show_trigger(market.trigger),
        "seed_wad": market.seed,
    }
    for field in fields(terms):
        if field.name not in ("decimals", "transfer", "trigger"):
            resolved[field.name] = getattr(terms, field.name)
    return resolved


def _readable(name: str, value: int | str) -> tuple[str, str]:
    label = re.sub("_(wad|wei|s)$", "", name).replace("_", " ")
    for end, show in SHOW.items():
        if name.endswith(end) and isinstance(value, int):
            return label, show(value)
    return label, str(value)
