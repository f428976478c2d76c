"""The Vyper library and the Python model multiply, raise, take logarithms and exponents alike."""

from collections.abc import Callable
from typing import Any

import boa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import fixed_point as fp
from perpools.spec.fixed_point import LN2, ONE
from tests.evm import deployer
from tests.transfer_cases import BOUNDARY_MOVES, moves

WORD_MAX = 2**256 - 1

words = st.one_of(st.integers(0, WORD_MAX), st.integers(0, 2**128), st.integers(0, 3))
fractions = st.one_of(st.integers(0, ONE), st.integers(ONE - 10**24, ONE), st.integers(0, 10**20))
counts = st.one_of(st.integers(0, 2**40 - 1), st.integers(0, 10_000))


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/FixedPointHarness.vy").deploy()


def agree(chain: Callable[..., int], model: Callable[..., int], *args: int) -> None:
    """Both return the same, or both refuse: products beyond a word, division by zero."""
    try:
        result = model(*args)
    except (AssertionError, ZeroDivisionError):
        with boa.reverts():
            chain(*args)
    else:
        assert chain(*args) == result


@pytest.mark.parametrize("name", ["WAD", "ONE", "MAX_PRICE", "LN2", "LN_MARGIN", "EXP_MARGIN"])
def test_constants(evm: Any, name: str) -> None:
    assert getattr(evm, name)() == getattr(fp, name)


@given(x=words, y=words, d=words)
@example(WORD_MAX, 1, 1)
@example(WORD_MAX, 1, 2)
@example(WORD_MAX, 1, WORD_MAX)
@example(WORD_MAX, 2, 1)
@example(2**128, 2**128, 2**128)
@example(2**128, 2**128 - 1, 3)
@example(0, WORD_MAX, 1)
@example(0, 0, 1)
@example(0, 0, 0)
@example(1, 1, 0)
def test_mul_div(evm: Any, x: int, y: int, d: int) -> None:
    agree(evm.mul_div_down, fp.mul_div_down, x, y, d)
    agree(evm.mul_div_up, fp.mul_div_up, x, y, d)


@given(base=fractions, n=counts)
@example(0, 0)
@example(0, 1)
@example(1, 2)
@example(ONE, 0)
@example(ONE, 2**40 - 1)
@example(ONE - 1, 2**40 - 1)
@example(ONE - 1, 2**39)
@example(ONE // 2, 119)
@example(ONE // 2, 120)
def test_pow(evm: Any, base: int, n: int) -> None:
    assert evm.pow_down(base, n) == fp.pow_down(base, n)
    assert evm.pow_up(base, n) == fp.pow_up(base, n)


@given(t=st.integers(0, ONE * 3 // 17))
@example(0)
@example(1)
@example(ONE // 6)
@example(ONE * 3 // 17)
def test_atanh(evm: Any, t: int) -> None:
    assert evm.atanh_down(t) == fp.atanh_down(t)


@pytest.mark.parametrize("bits", range(128))
def test_log2_beside_each_power_of_two(evm: Any, bits: int) -> None:
    for x in (2**bits, 2 ** (bits + 1) - 1):
        assert evm.log2_down(x) == fp.log2_down(x) == bits


@given(move=moves())
def test_ln_ratio(evm: Any, move: tuple[int, int]) -> None:
    low, high = sorted(move)
    assert evm.ln_ratio_down(high, low) == fp.ln_ratio_down(high, low)


@pytest.mark.parametrize("move", BOUNDARY_MOVES)
def test_ln_ratio_at_its_boundaries(evm: Any, move: tuple[int, int]) -> None:
    low, high = sorted(move)
    assert evm.ln_ratio_down(high, low) == fp.ln_ratio_down(high, low)


@given(x=st.one_of(st.integers(0, 2 * ONE), st.integers(0, 10_000 * ONE), words))
@example(0)
@example(1)
@example(LN2 - 1)
@example(LN2)
@example(LN2 + 1)
@example(120 * LN2 - 1)
@example(120 * LN2)
@example(256 * LN2)
@example(WORD_MAX)
def test_exp_neg(evm: Any, x: int) -> None:
    assert evm.exp_neg_up(x) == fp.exp_neg_up(x)
