"""What a seeded fault is."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One fault: where, what stands there, what is put there instead, and what that would mean."""

    name: str
    file: str
    old: str
    new: str
    why: str
    suite: tuple[str, ...] = ()
    """The tests that must notice; empty: those of the core."""
    contracts: tuple[str, ...] = ()
    """What must still compile; empty: the core."""
