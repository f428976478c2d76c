"""
Tables as files: CSV or Parquet by the file's name, whole or not at all. Rows come in the order of
their keys and of one moment, however many there are; integers of any size, and documents as JSON,
are text in both forms.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars
from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, select
from sqlalchemy.exc import DBAPIError

from perpools.errors import ChainError, ConfigError
from perpools.index.database import Database
from perpools.index.tables import Base
from perpools.spec.units import Address
from perpools.whole_files import write_whole

TABLES: dict[str, Table] = dict(sorted(Base.metadata.tables.items()))
"""What there is to export, by name."""

AT_ONCE = 20_000
"""Rows in memory."""

Rows = Iterator[tuple[Any, ...]]
Write = Callable[[Path, Sequence[Column[Any]], Rows], int]
"""Writes a file; says how many rows it has."""


def export(database: Database, table: str, path: Path, market: Address | None = None) -> int:
    """
    Write a table, or the part of it that is one market's, to a file, and say how many rows there
    are. `ConfigError` where there is no such table, or no such file can be; a file that is there
    already is replaced once the new one is whole.
    """
    asked = TABLES.get(table)
    if asked is None:
        raise ConfigError(f"table: there is no {table!r}: {', '.join(TABLES)}")
    write = WRITERS.get(path.suffix)
    if write is None:
        raise ConfigError(f"{path}: name a file that ends in {' or '.join(WRITERS)}")
    count = 0

    def fill(part: Path) -> None:
        nonlocal count
        with database.session() as session:
            connection = session.connection().execution_options(yield_per=AT_ONCE)
            with connection.execute(_ordered(asked, market)) as rows:
                count = write(part, list(asked.columns), _plain(asked, rows))

    try:
        write_whole(path, fill)
    except OSError as failed:
        raise ConfigError(f"{path}: cannot be written: {failed.strerror}") from None
    except DBAPIError as failed:
        why = str(failed.orig).strip().partition("\n")[0]
        raise ChainError(f"the database does not answer: {why}") from None
    return count


def _ordered(table: Table, market: Address | None) -> Any:
    query = select(table).order_by(*table.primary_key.columns)
    if market is None:
        return query
    column = table.columns.get("address" if table.name == "markets" else "market")
    if column is None:
        raise ConfigError(f"market: the table {table.name} is of all markets")
    return query.where(column == market)


def _plain(table: Table, rows: Any) -> Rows:
    """Rows as files have them."""
    forms = [_form(column) for column in table.columns]
    for row in rows:
        yield tuple(
            None if value is None else form(value) for form, value in zip(forms, row, strict=True)
        )


def _form(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Boolean):
        return bool
    if isinstance(column.type, Integer | BigInteger):
        return int
    return _text


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)


def _write_csv(path: Path, columns: Sequence[Column[Any]], rows: Rows) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in columns)
        for count, row in enumerate(rows, 1):  # noqa: B007
            writer.writerow(row)
    return count


def _write_parquet(path: Path, columns: Sequence[Column[Any]], rows: Rows) -> int:
    """In parts, which are put together without all of them ever being in memory."""
    schema = {column.name: _kind(column) for column in columns}
    count = 0
    with TemporaryDirectory(dir=path.parent, prefix=path.name) as folder:
        parts = 0
        for batch in _batches(rows):
            frame = polars.DataFrame(batch, schema=schema, orient="row")
            frame.write_parquet(Path(folder) / f"{parts:06}.parquet")
            parts, count = parts + 1, count + len(batch)
        polars.scan_parquet(Path(folder) / "*.parquet").sink_parquet(path)
    return count


def _batches(rows: Rows) -> Iterator[list[tuple[Any, ...]]]:
    """At least one, for a file says what its columns are."""
    yield list(islice(rows, AT_ONCE))
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _kind(column: Column[Any]) -> Any:
    form = _form(column)
    return {bool: polars.Boolean, int: polars.Int64}.get(form, polars.String)  # type: ignore[call-overload]


WRITERS: dict[str, Write] = {".csv": _write_csv, ".parquet": _write_parquet}
"""By the ending of a file's name."""
