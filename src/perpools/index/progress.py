"""What a follower says of one round, and where it looks."""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.chain.node import Block
from perpools.spec.units import Address


class Sources(NamedTuple):
    """Which markets to follow: those of some factories, and some by their address."""

    factories: tuple[Address, ...] = ()
    """Where neither is named: of any factory, whoever made it."""
    markets: tuple[Address, ...] = ()
    first_block: int = 0
    """No market is older."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one market was read in a round."""

    market: Address
    block: int
    """Everything up to it is in the tables; the block before its birth, if nothing is."""
    records: int = 0
    """New ones."""
    undone: int = 0
    """Records taken back."""
    behind: bool = False
    """Whether there are more blocks to read."""
    problem: str | None = None
    """Why nothing was written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One round."""

    head: Block | None
    """The chain's last block; None where the node could not be asked."""
    steps: tuple[Step, ...] = ()
    problem: str | None = None
    """What went wrong for all markets at once."""
    searching: bool = False
    """Whether there are more blocks in which to look for markets."""

    @property
    def caught_up(self) -> bool:
        """Whether everything up to the head was read, but for what cannot be."""
        behind = any(step.behind for step in self.steps)
        return self.problem is None and not behind and not self.searching

    @property
    def records(self) -> int:
        """New records of all markets."""
        return sum(step.records for step in self.steps)

    @property
    def problems(self) -> tuple[str, ...]:
        """All that went wrong, a line each."""
        own = tuple(f"{step.market}: {step.problem}" for step in self.steps if step.problem)
        return ((self.problem,) if self.problem else ()) + own
