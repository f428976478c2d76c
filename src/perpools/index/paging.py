"""
Long lists in pages: each page knows where the next one begins, and the database finds that place by
an index, however far back it is.
"""

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Generic, TypeVar

from sqlalchemy import Integer, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from perpools.errors import ConfigError

MOST = 500
"""No page is longer."""
USUAL = 50

Row = TypeVar("Row")
Key = tuple[int | str, ...]

_SEPARATOR = "~"
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_TEXT = re.compile(r"\w{1,66}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is wanted."""

    limit: int = USUAL
    """So many rows; `ConfigError` unless 1 to `MOST`."""
    after: str | None = None
    """A page's `next`; the list's beginning if not given."""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST:
            raise ConfigError(f"limit: {self.limit} is not from 1 to {MOST}")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Part of a list."""

    items: tuple[Row, ...]
    next: str | None
    """What the next page begins after; None: there is nothing more."""


FIRST = Slice()
"""The beginning of a list."""


class Keyset:
    """The columns that order a list: together they name a row, and an index has them in order."""

    def __init__(self, *columns: InstrumentedAttribute[Any], newest_first: bool = True) -> None:
        self._columns, self._falling = columns, newest_first

    def page(self, session: Session, wanted: Slice, *queries: Select[Row]) -> Page[Row]:
        """The rows of one query or more, each once; `ConfigError` where `after` ends no page."""
        ordered = [column.desc() if self._falling else column.asc() for column in self._columns]
        count = wanted.limit + 1
        found = [
            session.scalars(self._beyond(query, wanted.after).order_by(*ordered).limit(count)).all()
            for query in queries
        ]
        merged = heapq.merge(*found, key=self._key, reverse=self._falling)
        rows = [next(same) for _, same in islice(groupby(merged, self._key), count)]
        items = tuple(rows[: wanted.limit])
        return Page(items, self._cursor(items[-1]) if len(rows) > wanted.limit else None)

    def _beyond(self, query: Select[Row], after: str | None) -> Select[Row]:
        if after is None:
            return query
        here, end = tuple_(*self._columns), tuple_(*self._parsed(after))
        return query.where(here < end if self._falling else here > end)

    def _key(self, row: Any) -> Key:
        return tuple(getattr(row, column.key) for column in self._columns)

    def _cursor(self, row: Any) -> str:
        return _SEPARATOR.join(map(str, self._key(row)))

    def _parsed(self, cursor: str) -> Key:
        parts = cursor.split(_SEPARATOR)
        if len(parts) != len(self._columns) or not all(map(_fits, parts, self._columns)):
            raise ConfigError("after: is not the `next` of a page of this list")
        return _typed(parts, self._columns)


def _fits(part: str, column: InstrumentedAttribute[Any]) -> bool:
    return (_NUMBER if _counts(column) else _TEXT).fullmatch(part) is not None


def _typed(parts: Sequence[str], columns: Sequence[InstrumentedAttribute[Any]]) -> Key:
    pairs = zip(parts, columns, strict=True)
    return tuple(int(part) if _counts(column) else part for part, column in pairs)


def _counts(column: InstrumentedAttribute[Any]) -> bool:
    return isinstance(column.type, Integer)
