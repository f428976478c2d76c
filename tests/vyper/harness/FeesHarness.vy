# pragma version 0.4.3
"""
@title Fees, made callable
@notice For tests only. One line per function of `lib/fees.vy`.
"""

from contracts.lib import fees


@external
@pure
def YEAR_S() -> uint256:
    return fees.YEAR_S


@external
@pure
def management_fraction(management_fee_wad: uint256, interval_s: uint256, intervals: uint256) -> uint256:
    return fees._management_fraction(management_fee_wad, interval_s, intervals)


@external
@pure
def after_fee(assets: uint256, fee_wad: uint256) -> uint256:
    return fees._after_fee(assets, fee_wad)


@external
@pure
def split(fee_assets: uint256, secondary_share_wad: uint256) -> (uint256, uint256):
    return fees._split(fee_assets, secondary_share_wad)


@external
@pure
def next_mint_fee(
    mint_fee_wad: uint256,
    step_wad: uint256,
    max_wad: uint256,
    long_price_wad: uint256,
    short_price_wad: uint256,
) -> uint256:
    return fees._next_mint_fee(mint_fee_wad, step_wad, max_wad, long_price_wad, short_price_wad)
