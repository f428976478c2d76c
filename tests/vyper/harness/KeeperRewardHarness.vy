# pragma version 0.4.3
"""
@title Keeper reward, made callable
@notice For tests only. One line per function of `lib/keeper_reward.vy`.
"""

from contracts.lib import keeper_reward


@external
@pure
def MAX_GAS_PRICE() -> uint256:
    return keeper_reward.MAX_GAS_PRICE


@external
@pure
def gas_price(paid: uint256, fast: uint256, premium: uint256) -> uint256:
    return keeper_reward._gas_price(paid, fast, premium)


@external
@pure
def tip(late_s: uint256, block_time_s: uint256, step_wad: uint256, max_wad: uint256) -> uint256:
    return keeper_reward._tip(late_s, block_time_s, step_wad, max_wad)


@external
@pure
def reward(cost_wei: uint256, tip_wad: uint256, assets_per_eth_wad: uint256, asset_scale: uint256) -> uint256:
    return keeper_reward._reward(cost_wei, tip_wad, assets_per_eth_wad, asset_scale)


@external
@pure
def cap(total_assets: uint256, reward_cap_wad: uint256) -> uint256:
    return keeper_reward._cap(total_assets, reward_cap_wad)
