"""
What people write, and the integers it means: durations, percentages, numbers, gas prices, amounts
of a token.

Every reader is exact: nothing passes through a float. What it cannot read it refuses with a
`ValueError` that says how to write it.
"""

import re
from decimal import Decimal
from typing import Any

WAD = 10**18
GWEI = 10**9

UNITS_S = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_BLOCKS = re.compile(r"(\d+) ?blocks?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_GAS_PRICE = re.compile(r"(\d+(?:\.\d+)?) ?gwei")
_AMOUNT = re.compile(r"[0-9]{1,60}(?:\.[0-9]{1,60})?")

_MOST_DIGITS = 60
"""
Beyond every amount and every precision there is: a number of a million digits is not worked out.
"""

_LARGEST_AMOUNT = 2**256
"""No token counts further."""

_LARGEST = 2**128
"""Nothing in a market is larger; refusing it here keeps the messages about ranges short."""


def duration(value: Any, block_time_s: int | None = None) -> int:
    """Seconds of "90s", "5m", "1h30m", "1d" or, where a block's time is known, "20 blocks"."""
    text = _text(value)
    if match := _BLOCKS.fullmatch(text):
        if block_time_s is None:
            raise ValueError('counts blocks: set block_time, such as block_time = "12s"')
        return _sized(int(match[1]) * block_time_s)
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError('is not a duration: write it like "90s", "5m", "1h30m" or "1d"')
    parts = zip(match.groups(default="0"), UNITS_S.values(), strict=True)
    return _sized(sum(int(count) * unit_s for count, unit_s in parts))


def percent(value: Any) -> int:
    """The share that "0.5%" is, WAD."""
    match = _PERCENT.fullmatch(_text(value))
    if match is None:
        raise ValueError('is not a percentage: write it like "0.5%"')
    return _exact(Decimal(match[1]), WAD // 100)


def percent_per_year(value: Any) -> int:
    """The yearly share that "2%/year" is, WAD."""
    text = _text(value)
    match = _PERCENT.fullmatch(text.removesuffix("/year").rstrip())
    if match is None or not text.endswith("/year"):
        raise ValueError('is not a yearly percentage: write it like "2%/year"')
    return _exact(Decimal(match[1]), WAD // 100)


def number(value: Any) -> int:
    """A plain number, WAD."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("is not a number: write it without quotes, like 3 or 1.5")  # noqa: TRY004
    exact = Decimal(value)
    if not exact.is_finite() or exact < 0:
        raise ValueError("is not a number of zero or more")
    return _exact(exact, WAD)


def gas_price(value: Any) -> int:
    """The wei that "20 gwei" are."""
    match = _GAS_PRICE.fullmatch(_text(value))
    if match is None:
        raise ValueError('is not a gas price: write it like "20 gwei"')
    return _exact(Decimal(match[1]), GWEI)


def amount(text: Any, decimals: int) -> int:
    """The base units that "1.5" whole units of a token with so many decimals are, exactly."""
    match = _AMOUNT.fullmatch(_text(text))
    if match is None:
        raise ValueError('is not an amount: write it like "100" or "0.5"')
    whole, _, fraction = match[0].partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"has more digits than the token keeps: at most {decimals} decimals")
    units = int(whole + fraction.ljust(decimals, "0"))
    if units >= _LARGEST_AMOUNT:
        raise ValueError("is too large")
    return units


def show_amount(units: int, decimals: int) -> str:
    """Base units as whole ones, every digit: "1.5"."""
    sign, digits = "-" * (units < 0), str(abs(units)).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{sign}{whole}.{fraction}".rstrip("0").rstrip(".") if fraction else sign + whole


def show_duration(seconds: int) -> str:
    """The shortest way to write it: "1h30m"."""
    parts = []
    for unit, unit_s in UNITS_S.items():
        count, seconds = divmod(seconds, unit_s)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def show_percent(share_wad: int) -> str:
    """As "0.5%"."""
    return show_number(share_wad * 100) + "%"


def show_number(value_wad: int) -> str:
    """As "1.5"."""
    whole, rest = divmod(value_wad, WAD)
    return f"{whole}.{rest:018d}".rstrip("0").rstrip(".")


def show_gas_price(wei: int) -> str:
    """As "20 gwei"."""
    return show_number(wei * GWEI) + " gwei"


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _exact(value: Decimal, unit: int) -> int:
    if value.adjusted() > _MOST_DIGITS:
        raise ValueError("is too large")
    if value.adjusted() < -_MOST_DIGITS:
        value = Decimal(0 if value == 0 else "1e-60")
    numerator, denominator = value.as_integer_ratio()
    units, rest = divmod(numerator * unit, denominator)
    if rest:
        raise ValueError("has more digits than the protocol keeps: at most 18 decimals")
    return _sized(units)


def _sized(units: int) -> int:
    if units >= _LARGEST:
        raise ValueError("is too large")
    return units
