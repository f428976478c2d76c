"""`perpools index`: everything that ever happened, in a database."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from perpools.cli import indexing
from perpools.cli.options import reading_as
from perpools.cli.session import Session
from perpools.index.options import IndexSettings

Action = Literal["follow", "status", "export", "check"]
SETTINGS = (
    *("database", "rpc", "config", "chain_id", "factory", "deployment", "market", "from_block"),
    *("poll_s", "metrics_addr"),
)


@reading_as(IndexSettings, *SETTINGS)
def index(
    session: Session,
    action: Annotated[Action, typer.Argument(help="What to do.")],
    once: Annotated[
        bool, typer.Option("--once", help="follow: read up to the last block, and stop.")
    ] = False,
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="export: which table.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="export: a file that ends in .csv or .parquet."),
    ] = None,
) -> None:
    """Keep everything that happens to markets in a database, and read it.

    For example: perpools index follow --once

    follow: read the logs of markets into the tables, and go on until it is stopped.
    status: how far it is.
    export: write a table to a file.
    check: replay what the tables say, and compare it with the rules, with every table and with the
    chain.
    """
    settings = session.settings
    assert isinstance(settings, IndexSettings)
    if action == "follow":
        indexing.follow(session, settings, once=once)
    elif action == "status":
        indexing.status(session, settings)
    elif action == "export":
        indexing.save(session, settings, table, to)
    else:
        indexing.check(session, settings)
