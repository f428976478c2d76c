"""Laws of the transfer functions, and their distance from the exact curves."""

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec.fixed_point import MAX_PRICE, ONE, WAD, mul_div_down
from perpools.spec.transfer_curves import LINEAR_CAP, Linear, TransferFunction, power, sigmoid
from tests.transfer_cases import BOUNDARY_LEVERAGES, BOUNDARY_MOVES, leverages, moves, prices

# The largest side for which DESIGN's R6 promises an error of at most one base unit.
BALANCE = 10**27

# How far below the exact curve a fraction may be, in units of 10^-36.
POWER_ERROR = 1_000
SIGMOID_ERROR = 300

CURVES = pytest.mark.parametrize(
    "curve", [power, sigmoid, Linear()], ids=["power", "sigmoid", "linear"]
)

mp = mpmath.mp.clone()
mp.dps = 90


def exact_power(ratio: Any, leverage: Any) -> Any:
    return 1 - ratio**leverage


def exact_sigmoid(ratio: Any, leverage: Any) -> Any:
    return 2 / (1 + mp.exp(-2 * leverage * (1 - ratio))) - 1


def exact_linear(ratio: Any, leverage: Any) -> Any:
    return min(leverage * (1 - ratio), mp.mpf(LINEAR_CAP) / ONE)


EXACT = pytest.mark.parametrize(
    ("curve", "exact", "error"),
    [
        (power, exact_power, POWER_ERROR),
        (sigmoid, exact_sigmoid, SIGMOID_ERROR),
        (Linear(), exact_linear, 1),
    ],
    ids=["power", "sigmoid", "linear"],
)


def close(
    curve: TransferFunction,
    exact: Callable[[Any, Any], Any],
    error: int,
    move: tuple[int, int],
    leverage: int,
) -> None:
    """The fraction is at most `error` below the exact one; the payment at most one unit."""
    fraction = curve(*move, leverage)
    true = exact(mp.mpf(min(move)) / max(move), mp.mpf(leverage) / WAD)
    # ninety digits, less the 36 that a ratio beside one cancels
    assert -(mp.mpf(10) ** -40) <= true * ONE - fraction <= error
    assert 0 <= int(true * BALANCE + mp.mpf(10) ** -30) - mul_div_down(BALANCE, fraction, ONE) <= 1


@EXACT
@given(move=moves(), leverage=leverages)
def test_a_payment_is_within_one_unit(
    curve: TransferFunction, exact: Any, error: int, move: tuple[int, int], leverage: int
) -> None:
    close(curve, exact, error, move, leverage)


@EXACT
@given(
    p0=st.integers(10**9, 10**30),
    parts=st.integers(1, 10**6),
    up=st.booleans(),
    leverage=st.integers(50, 10_000).map(lambda hundredths: hundredths * WAD // 100),
)
def test_a_payment_is_within_one_unit_over_ratios_of_a_million(
    curve: TransferFunction, exact: Any, error: int, p0: int, parts: int, up: bool, leverage: int
) -> None:
    p1 = min(MAX_PRICE - 1, p0 * parts) if up else p0 // parts
    close(curve, exact, error, (p0, p1), leverage)


@EXACT
@pytest.mark.parametrize("move", BOUNDARY_MOVES)
def test_a_payment_is_within_one_unit_at_the_ends_of_the_domain(
    curve: TransferFunction, exact: Any, error: int, move: tuple[int, int]
) -> None:
    for leverage in BOUNDARY_LEVERAGES:
        close(curve, exact, error, move, leverage)


@CURVES
@given(price=prices, leverage=leverages)
def test_no_move_transfers_nothing(curve: TransferFunction, price: int, leverage: int) -> None:
    assert curve(price, price, leverage) == 0


@CURVES
@given(move=moves(), leverage=leverages)
def test_no_move_takes_everything(
    curve: TransferFunction, move: tuple[int, int], leverage: int
) -> None:
    assert 0 <= curve(*move, leverage) < ONE


@CURVES
@given(move=moves(), leverage=leverages)
def test_a_move_and_its_reverse_take_the_same_fraction(
    curve: TransferFunction, move: tuple[int, int], leverage: int
) -> None:
    p0, p1 = move
    assert curve(p0, p1, leverage) == curve(p1, p0, leverage)


@CURVES
@given(move=moves(), further=st.integers(1, 10**30), leverage=leverages)
def test_a_larger_move_never_takes_less(
    curve: TransferFunction, move: tuple[int, int], further: int, leverage: int
) -> None:
    low, high = sorted(move)
    higher = min(MAX_PRICE - 1, high + further)
    assert curve(low, higher, leverage) >= curve(low, high, leverage) - POWER_ERROR


@CURVES
@given(move=moves(), one=leverages, other=leverages)
def test_more_leverage_never_takes_less(
    curve: TransferFunction, move: tuple[int, int], one: int, other: int
) -> None:
    less, more = sorted((one, other))
    assert curve(*move, more) >= curve(*move, less) - POWER_ERROR


@given(p0=prices, p1=prices, p2=prices, leverage=leverages)
def test_power_takes_the_same_however_a_monotone_path_is_cut(
    p0: int, p1: int, p2: int, leverage: int
) -> None:
    low, middle, high = sorted((p0, p1, p2))
    kept_in_steps = mul_div_down(
        ONE - power(low, middle, leverage), ONE - power(middle, high, leverage), ONE
    )
    assert abs(ONE - power(low, high, leverage) - kept_in_steps) <= 2 * POWER_ERROR


@given(move=moves(), leverage=st.integers(1, 100).map(lambda times: times * WAD))
def test_whole_and_fractional_leverages_meet(move: tuple[int, int], leverage: int) -> None:
    below = power(*move, leverage - 1)
    at = power(*move, leverage)
    # the slope is at most 1/e, and the step is one unit of leverage
    assert -POWER_ERROR <= at - below <= ONE // WAD


def test_a_price_that_doubles_at_three_times_leverage() -> None:
    assert power(WAD, 2 * WAD, 3 * WAD) == ONE * 7 // 8
    assert Linear()(WAD, 2 * WAD, 3 * WAD) == LINEAR_CAP


def test_a_linear_function_pays_its_leverage_below_the_cap() -> None:
    assert Linear()(2_000 * WAD, 1_900 * WAD, 3 * WAD) == ONE * 15 // 100


@pytest.mark.parametrize("cap", [0, ONE])
def test_a_linear_function_must_have_a_cap_below_everything(cap: int) -> None:
    with pytest.raises(AssertionError, match="cap"):
        Linear(cap)


@pytest.mark.parametrize(
    ("p0", "p1", "leverage"),
    [(0, 1, WAD), (1, 0, WAD), (1, MAX_PRICE, WAD), (1, 1, 0), (1, 1, 100 * WAD + 1)],
)
@CURVES
def test_arguments_outside_the_domain_are_bugs(
    curve: TransferFunction, p0: int, p1: int, leverage: int
) -> None:
    with pytest.raises(AssertionError, match="domain"):
        curve(p0, p1, leverage)
