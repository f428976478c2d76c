"""
What commands print: an amount, a price, a share, a moment; each as people read it and as JSON.

In JSON every one of them is an object: its integer exactly, and a text that is exact as well. For
people digits that nobody reads are cut off, always towards zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from perpools import quantities
from perpools.errors import ConfigError
from perpools.spec.units import Address, Timestamp, Wad

EVERYTHING = "all"
"""The amount that means whatever there is."""

_DECIMALS, _DIGITS = 6, 4
"""People are shown so many decimals, and more only until so many digits of a small number stand."""

Json = dict[str, Any]


class Value(Protocol):
    """What knows how to print itself."""

    @property
    def text(self) -> str:
        """For people."""

    @property
    def json(self) -> Any:
        """For programs."""


def as_json(value: Any) -> Any:
    """Whatever knows its JSON, numbers, texts, and lists and mappings of them, as JSON keeps it."""
    if isinstance(value, Mapping):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return value.json if hasattr(value, "json") else exact(value)


def exact(value: Any) -> Any:
    """A number as JSON keeps it: its own numbers are exact up to 53 bits, larger ones are text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return str(value)
    return value


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a coin or token."""

    units: int
    decimals: int
    symbol: str

    @property
    def text(self) -> str:
        """Such as `1,234.5 DUSD`."""
        return f"{readable(self.units, self.decimals)} {self.symbol}".rstrip()

    @property
    def plain(self) -> str:
        """The number alone, for a column whose title says the rest."""
        return readable(self.units, self.decimals, most=4)

    @property
    def json(self) -> Json:
        """Base units, and all digits."""
        whole = quantities.show_amount(self.units, self.decimals)
        return {"units": exact(self.units), "text": f"{whole} {self.symbol}".rstrip()}


@dataclass(frozen=True, slots=True)
class Number:
    """A price or a leverage, WAD."""

    wad: Wad
    unit: str = ""

    @property
    def text(self) -> str:
        """Such as `2,000.5`."""
        return f"{readable(self.wad, 18)}{self.unit}"

    @property
    def json(self) -> Json:
        """The integer, and all digits."""
        return {
            "wad": exact(self.wad),
            "text": f"{quantities.show_amount(self.wad, 18)}{self.unit}",
        }


@dataclass(frozen=True, slots=True)
class Share:
    """A part of one, WAD."""

    wad: Wad
    signed: bool = False

    @property
    def text(self) -> str:
        """Such as `0.5%`, or `+0.5%`."""
        sign = "+" if self.signed and self.wad > 0 else ""
        return f"{sign}{readable(self.wad, 16, most=2)}%"

    @property
    def json(self) -> Json:
        """The integer, and all digits."""
        return {"wad": exact(self.wad), "text": f"{quantities.show_amount(self.wad, 16)}%"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A second, as the chain counts them."""

    unix: Timestamp
    now: Timestamp | None = None
    """The chain's present: with it, people are told how far away the moment is."""

    @property
    def text(self) -> str:
        """Such as `2026-01-31 06:00:00 UTC (in 5m)`; the local time too where it is another."""
        utc = datetime.fromtimestamp(self.unix, UTC)
        local = utc.astimezone()
        told = [f"{utc:%Y-%m-%d %H:%M:%S} UTC"]
        if local.utcoffset():
            told.append(f"{local:%H:%M %Z}")
        if self.now is not None:
            told.append(_distance(self.unix - self.now))
        return told[0] + (f" ({', '.join(told[1:])})" if told[1:] else "")

    @property
    def json(self) -> Json:
        """Unix seconds, and ISO 8601."""
        utc = datetime.fromtimestamp(self.unix, UTC)
        return {"unix": self.unix, "utc": f"{utc:%Y-%m-%dT%H:%M:%SZ}"}


@dataclass(frozen=True, slots=True)
class Duration:
    """So many seconds."""

    seconds: int

    @property
    def text(self) -> str:
        """Such as `1h30m`."""
        return quantities.show_duration(self.seconds)

    @property
    def json(self) -> Json:
        """Seconds, and the same text."""
        return {"seconds": self.seconds, "text": self.text}


@dataclass(frozen=True, slots=True)
class Name:
    """A number that names something, such as a block or an epoch."""

    number: int

    @property
    def text(self) -> str:
        """Its digits, without separators."""
        return str(self.number)

    @property
    def json(self) -> Any:
        """The number."""
        return exact(self.number)


def short(address: Address) -> str:
    """The ends of an address, which people compare."""
    return f"{address[:6]}…{address[-4:]}"


def coin(wei: int) -> Amount:
    """So much of the chain's native coin."""
    return Amount(wei, 18, "ETH")


def readable(units: int, decimals: int, most: int = _DECIMALS) -> str:
    """As people read it: `1,234.5`; small numbers keep their first digits."""
    sign, units = ("-", -units) if units < 0 else ("", units)
    leading_zeros = decimals - len(str(units))
    kept = min(decimals, max(most, leading_zeros + _DIGITS if units else 0))
    whole, rest = divmod(units // 10 ** (decimals - kept), 10**kept)
    digits = f"{rest:0{kept}d}".rstrip("0") if kept else ""
    return f"{sign}{whole:,}" + (f".{digits}" if digits else "")


def parse(text: str, decimals: int, name: str) -> int:
    """
    The base units that somebody wrote as a plain number of whole ones, more than zero and exactly;
    `ConfigError` otherwise.
    """
    if text.startswith("-"):
        raise ConfigError(f"{name}: '{text}' is negative: write it like 100 or 0.5")
    try:
        units = quantities.amount(text, decimals)
    except ValueError as wrong:
        raise ConfigError(f"{name}: '{text}' {wrong}") from None
    if units == 0:
        raise ConfigError(f"{name}: '{text}' is nothing: write more than 0")
    return units


def _distance(seconds: int) -> str:
    if seconds == 0:
        return "now"
    shown = quantities.show_duration(_coarse(abs(seconds)))
    return f"in {shown}" if seconds > 0 else f"{shown} ago"


def _coarse(seconds: int) -> int:
    """Two units of time are enough."""
    for unit, finer in ((86_400, 3_600), (3_600, 60)):
        if seconds >= unit:
            return seconds - seconds % finer
    return seconds
