"""
Prices on a market's grid: as of each grid point, by the rule that feeds follow (R14).
"""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from perpools.errors import ConfigError
from perpools.quantities import show_duration
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Epoch, Seconds, Wad

from .prices import Prices


class Grid(NamedTuple):
    """What the feed says of each grid point, the first of which deploys the market."""

    prices: Prices
    interval_s: Seconds
    first_epoch: Epoch
    wads: tuple[Wad, ...]
    """The price as of each grid point."""
    known: tuple[int, ...]
    """
    At which grid point it is known: the same one, unless the feed was silent and the first price
    after it counts (then a later one, or none there is).
    """

    @property
    def size(self) -> int:
        """How many grid points there are."""
        return len(self.wads)

    @property
    def silent(self) -> int:
        """Grid points at which the feed had no fresh price."""
        return sum(known > point for point, known in enumerate(self.known))

    def seen(self, after_s: Seconds) -> list[float]:
        """The last price known so long after each grid point, however old."""
        prices, first = self.prices, self.first_epoch
        moments = ((first + point) * self.interval_s + after_s for point in range(self.size))
        wads = (prices.wads[bisect_right(prices.times, moment) - 1] for moment in moments)
        return [wad / WAD for wad in wads]


@lru_cache(maxsize=4)  # settings of a sweep share theirs
def on_grid(prices: Prices, interval_s: Seconds, max_age_s: Seconds | None) -> Grid:
    """
    Put prices on the grid of a market. `max_age_s` None: a price is good until the next one.

    `ConfigError` where they span fewer than two grid points.
    """
    first, last = -(-prices.times[0] // interval_s), prices.times[-1] // interval_s
    if last <= first:
        raise ConfigError(
            f"{prices.name}: the prices span less than two grid points of"
            f" {show_duration(interval_s)}: bring more, or shorten the interval"
        )
    found = [_as_of(prices, epoch, interval_s, max_age_s) for epoch in range(first, last + 1)]
    wads, known = (tuple(part) for part in zip(*found, strict=True))
    return Grid(prices, interval_s, first, wads, tuple(epoch - first for epoch in known))


def _as_of(
    prices: Prices, epoch: Epoch, interval_s: Seconds, max_age_s: Seconds | None
) -> tuple[Wad, Epoch]:
    """The price as of a grid point, and the grid point at which it is known."""
    moment = epoch * interval_s
    after = bisect_right(prices.times, moment)
    fresh = max_age_s is None or moment - prices.times[after - 1] <= max_age_s
    if fresh or after == len(prices.times):
        return prices.wads[after - 1], epoch
    return prices.wads[after], -(-prices.times[after] // interval_s)
