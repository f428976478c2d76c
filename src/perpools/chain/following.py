"""
What is new in a market's logs, and what was undone: pure. The last blocks of a chain may be
replaced by others, so they are read again each time, until they are too deep to change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

DEPTH = 64
"""Blocks that may still be replaced: two epochs of Ethereum, after which they are final."""


class Logged(Protocol):
    """What stands in a block."""

    @property
    def block_number(self) -> int:
        """The block's number."""

    @property
    def block_hash(self) -> str:
        """The block's hash."""

    @property
    def index(self) -> int:
        """The log's number in its block."""


R = TypeVar("R", bound=Logged)


Mark = tuple[int, str, int]
"""Which log: block, its hash, number in it. The same contents in another block are another log."""


def mark(record: Logged) -> Mark:
    """Which log a record is of."""
    return record.block_number, record.block_hash, record.index


@dataclass(frozen=True)
class News(Generic[R]):
    """What changed since the last look."""

    undone: tuple[R, ...]
    """Told before and no longer on the chain; the latest first."""
    fresh: tuple[R, ...]
    """On the chain and not told before; in their order."""


@dataclass(frozen=True)
class Followed(Generic[R]):
    """How far a market's logs were read."""

    settled: int
    """Everything up to this block was told, and is not read again."""
    recent: tuple[R, ...] = ()
    """What was told of the blocks after it."""

    @property
    def first(self) -> int:
        """The first block to read at the next look."""
        return self.settled + 1

    def look(self, found: Sequence[R], head: int) -> "tuple[Followed[R], News[R]]":
        """
        The same after `found`, every log from `first` to `head` in order, was read; and what
        changed. Blocks `DEPTH` below the head settle.
        """
        before = {mark(record) for record in self.recent}
        now = {mark(record) for record in found}
        undone = tuple(r for r in reversed(self.recent) if mark(r) not in now)
        fresh = tuple(r for r in found if mark(r) not in before)
        settled = max(self.settled, head - DEPTH)
        recent = tuple(r for r in found if r.block_number > settled)
        return Followed(settled, recent), News(undone, fresh)
