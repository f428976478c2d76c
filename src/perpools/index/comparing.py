"""What is on the chain against what is in the tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from perpools.chain.following import mark
from perpools.chain.history import Record
from perpools.chain.node import Block, Node
from perpools.errors import ChainError


class Look:
    """One round: the head, and other blocks, each asked for once. Safe for threads."""

    def __init__(self, node: Node, head: Block) -> None:
        self.node, self.head = node, head
        self._blocks = {head.number: head}

    def block(self, number: int) -> Block:
        """A block of the chain."""
        if number not in self._blocks:
            self._blocks[number] = self.node.block(number)
        return self._blocks[number]

    def require(self, record: Record) -> None:
        """`ChainError` unless the block that a record claims to be of is on the chain."""
        if self.block(record.block_number).hash != record.block_hash:
            raise ChainError(
                f"logs of a block {record.block_number} that is not on the chain: they are read "
                "again"
            )

    def require_head(self) -> None:
        """`ChainError` unless the head is still what it was when the round began."""
        if self.node.block(self.head.number).hash != self.head.hash:
            raise ChainError("the chain changed while it was read: it is read again")


@dataclass(frozen=True)
class Change:
    """How the chain differs from the tables, up to a block."""

    last: int
    fork: int
    """Up to this block they agree."""
    undone: tuple[Record, ...]
    """In the tables and no longer on the chain; the latest first."""
    fresh: tuple[Record, ...]
    """On the chain and not in the tables."""
    again: tuple[Record, ...]
    """All of the chain after the fork."""
    takes_back: bool
    """Whether the tables have anything of the blocks after the fork."""

    @property
    def is_nothing(self) -> bool:
        """Whether the tables say just what the chain says."""
        return not self.again and not self.takes_back


def difference(tail: Sequence[Record], found: Sequence[Record], last: int) -> Change:
    """Compare the records of the tables with all that were found up to a block."""
    old, new = [mark(r) for r in tail if r.block_number <= last], [mark(r) for r in found]
    pairs = zip(old, new, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    differing = [block for block, *_ in (*old[same : same + 1], *new[same : same + 1])]
    fork = min(differing) - 1 if differing else last
    on_chain, known = set(new), set(old)
    # where nothing differs, what the tables have of later blocks is not to be taken back
    later = [r for r in tail if differing and r.block_number > fork]
    undone = tuple(r for r in reversed(later) if mark(r) not in on_chain)
    fresh = tuple(r for r in found if mark(r) not in known)
    again = tuple(r for r in found if r.block_number > fork)
    return Change(last, fork, undone, fresh, again, bool(later))
