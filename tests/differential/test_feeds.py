"""What the Vyper library and the Python model make of the answers of a feed's parts."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import feeds
from perpools.spec.fixed_point import MAX_PRICE
from tests.differential.agreement import agree
from tests.evm import deployer

words = st.integers(0, 2**256 - 1)
prices = st.one_of(st.integers(1, MAX_PRICE - 1), st.integers(1, 9))
answered = st.one_of(st.just(0), prices)
moments = st.one_of(st.integers(90, 110), st.integers(0, 2**64))


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/FeedsHarness.vy").deploy()


@given(hint=words, index=st.integers(0, 3))
def test_part_hint(evm: Any, hint: int, index: int) -> None:
    agree(evm.part_hint, feeds.part_hint, hint, index)


@given(parts=st.tuples(*[st.integers(0, 2**80 - 1)] * 3))
def test_a_hint_holds_those_of_three_parts(evm: Any, parts: tuple[int, ...]) -> None:
    hint = sum(part << index * feeds.HINT_BITS for index, part in enumerate(parts))
    assert hint < 2**256
    assert tuple(evm.part_hint(hint, index) for index in range(3)) == parts


@given(base=st.one_of(prices, words), quote=st.one_of(prices, words))
@example(base=MAX_PRICE - 1, quote=1)
@example(base=1, quote=MAX_PRICE - 1)
@example(base=5, quote=0)
def test_ratio_down(evm: Any, base: int, quote: int) -> None:
    agree(evm.ratio_down, feeds.ratio_down, base, quote)


@given(price=st.one_of(prices, words))
@example(price=0)
@example(price=1)
@example(price=10**36)
@example(price=10**36 + 1)
def test_inverse_down(evm: Any, price: int) -> None:
    agree(evm.inverse_down, feeds.inverse_down, price)


@given(base=moments, quote=moments, time=moments)
def test_moment(evm: Any, base: int, quote: int, time: int) -> None:
    agree(evm.moment, feeds.moment, base, quote, time)


@given(three=st.tuples(*[st.one_of(words, st.integers(0, 3))] * 3))
def test_middle(evm: Any, three: tuple[int, int, int]) -> None:
    agree(evm.middle, feeds.middle, *three)


@given(found=st.tuples(*[answered] * 3), known=st.tuples(*[moments] * 3), time=moments)
def test_median(
    evm: Any, found: tuple[int, int, int], known: tuple[int, int, int], time: int
) -> None:
    agree(evm.median, feeds.median, found, known, time)


@pytest.mark.parametrize("silent", [(0, 0, 0), (5, 0, 0), (0, 6, 0), (0, 0, 7)])
def test_a_median_needs_two(evm: Any, silent: tuple[int, int, int]) -> None:
    for known in ((100, 100, 100), (99, 100, 101), (0, 0, 0)):
        assert evm.median(silent, known, 100) == feeds.median(silent, known, 100) == (0, 0)
