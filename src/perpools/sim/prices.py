"""
Where a backtest's prices come from: a CSV or Parquet file headed `timestamp,price`, the euro
fixings of the European Central Bank, or candles of an exchange (`candles`).

Prices are kept as exact integers (WAD) and times in Unix seconds. Whatever is wrong with a file is
one line that names the row and what to do: nothing is repaired in silence.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median_low
from typing import Any, NamedTuple

from perpools import price_file
from perpools.errors import ConfigError
from perpools.price_file import Priced
from perpools.quantities import show_duration
from perpools.spec.units import Seconds, Timestamp, Wad

MOST_SILENT = 7
"""Usual distances without a price that pass for a weekend and holidays; more is a gap."""
KEEP_ONE = "; keep one of them, or let the last count (--keep-last)"


class Prices(NamedTuple):
    """A price over time, oldest first."""

    name: str
    times: tuple[Timestamp, ...]
    wads: tuple[Wad, ...]

    @property
    def spacing_s(self) -> Seconds:
        """The usual distance of two prices."""
        pairs = zip(self.times, self.times[1:], strict=False)
        return median_low(later - earlier for earlier, later in pairs)


def load(source: str | Path, *, keep_last: bool = False) -> Prices:
    """
    The prices of a source: `ecb:EURUSD`, or the path of a file in CSV or, ending in `.parquet`,
    Parquet. `ConfigError` says what is wrong with it. `keep_last`: where a moment has several
    prices, the last of them counts.
    """
    kind, _, pair = str(source).partition(":")
    if kind == "ecb":
        return ecb(pair)
    path = Path(source)
    found = price_file.read(path, keep_last=keep_last, advice=KEEP_ONE)
    return gathered(path.name, found, str(path))


def gathered(name: str, found: Iterable[Priced], source: str) -> Prices:
    """Prices that came one by one; `ConfigError` names their source where they are too few."""
    rows = tuple(found)
    if len(rows) < 2:
        raise ConfigError(f"{source}: {len(rows)} prices are too few: 2 at least")
    return Prices(name, tuple(at for at, _ in rows), tuple(price for _, price in rows))


def ecb(pair: str) -> Prices:
    """All fixings there are of a pair such as EURUSD: what one of the first costs in the second."""
    rates = price_file.ecb_rates()
    base, quote = pair[:3].upper(), pair[3:].upper()
    unknown = [currency for currency in (base, quote) if currency not in rates.currencies]
    if unknown or base == quote:
        raise ConfigError(f"ecb:{pair}: the ECB has no such pair; write it like ecb:EURUSD")
    days = _days(rates.bounds[base], rates.bounds[quote])
    fixings = (price_file.fixing(base, quote, day) for day in days)
    told = (fixing for fixing in fixings if fixing is not None)  # no weekends and holidays
    return gathered(f"{base}/{quote} (ECB)", told, f"ecb:{pair}")


def check_gaps(source: str, prices: Prices) -> None:
    """
    Refuse a hole in the prices: more than `MOST_SILENT` times their usual distance.

    A market file that sets `max_age` under `[price]` needs no check: its feed falls silent then.
    """
    usual_s = prices.spacing_s
    for earlier, later in zip(prices.times, prices.times[1:], strict=False):
        if later - earlier > MOST_SILENT * usual_s:
            since = datetime.fromtimestamp(earlier, UTC).strftime("%Y-%m-%d %H:%M")
            raise ConfigError(
                f"{source}: no price for {show_duration(later - earlier)} after {since} UTC, where"
                f" {show_duration(usual_s)} is usual: fill the gap, or set max_age under [price]"
                " and the feed is silent then"
            )


def _days(*bounds: Any) -> Iterator[date]:
    day = max(bound.first_date for bound in bounds)
    last = min(bound.last_date for bound in bounds)
    while day <= last:
        yield day
        day += timedelta(days=1)
