"""A long list, page after page, as one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from perpools.index.paging import MOST, Slice

LONGEST_TABLE = 20_000
"""Rows of a table that somebody downloads."""

Row = TypeVar("Row", covariant=True)


class Paged(Protocol[Row]):
    """Part of a list."""

    @property
    def items(self) -> Sequence[Row]:
        """The part."""

    @property
    def next(self) -> str | None:
        """Where the next one begins."""


def spread(read: Callable[[Slice], Paged[Row]], most: int = LONGEST_TABLE) -> Iterator[Row]:
    """The items of all pages, at most so many."""
    after: str | None = None
    while most > 0:
        page = read(Slice(min(MOST, most), after))
        yield from page.items
        most, after = most - len(page.items), page.next
        if after is None:
            return
