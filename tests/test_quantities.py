"""What people write is read exactly, and written back the shortest way."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools import quantities

WAD = 10**18

READ = [
    (quantities.duration, "90s", 90),
    (quantities.duration, "5m", 300),
    (quantities.duration, "1h", 3_600),
    (quantities.duration, "1h30m", 5_400),
    (quantities.duration, "1d", 86_400),
    (quantities.duration, "1d2h3m4s", 93_784),
    (quantities.duration, "0s", 0),
    (quantities.percent, "0%", 0),
    (quantities.percent, "1%", 10**16),
    (quantities.percent, "0.5 %", 5 * 10**15),
    (quantities.percent, "0.0000000000000001%", 1),
    (quantities.percent_per_year, "2%/year", 2 * 10**16),
    (quantities.number, 3, 3 * WAD),
    (quantities.number, Decimal("1.5"), 15 * 10**17),
    (quantities.number, Decimal("0.1"), 10**17),
    (quantities.gas_price, "20 gwei", 20 * 10**9),
    (quantities.gas_price, "0.5gwei", 5 * 10**8),
]

REFUSED = [
    *((quantities.duration, value) for value in ["", "1", "1 hour", "30m1h", "-1h", "1.5h", 3600]),
    (quantities.duration, "20 blocks"),
    (quantities.duration, f"{2**128}s"),
    *((quantities.percent, value) for value in ["1", "-1%", "1e2%", ".5%", "%", 1, None]),
    (quantities.percent, "0.00000000000000001%"),
    *((quantities.percent_per_year, value) for value in ["2%", "2/year", "2%/month", 2]),
    *((quantities.number, value) for value in ["3", True, None, -1, Decimal("-0.1")]),
    *((quantities.number, Decimal(value)) for value in ["NaN", "Infinity", "1e-19", "1e30"]),
    *((quantities.gas_price, value) for value in ["20", "20 wei", "-1 gwei", 20, "1e-10 gwei"]),
]


@pytest.mark.parametrize(("read", "text", "meaning"), READ)
def test_it_is_read_exactly(read: Any, text: Any, meaning: int) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(("read", "text"), REFUSED)
def test_what_cannot_be_read_is_refused(read: Any, text: Any) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_blocks_are_durations_where_their_time_is_known() -> None:
    assert quantities.duration("20 blocks", block_time_s=13) == 260
    assert quantities.duration("1 block", block_time_s=13) == 13


@given(st.integers(0, 10**9))
def test_a_duration_is_written_as_it_is_read(seconds: int) -> None:
    assert quantities.duration(quantities.show_duration(seconds)) == seconds


@given(st.integers(0, 10**24))
def test_a_number_is_written_as_it_is_read(value_wad: int) -> None:
    assert quantities.number(Decimal(quantities.show_number(value_wad))) == value_wad
    assert quantities.percent(quantities.show_percent(value_wad)) == value_wad
    assert quantities.gas_price(quantities.show_gas_price(value_wad)) == value_wad


AMOUNTS = [
    ("0", 6, 0),
    ("1", 6, 1_000_000),
    ("1.5", 6, 1_500_000),
    ("0.000001", 6, 1),
    ("1.50000000", 6, 1_500_000),
    ("100", 0, 100),
    ("1.0", 0, 1),
    (" 2 ", 18, 2 * WAD),
]


@pytest.mark.parametrize(("text", "decimals", "units"), AMOUNTS)
def test_an_amount_is_read_exactly(text: str, decimals: int, units: int) -> None:
    assert quantities.amount(text, decimals) == units


@pytest.mark.parametrize(
    "text", ["", "-1", "1,000", "1e3", ".5", "1.", "0x10", "½", "1_000", 1, 0.5, "9" * 61, "9" * 60]
)
def test_what_is_no_amount_is_refused(text: Any) -> None:
    with pytest.raises(ValueError):
        quantities.amount(text, 18)


def test_an_amount_is_never_rounded() -> None:
    with pytest.raises(ValueError, match="at most 6 decimals"):
        quantities.amount("0.0000001", 6)


@given(st.integers(0, 2**128), st.integers(0, 30))
def test_an_amount_is_written_as_it_is_read(units: int, decimals: int) -> None:
    assert quantities.amount(quantities.show_amount(units, decimals), decimals) == units
    assert quantities.show_amount(-units - 1, decimals).startswith("-")
