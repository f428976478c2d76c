"""
What a keeper is paid for an event (R9). Mirrors `contracts/lib/keeper_reward.vy`.

Gas is reimbursed at a price nobody can inflate, plus a tip that grows while the event is late;
the whole never exceeds a set share of the pool.
"""

from .fixed_point import MAX_PRICE, WAD, mul_div_down
from .units import Assets, Seconds, Wad, Wei

MAX_GAS_PRICE = 2**88
"""
In wei: a million times what any chain ever charged, and small enough for every product to fit a
word.
"""


def gas_price(paid: Wei, fast: Wei, premium: Wei) -> Wei:
    """
    The gas price reimbursed: what the keeper paid, at most the fast price plus a premium, which
    is the litepaper's variable fee.
    """
    return min(paid, min(fast, MAX_GAS_PRICE - 1) + min(premium, MAX_GAS_PRICE))


def tip(late_s: Seconds, block_time_s: Seconds, step_wad: Wad, max_wad: Wad) -> Wad:
    """
    Tip on top of the gas: one step at the grid point, another for every block passed since,
    up to the most.
    """
    return min(step_wad * (1 + late_s // block_time_s), max_wad)


def reward(cost_wei: Wei, tip_wad: Wad, assets_per_eth_wad: Wad, asset_scale: int) -> Assets:
    """
    Gas cost and tip in collateral; rounded down. Nothing where the price is not a price.

    `assets_per_eth_wad` is whole units of collateral per whole coin; `asset_scale` is 10**(18
    - decimals).
    """
    if assets_per_eth_wad >= MAX_PRICE:
        return 0
    with_tip = mul_div_down(cost_wei, WAD + tip_wad, WAD)
    return mul_div_down(with_tip, assets_per_eth_wad, WAD * asset_scale)


def cap(total_assets: Assets, reward_cap_wad: Wad) -> Assets:
    """The most that one event may take from the pool; rounded down."""
    return mul_div_down(total_assets, reward_cap_wad, WAD)
