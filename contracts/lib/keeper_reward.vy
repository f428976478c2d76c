# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Keeper reward
@notice What a keeper is paid for an event (R9). Gas is reimbursed at a price nobody can inflate,
        plus a tip that grows while the event is late; the whole never exceeds a set share of
        the pool.
@custom:model perpools.spec.keeper_reward
"""

from . import fixed_point as fp

# In wei: a million times what any chain ever charged, and small enough for every product to fit a word.
MAX_GAS_PRICE: constant(uint256) = 2**88


@internal
@pure
def _gas_price(paid: uint256, fast: uint256, premium: uint256) -> uint256:
    """
    @notice The gas price reimbursed: what the keeper paid, at most the fast price plus a premium.
    """
    return min(paid, min(fast, MAX_GAS_PRICE - 1) + min(premium, MAX_GAS_PRICE))


@internal
@pure
def _tip(late_s: uint256, block_time_s: uint256, step_wad: uint256, max_wad: uint256) -> uint256:
    """
    @notice Tip on top of the gas: one step at the grid point, another for every block passed
            since, up to the most.
    """
    return min(step_wad * (1 + late_s // block_time_s), max_wad)


@internal
@pure
def _reward(cost_wei: uint256, tip_wad: uint256, assets_per_eth_wad: uint256, asset_scale: uint256) -> uint256:
    """
    @notice Gas cost and tip in collateral; rounded down. Nothing where the price is not a price.
    @param assets_per_eth_wad Whole units of collateral per whole coin.
    @param asset_scale 10**(18 - decimals).
    """
    if assets_per_eth_wad >= fp.MAX_PRICE:
        return 0
    with_tip: uint256 = fp._mul_div_down(cost_wei, fp.WAD + tip_wad, fp.WAD)
    return fp._mul_div_down(with_tip, assets_per_eth_wad, fp.WAD * asset_scale)


@internal
@pure
def _cap(total_assets: uint256, reward_cap_wad: uint256) -> uint256:
    """
    @notice The most that one event may take from the pool; rounded down.
    """
    return fp._mul_div_down(total_assets, reward_cap_wad, fp.WAD)
