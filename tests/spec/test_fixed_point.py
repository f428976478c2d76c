"""Laws of the fixed-point arithmetic, and its distance from the exact values."""

from fractions import Fraction
from math import ceil, floor

import mpmath
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import fixed_point as fp
from perpools.spec.fixed_point import LN2, MAX_PRICE, ONE
from tests.transfer_cases import moves

numbers = st.integers(0, 2**128 - 1)
fractions = st.one_of(st.integers(0, ONE), st.integers(ONE - 10**24, ONE))

mp = mpmath.mp.clone()
mp.dps = 90


@given(x=numbers, y=numbers, d=st.integers(1, 2**256))
def test_a_rounding_is_the_exact_quotient_rounded_as_it_is_named(x: int, y: int, d: int) -> None:
    assert fp.mul_div_down(x, y, d) == floor(Fraction(x * y, d))
    assert fp.mul_div_up(x, y, d) == ceil(Fraction(x * y, d))


def test_a_product_beyond_a_word_is_a_bug_in_the_bounds() -> None:
    with pytest.raises(AssertionError, match="beyond 256 bits"):
        fp.mul_div_down(2**128, 2**128, 2**128)
    with pytest.raises(AssertionError, match="beyond 256 bits"):
        fp.mul_div_up(2**128, 2**128, 2**128)


@given(base=fractions, n=st.integers(0, 64))
def test_powers_bracket_the_exact_power(base: int, n: int) -> None:
    exact = Fraction(base, ONE) ** n * ONE
    assert fp.pow_down(base, n) <= exact <= fp.pow_up(base, n)
    assert fp.pow_up(base, n) - fp.pow_down(base, n) <= 4 * n


@given(base=fractions, n=st.integers(0, 2**40 - 1))
@example(ONE - 1, 2**40 - 1)
def test_powers_of_fractions_are_fractions(base: int, n: int) -> None:
    assert 0 <= fp.pow_down(base, n) <= fp.pow_up(base, n) <= ONE


@given(base=st.integers(1, ONE), n=st.integers(0, 2**40 - 1))
def test_a_power_rounded_up_never_vanishes(base: int, n: int) -> None:
    assert fp.pow_up(base, n) >= 1


def test_empty_powers_are_one() -> None:
    assert fp.pow_down(0, 0) == fp.pow_up(0, 0) == ONE


def test_ln2_is_rounded_down() -> None:
    assert int(mp.log(2) * ONE) == LN2


@given(t=st.integers(0, ONE * 3 // 17))
@example(ONE * 3 // 17)
def test_the_area_tangent_is_rounded_down_by_little(t: int) -> None:
    missing = mp.atanh(mp.mpf(t) / ONE) * ONE - fp.atanh_down(t)
    assert 0 <= missing <= fp.LN_MARGIN / 2


@given(move=moves())
@example((1, MAX_PRICE - 1))
@example((1, 1))
def test_the_logarithm_is_rounded_down_by_little(move: tuple[int, int]) -> None:
    low, high = sorted(move)
    missing = mp.log(mp.mpf(high) / low) * ONE - fp.ln_ratio_down(high, low)
    assert 0 <= missing <= 140


@given(x=st.one_of(st.integers(0, ONE), st.integers(0, 10_000 * ONE)))
@example(0)
@example(LN2)
@example(LN2 - 1)
def test_the_exponential_is_rounded_up_by_little(x: int) -> None:
    excess = fp.exp_neg_up(x) - mp.exp(-mp.mpf(x) / ONE) * ONE
    assert 0 <= excess <= 20
