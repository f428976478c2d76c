"""
Both token rates and everything settled at them (R5, R10, R11). Mirrors `contracts/lib/rates.vy`.

A side's rate is `balance / supply`, never stored as a number: every amount is one product divided
once, and rounded down against whoever receives it.
"""

from .fees import after_fee
from .fixed_point import WAD, mul_div_down, mul_div_up
from .units import Assets, Tokens, Wad


def assets_for_tokens(tokens: Tokens, balance: Assets, supply: Tokens) -> Assets:
    """Collateral that `tokens` of a side are worth; rounded down, in favour of the side."""
    return mul_div_down(tokens, balance, supply)


def tokens_for_assets(assets: Assets, balance: Assets, supply: Tokens) -> Tokens:
    """Tokens of a side that `assets` are worth; rounded down, in favour of the side."""
    return mul_div_down(assets, supply, balance)


def price_wad(balance: Assets, supply: Tokens, asset_scale: int) -> Wad:
    """
    Price of one whole token in whole units of collateral; rounded down. `asset_scale` is
    10**(18 - decimals).
    """
    return mul_div_down(balance * asset_scale, WAD, supply)


def payout(order: int, batch_in: int, batch_out: int) -> int:
    """
    One order's part of what its batch received; rounded down, so payouts never exceed it
    (R10).
    """
    return mul_div_down(order, batch_out, batch_in)


def burned(tokens: Tokens, balance: Assets, supply: Tokens, burn_fee_wad: Wad) -> Assets:
    """
    Collateral a batch of burns receives: its tokens' worth less the burn fee, which stays in
    the side.
    """
    return after_fee(assets_for_tokens(tokens, balance, supply), burn_fee_wad)


def minted(assets: Assets, balance: Assets, supply: Tokens, mint_fee_wad: Wad) -> Tokens:
    """
    Tokens a batch of mints receives for its collateral less the mint fee, which stays in the
    side too.
    """
    return tokens_for_assets(after_fee(assets, mint_fee_wad), balance, supply)


def pair_part(amount: int, assets: Assets, total_assets: Assets) -> int:
    """
    Part of a side's supply that a pair minted for `assets` receives; rounded down.

    One unit of what is paid covers the rounding up of both sides' parts.
    """
    return mul_div_down(amount, assets - 1, total_assets)


def pair_cost(balance: Assets, assets: Assets, total_assets: Assets) -> Assets:
    """
    Part of what is paid for a pair that goes to a side with `balance`; rounded up, against
    the caller.
    """
    return mul_div_up(balance, assets - 1, total_assets)


def counterpart(tokens: Tokens, supply: Tokens, other_supply: Tokens) -> Tokens:
    """
    Tokens of the other side that make an equal fraction of both; rounded up, against the
    caller.
    """
    return mul_div_up(tokens, other_supply, supply)
