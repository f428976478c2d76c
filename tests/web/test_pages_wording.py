"""Numbers and states as people read them."""

import pytest

from perpools.spec.fixed_point import WAD
from perpools.values import Amount, Number, Share
from perpools.web.pages import wording
from tests.web import samples


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (65_432.123456, "65,432.12"),
        (100, "100.00"),
        (1.27315, "1.2731"),
        (0.9, "0.9000"),
        (0.00123456, "0.001234"),
        (0, "0"),
    ],
)
def test_a_price_keeps_the_digits_that_matter(value: float, text: str) -> None:
    assert wording.price(samples.wad(value)) == text


def test_a_price_of_one_unit_is_not_nothing() -> None:
    assert wording.price(Number(1)).strip("0.") != ""


def test_a_missing_price_is_a_dash() -> None:
    assert wording.price(None) == wording.NOTHING


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (1_336_356_620_000, "1,336,356 DUSD"),
        (12_345_678, "12.34 DUSD"),
        (-12_345_678, "-12.34 DUSD"),
        (45_600, "0.0456 DUSD"),
        (1, "< 0.0001 DUSD"),
        (0, "0.00 DUSD"),
    ],
)
def test_money_is_cut_where_nobody_reads_on(units: int, text: str) -> None:
    assert wording.money(Amount(units, 6, "DUSD")) == text


def test_money_of_a_collateral_without_decimals_has_none() -> None:
    assert wording.money(Amount(42, 0, "PTS")) == "42 PTS"


@pytest.mark.parametrize(
    ("part", "text", "side"),
    [
        (0.0123, "▲ 1.23%", "long"),
        (-0.5, "▼ 50.00%", "short"),
        (0.0, "■ 0.00%", "muted"),
        (0.0001, "▲ 0.01%", "long"),
        (0.00009, "■ 0.00%", "muted"),
        (-0.0000015, "■ 0.00%", "muted"),
    ],
)
def test_a_change_is_told_by_a_mark_and_not_by_its_colour_alone(
    part: float, text: str, side: str
) -> None:
    share = samples.part(part)

    assert (wording.change(share), wording.direction(share)) == (text, side)


def test_a_young_market_has_no_change_to_tell() -> None:
    assert (wording.change(None), wording.direction(None)) == (wording.NOTHING, "muted")


def test_a_leverage_beyond_reason_has_no_decimals() -> None:
    told = [wording.times(Number(leverage)) for leverage in (2_945 * WAD // 1_000, 15_799 * WAD)]

    assert told == ["2.94x", "15,799x"]


def test_the_rebalancing_rate_says_who_gains_more() -> None:
    assert "short holders gain more" in wording.rebalancing(Share(WAD // 2))
    assert "long holders gain more" in wording.rebalancing(Share(-WAD // 2))
    assert "even" in wording.rebalancing(Share(0))


def test_every_state_has_a_word() -> None:
    assert set(wording.STATES) == {"live", "late", "stale", "unseen", "wound-down"}


@pytest.mark.parametrize(
    ("seconds", "text"), [(3, "3s"), (64, "1m4s"), (3_725, "1h2m"), (183_722, "2d3h")]
)
def test_a_duration_has_two_units_at_most(seconds: int, text: str) -> None:
    assert wording.coarse(seconds) == text


@pytest.mark.parametrize("part", [0.00004, -0.00004, 0.0])
def test_what_rounds_to_nothing_has_no_sign(part: float) -> None:
    told = wording.percent(samples.part(part), signed=True), wording.percent_float(part)

    assert told == ("0.00%", "0.0%")


@pytest.mark.parametrize(
    ("wei", "text"),
    [
        (0, "0 ETH"),
        (645_600_000_000, "less than 0.00001 ETH"),
        (12_345_678_900_000, "0.00001234 ETH"),
        (12_345_678_900_000_000, "0.01234 ETH"),
        (1_234_567_890_000_000_000, "1.234 ETH"),
    ],
)
def test_a_cost_of_gas_has_four_digits_at_most(wei: int, text: str) -> None:
    assert wording.gas_cost(wei) == text
