"""
Whether an event is due where no order waits (R7). Mirrors `contracts/lib/triggers.vy`.

A market without a trigger has one at every grid point. Each of these is a frozen value that a
market's terms hold, and a contract of the same name on a chain.
"""

from dataclasses import dataclass

from .fixed_point import WAD
from .units import Wad

MAX_THRESHOLD_WAD = 100 * WAD
"""A hundredfold move: beyond it a market would never rebalance by itself."""


def moved(reference: Wad, price: Wad, threshold_wad: Wad) -> bool:
    """
    Whether `|price / reference - 1| >= threshold`, compared without dividing: nothing is
    rounded.
    """
    return abs(price - reference) * WAD >= threshold_wad * reference


@dataclass(frozen=True, slots=True)
class PriceChange:
    """Due once the average price moved by the threshold since the last event."""

    threshold_wad: Wad

    def __call__(self, old_price: Wad, new_price: Wad, spot: Wad) -> bool:
        """Whether an event is due; `spot` does not matter."""
        return moved(old_price, new_price, self.threshold_wad)


@dataclass(frozen=True, slots=True)
class Momentum:
    """Due while the spot price is off its moving average by the threshold."""

    threshold_wad: Wad

    def __call__(self, old_price: Wad, new_price: Wad, spot: Wad) -> bool:
        """Whether an event is due; `old_price` does not matter."""
        return moved(new_price, spot, self.threshold_wad)
