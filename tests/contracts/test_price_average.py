"""The ring of samples tells the same average as a list of them (R5)."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec.fixed_point import MAX_PRICE
from perpools.spec.terms import MAX_SMA_PERIODS
from tests.evm import deployer

HIGHEST = MAX_PRICE - 1
prices = st.integers(1, HIGHEST) | st.sampled_from([1, 2, 3, HIGHEST])


def new_average(first_price: int, periods: int) -> Any:
    return deployer("tests/vyper/harness/PriceAverageHarness.vy").deploy(first_price, periods)


def ring(average: Any) -> list[int]:
    """Every sample, oldest first, one by one."""
    count = average.sample(0)[1]
    told = [average.sample(index) for index in range(count)]
    assert {of for _, of in told} == {count}
    return [sample for sample, _ in told]


@given(
    periods=st.integers(1, MAX_SMA_PERIODS) | st.integers(1, 3),
    spots=st.lists(prices, min_size=1, max_size=30),
)
@example(1, [1, HIGHEST, 1])
@example(2, [1, 2, 2, 4])
@example(MAX_SMA_PERIODS, [HIGHEST] * 30)
def test_average_of_the_last_samples(periods: int, spots: list[int]) -> None:
    average = new_average(spots[0], periods)
    samples = [spots[0]]
    for spot in spots[1:]:
        before = sum(samples) // len(samples)
        samples = [*samples, spot][-periods:]
        after = sum(samples) // len(samples)
        assert average.record(spot, periods) == (before, after)
        assert ring(average) == samples


@pytest.mark.parametrize("periods", [1, 8, MAX_SMA_PERIODS])
def test_a_constant_price_is_its_own_average_from_the_first_sample_on(periods: int) -> None:
    average = new_average(7, periods)
    for count in range(2, periods + 3):
        average.record(7, periods)
        assert ring(average) == [7] * min(count, periods)


def test_a_sample_costs_the_same_at_any_length() -> None:
    costs = []
    for periods in (2, MAX_SMA_PERIODS):
        average = new_average(10**18, periods)
        for spot in range(1, 2 * periods + 2):
            average.record(spot * 10**18, periods)
        costs.append(average._computation.get_gas_used())
    assert abs(costs[0] - costs[1]) < 200
