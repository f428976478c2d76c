"""
Fees (R8). Mirrors `contracts/lib/fees.vy`.

Mint and burn fees stay in the side minted into or burned from; the management fee leaves both
sides and is split between two recipients.
"""

from .fixed_point import ONE, WAD, mul_div_down, pow_up
from .units import Assets, Fraction, Seconds, Wad

YEAR_S = 365 * 24 * 60 * 60
"""A year of the management fee: 365 days, the convention of the market's fee tables."""


def management_fraction(management_fee_wad: Wad, interval_s: Seconds, intervals: int) -> Fraction:
    """
    Part of a side charged for `intervals` grid intervals; rounded down.

    Each interval takes the same part of what the one before left, so one late event charges
    what punctual ones would have, and never everything.
    """
    per_interval = mul_div_down(management_fee_wad * WAD, interval_s, YEAR_S)
    if intervals == 1:
        return per_interval
    return ONE - pow_up(ONE - per_interval, intervals)


def after_fee(assets: Assets, fee_wad: Wad) -> Assets:
    """What is left of `assets` after a fee; rounded down, so the fee is rounded up."""
    return mul_div_down(assets, WAD - fee_wad, WAD)


def split(fee_assets: Assets, secondary_share_wad: Wad) -> tuple[Assets, Assets]:
    """The primary and the secondary recipient's parts of a fee; they add up to it."""
    secondary = mul_div_down(fee_assets, secondary_share_wad, WAD)
    return fee_assets - secondary, secondary


def next_mint_fee(
    mint_fee_wad: Wad, step_wad: Wad, max_wad: Wad, long_price_wad: Wad, short_price_wad: Wad
) -> Wad:
    """
    The mint fee after an event: one step down if long price times short price exceeds one,
    else one step up, within [0, max].
    """
    if short_price_wad != 0 and long_price_wad > WAD * WAD // short_price_wad:
        return mint_fee_wad - min(step_wad, mint_fee_wad)
    return min(mint_fee_wad + step_wad, max_wad)
