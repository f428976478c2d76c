"""Logs of many blocks, asked for in pieces that the node is willing to answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from perpools.chain.failures import Unreachable, WrongChain
from perpools.chain.wire import Log
from perpools.errors import ChainError

MOST = 10_000
"""Blocks asked for at once: what most public nodes allow."""

CALM = 16
"""So many pieces in a row must succeed before more is asked for than what failed."""

Topics = Sequence[bytes | str | Sequence[bytes | str] | None]
"""As nodes filter by: for each position any (None), one, or one of several."""

Ask = Callable[[int, int], Sequence[Log]]
"""The logs of the blocks from the first to the last, both included."""


@dataclass(slots=True)
class Span:
    """How many blocks to ask for: half after each complaint, twice after each answer."""

    blocks: int = MOST
    ceiling: int = MOST
    answers: int = 0

    def complained(self) -> None:
        """The node would not answer for so many."""
        self.ceiling = self.blocks = max(1, self.blocks // 2)
        self.answers = 0

    def answered(self) -> None:
        """The node answered."""
        self.answers += 1
        if self.answers % CALM == 0:
            self.ceiling = min(2 * self.ceiling, MOST)
        self.blocks = min(2 * self.blocks, self.ceiling)


def in_pieces(ask: Ask, first: int, last: int, span: Span | None = None) -> Iterator[Log]:
    """
    All logs of the blocks from `first` to `last`, in their order.

    Whatever error a node answers for several blocks may be a complaint about their number, as
    each product words it differently; for a single block it is raised.
    """
    span = span or Span()
    while first <= last:
        until = min(last, first + span.blocks - 1)
        try:
            logs = ask(first, until)
        except ChainError as failed:
            if until == first or not _is_complaint(failed):
                raise
            span.blocks = until - first + 1
            span.complained()
            continue
        yield from logs
        span.answered()
        first = until + 1


def _is_complaint(failed: ChainError) -> bool:
    """Whether asking for less may help."""
    if isinstance(failed, Unreachable):
        return failed.late
    return not isinstance(failed, WrongChain)
