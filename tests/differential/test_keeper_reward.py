"""The Vyper library and the Python model pay a keeper alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import keeper_reward
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.keeper_reward import MAX_GAS_PRICE
from perpools.spec.terms import MAX_GAS_PREMIUM_WEI, MAX_REWARD_CAP_WAD
from tests.differential.agreement import agree
from tests.evm import deployer

WORD_MAX, HALF_MAX = 2**256 - 1, 2**128 - 1
MOST_COST = 2**32 * (MAX_GAS_PRICE + MAX_GAS_PREMIUM_WEI)

gas_prices = st.one_of(st.integers(0, WORD_MAX), st.integers(0, 10**13), st.just(MAX_GAS_PRICE))
premiums = st.integers(0, MAX_GAS_PREMIUM_WEI)
tips = st.one_of(st.integers(0, WAD), st.sampled_from([0, 1, WAD]))
eth_prices = st.one_of(
    st.integers(0, WORD_MAX), st.integers(0, 10**22), st.integers(MAX_PRICE - 2, MAX_PRICE + 2)
)


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/KeeperRewardHarness.vy").deploy()


def test_constants(evm: Any) -> None:
    assert evm.MAX_GAS_PRICE() == MAX_GAS_PRICE


@given(paid=gas_prices, fast=gas_prices, premium=premiums)
@example(0, 0, 0)
@example(WORD_MAX, WORD_MAX, WORD_MAX)
@example(MAX_GAS_PRICE, MAX_GAS_PRICE - 1, 0)
@example(MAX_GAS_PRICE, MAX_GAS_PRICE, 1)
@example(WORD_MAX, MAX_GAS_PRICE + 1, MAX_GAS_PREMIUM_WEI)
@example(5, 3, 1)
@example(4, 3, 1)
@example(3, 3, 1)
def test_gas_price(evm: Any, paid: int, fast: int, premium: int) -> None:
    agree(evm.gas_price, keeper_reward.gas_price, paid, fast, premium)


@given(
    late_s=st.integers(0, 2**40) | st.integers(0, 1_000),
    block_time_s=st.integers(1, 3_600),
    step_wad=tips,
    max_wad=tips,
)
@example(0, 13, WAD // 20, WAD)
@example(12, 13, WAD // 20, WAD)
@example(13, 13, WAD // 20, WAD)
@example(13 * 19, 13, WAD // 20, WAD)
@example(13 * 20, 13, WAD // 20, WAD)
@example(2**40, 1, WAD, WAD)
@example(2**40, 1, WAD, 0)
@example(1, 0, WAD, WAD)
def test_tip(evm: Any, late_s: int, block_time_s: int, step_wad: int, max_wad: int) -> None:
    agree(evm.tip, keeper_reward.tip, late_s, block_time_s, step_wad, max_wad)


@given(
    cost_wei=st.integers(0, MOST_COST) | st.integers(0, 10**18),
    tip_wad=tips,
    assets_per_eth_wad=eth_prices,
    decimals=st.integers(0, 18),
)
@example(0, 0, 0, 18)
@example(10**15, WAD // 20, 2_000 * WAD, 6)
@example(MOST_COST, WAD, MAX_PRICE - 1, 18)
@example(MOST_COST, WAD, MAX_PRICE - 1, 0)
@example(MOST_COST, WAD, MAX_PRICE, 18)
@example(MOST_COST, WAD, WORD_MAX, 18)
def test_reward(
    evm: Any, cost_wei: int, tip_wad: int, assets_per_eth_wad: int, decimals: int
) -> None:
    scale = 10 ** (18 - decimals)
    agree(evm.reward, keeper_reward.reward, cost_wei, tip_wad, assets_per_eth_wad, scale)


@given(total_assets=st.integers(0, HALF_MAX), reward_cap_wad=st.integers(0, MAX_REWARD_CAP_WAD))
@example(0, MAX_REWARD_CAP_WAD)
@example(2, MAX_REWARD_CAP_WAD)
@example(99, MAX_REWARD_CAP_WAD)
@example(100, MAX_REWARD_CAP_WAD)
@example(HALF_MAX, MAX_REWARD_CAP_WAD)
@example(HALF_MAX, 0)
def test_cap(evm: Any, total_assets: int, reward_cap_wad: int) -> None:
    agree(evm.cap, keeper_reward.cap, total_assets, reward_cap_wad)
