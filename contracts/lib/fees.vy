# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Fees
@notice Mint and burn fees stay in the side minted into or burned from; the management fee leaves
        both sides and is split between two recipients (R8).
@custom:model perpools.spec.fees
"""

from . import fixed_point as fp

# A year of the management fee: 365 days, the convention of the market's fee tables.
YEAR_S: constant(uint256) = 365 * 24 * 60 * 60


@internal
@pure
def _management_fraction(management_fee_wad: uint256, interval_s: uint256, intervals: uint256) -> uint256:
    """
    @notice Part of a side charged for `intervals` grid intervals; rounded down. Each interval
            takes the same part of what the one before left, so one late event charges what
            punctual ones would have, and never everything.
    """
    per_interval: uint256 = fp._mul_div_down(management_fee_wad * fp.WAD, interval_s, YEAR_S)
    if intervals == 1:
        return per_interval
    return fp.ONE - fp._pow_up(fp.ONE - per_interval, intervals)


@internal
@pure
def _after_fee(assets: uint256, fee_wad: uint256) -> uint256:
    """
    @notice What is left of `assets` after a fee; rounded down, so the fee is rounded up.
    """
    return fp._mul_div_down(assets, fp.WAD - fee_wad, fp.WAD)


@internal
@pure
def _split(fee_assets: uint256, secondary_share_wad: uint256) -> (uint256, uint256):
    """
    @notice The primary and the secondary recipient's parts of a fee; they add up to it.
    """
    secondary: uint256 = fp._mul_div_down(fee_assets, secondary_share_wad, fp.WAD)
    return fee_assets - secondary, secondary


@internal
@pure
def _next_mint_fee(
    mint_fee_wad: uint256,
    step_wad: uint256,
    max_wad: uint256,
    long_price_wad: uint256,
    short_price_wad: uint256,
) -> uint256:
    """
    @notice The mint fee after an event: one step down if long price times short price exceeds
            one, else one step up, within [0, max].
    """
    if short_price_wad != 0 and long_price_wad > fp._mul_div_down(fp.WAD, fp.WAD, short_price_wad):
        return mint_fee_wad - min(step_wad, mint_fee_wad)
    return min(mint_fee_wad + step_wad, max_wad)
