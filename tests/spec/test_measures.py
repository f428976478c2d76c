"""What holders look at, in the litepaper's words."""

from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import measures
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.kinds import LONG, SHORT
from perpools.spec.pool import transfer_value

balances = st.tuples(st.integers(1, 2**100), st.integers(1, 2**100))
fractions = st.integers(0, ONE - 1)


def test_parity_has_no_rebalancing_rate() -> None:
    assert measures.rebalancing_rate((1000, 1000)) == 0
    assert measures.rebalancing_rate((2000, 1000)) == WAD
    assert measures.rebalancing_rate((500, 1000)) == -WAD // 2


@given(balances, fractions)
def test_a_gain_is_what_a_value_transfer_adds(before: tuple[int, int], moved: int) -> None:
    long_up = transfer_value(before, 1, 2, moved)[LONG] - before[LONG]
    short_up = transfer_value(before, 2, 1, moved)[SHORT] - before[SHORT]
    assert measures.gain(before, LONG, moved) == long_up * ONE // before[LONG]
    assert measures.gain(before, SHORT, moved) == short_up * ONE // before[SHORT]


@given(balances)
def test_the_smaller_side_has_the_higher_effective_leverage(before: tuple[int, int]) -> None:
    leverage = 3 * WAD
    long, short = (measures.effective_leverage(before, side, leverage) for side in (LONG, SHORT))
    if before[LONG] < before[SHORT]:
        assert long >= leverage >= short
    if before[LONG] > before[SHORT]:
        assert long <= leverage <= short


def test_an_eight_to_five_pool_is_lopsided_as_published() -> None:
    assert measures.effective_leverage((100, 164), LONG, 5 * WAD) == 82 * WAD // 10
