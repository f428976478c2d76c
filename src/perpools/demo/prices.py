"""Prices to play with: the ECB's EUR/USD fixings, or a CSV file."""

from datetime import date, timedelta
from pathlib import Path
from statistics import median_low
from typing import NamedTuple

from perpools import price_file
from perpools.errors import ConfigError
from perpools.spec.units import Seconds

Fixing = price_file.Priced
"""A price and when it was published."""

LEAST_ROWS = 10
"""Fewer prices make no story."""
LEAST_INTERVAL_S = 60
"""Between two grid points all holders and keepers need some seconds each."""
MOST_INTERVALS = 5_000
"""About half an hour of work."""


class Prices(NamedTuple):
    """What is told: a price over time."""

    name: str
    fixings: tuple[Fixing, ...]

    @property
    def interval_s(self) -> Seconds:
        """The usual distance of two fixings: that of the grid points."""
        pairs = zip(self.fixings, self.fixings[1:], strict=False)
        return median_low(later.at - earlier.at for earlier, later in pairs)


def fixings(count: int, quoted: str = "USD") -> Prices:
    """The last fixings of the euro by the ECB there are: one for each of its business days."""
    found: list[Fixing] = []
    day: date = price_file.ecb_rates().bounds[quoted].last_date
    while len(found) < count:
        fixing = price_file.fixing("EUR", quoted, day)
        found += [] if fixing is None else [fixing]  # a weekend or a holiday has none
        day -= timedelta(days=1)
    return Prices(f"EUR/{quoted}", tuple(reversed(found)))


def read(path: Path) -> Prices:
    """The prices of a file, oldest first; `ConfigError` names the line that is wrong."""
    prices = Prices("PRICES", tuple(price_file.read(path)))
    _require_story(path, prices)
    return prices


def _require_story(path: Path, prices: Prices) -> None:
    rows = prices.fixings
    if len(rows) < LEAST_ROWS:
        raise ConfigError(f"{path}: {len(rows)} prices are too few: {LEAST_ROWS} at least")
    if prices.interval_s < LEAST_INTERVAL_S:
        raise ConfigError(f"{path}: prices must be {LEAST_INTERVAL_S} seconds apart at least")
    intervals = (rows[-1].at - rows[0].at) // prices.interval_s
    if intervals > MOST_INTERVALS:
        raise ConfigError(
            f"{path}: {intervals} intervals of {prices.interval_s}s are too many:"
            f" {MOST_INTERVALS} at most"
        )
