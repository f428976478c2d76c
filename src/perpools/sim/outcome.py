"""What an engine hands back, whichever it was."""

from collections.abc import Callable
from typing import NamedTuple

OnProgress = Callable[[int, int], None]
"""Told now and then how much is done, of how much: of a run, grid points."""


class Outcome(NamedTuple):
    """The raw record of a run, in whole units."""

    events: list[tuple[float, ...]]
    """One row for each event, in the order of `books.COLUMNS`."""
    values: list[list[float]]
    """By agent and grid point: what everything it has is worth."""
    wallets: list[list[float]]
    """By agent, at the end."""
    refused: int
    """Orders that came while the keeper was too far behind."""
    outside: list[list[float]]
    """By agent and grid point: what trading the underlying outside earned, as of the price then."""
