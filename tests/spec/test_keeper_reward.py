"""Laws of the keeper's pay (R9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.keeper_reward import cap, gas_price, reward, tip
from perpools.spec.terms import MAX_REWARD_CAP_WAD

GWEI = 10**9
STEP_WAD = WAD // 20
words = st.integers(0, 2**256 - 1)


@given(paid=words, fast=words, premium=st.integers(0, 1_000 * GWEI))
def test_nobody_is_paid_for_a_gas_price_above_the_fast_one_and_its_premium(
    paid: int, fast: int, premium: int
) -> None:
    assert gas_price(paid, fast, premium) <= min(paid, fast + premium)


@pytest.mark.parametrize("decimals", [0, 6, 18])
@pytest.mark.parametrize("percent", [0, 5, 50, 100])
def test_the_reward_is_the_cost_and_its_tip_in_any_decimals(percent: int, decimals: int) -> None:
    """C4 M-01, TPP-02: neither is the tip lost, nor the collateral's scale."""
    cost_wei, coin_price = 150_000 * 30 * GWEI, 2_000
    paid = reward(cost_wei, percent * WAD // 100, coin_price * WAD, 10 ** (18 - decimals))
    assert paid == cost_wei * (100 + percent) * coin_price // (100 * 10 ** (18 - decimals))


@given(
    cost_wei=st.integers(0, 10**30),
    tip_wad=st.integers(0, WAD),
    price=st.integers(MAX_PRICE, 2**256 - 1),
)
def test_an_absurd_price_pays_nothing(cost_wei: int, tip_wad: int, price: int) -> None:
    assert reward(cost_wei, tip_wad, price, 1) == 0


@given(late_s=st.integers(0, 10**9), block_time_s=st.integers(1, 3_600))
def test_the_tip_grows_by_a_step_a_block_and_never_beyond_its_most(
    late_s: int, block_time_s: int
) -> None:
    blocks = late_s // block_time_s
    assert tip(late_s, block_time_s, STEP_WAD, WAD) == min((1 + blocks) * STEP_WAD, WAD)


@given(total=st.integers(0, 2**128 - 1), cap_wad=st.integers(0, MAX_REWARD_CAP_WAD))
def test_an_event_never_costs_more_than_its_share_of_the_pool(total: int, cap_wad: int) -> None:
    assert cap(total, cap_wad) * 100 <= total
