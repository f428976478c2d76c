"""Facts on the terminal: a table for people, one JSON object for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer
from rich import box
from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perpools.values import as_json

LABELS = {"transaction": "tx hash"}
"""So that a hash fits a terminal's line."""

Facts = Mapping[str, Any]
"""By name: values (see `values`), texts, numbers, lists and facts again; None: there is none."""


def as_text(value: Any) -> str:
    """A fact as a cell of a table has it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return str(getattr(value, "text", value))


def print_json(facts: Any) -> None:
    """One line."""
    typer.echo(json.dumps(as_json(facts)))


def print_facts(
    facts: Facts, title: str, remarks: Iterable[str] = (), *, aside: bool = False
) -> None:
    """
    One fact a line, those that are lists or facts themselves left out, then the remarks; `aside`:
    on standard error.
    """
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column("fact", no_wrap=True)
    table.add_column("value", overflow="fold")
    for name, value in facts.items():
        if not isinstance(value, Mapping | list | tuple):
            table.add_row(LABELS.get(name, name.replace("_", " ")), Text(as_text(value)))
    told = (Padding(f"- {remark}", (0, 2)) for remark in remarks)
    _print(Text(title, style="bold"), table, *told, aside=aside)


def print_rows(rows: Iterable[Facts], title: str, columns: Sequence[str], left: int = 1) -> None:
    """One row for each, the first `left` columns to the left, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for index, name in enumerate(columns):
        side: JustifyMethod = "left" if index < left else "right"
        table.add_column(name.replace("_", " "), justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name))) for name in columns))
    _print(Text(title, style="bold"), table)


def _cell(value: Any) -> str:
    """As a text, an amount without its symbol."""
    return str(getattr(value, "plain", None) or as_text(value))


def _print(*parts: RenderableType, aside: bool = False) -> None:
    """Without the spaces and empty lines that fill a table up."""
    console = Console(stderr=aside, highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    lines = (line.rstrip() for line in capture.get().splitlines())
    typer.echo("\n".join(line for line in lines if line) + "\n", err=aside)


def note(text: str) -> None:
    """A line for people, where programs do not read."""
    typer.echo(text, err=True)
