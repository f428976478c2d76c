# pragma version 0.4.3
"""
@title Rates, made callable
@notice For tests only. One line per function of `lib/rates.vy`.
"""

from contracts.lib import rates


@external
@pure
def assets_for_tokens(tokens: uint256, balance: uint256, supply: uint256) -> uint256:
    return rates._assets_for_tokens(tokens, balance, supply)


@external
@pure
def tokens_for_assets(assets: uint256, balance: uint256, supply: uint256) -> uint256:
    return rates._tokens_for_assets(assets, balance, supply)


@external
@pure
def price_wad(balance: uint256, supply: uint256, asset_scale: uint256) -> uint256:
    return rates._price_wad(balance, supply, asset_scale)


@external
@pure
def payout(order: uint256, batch_in: uint256, batch_out: uint256) -> uint256:
    return rates._payout(order, batch_in, batch_out)


@external
@pure
def burned(tokens: uint256, balance: uint256, supply: uint256, burn_fee_wad: uint256) -> uint256:
    return rates._burned(tokens, balance, supply, burn_fee_wad)


@external
@pure
def minted(assets: uint256, balance: uint256, supply: uint256, mint_fee_wad: uint256) -> uint256:
    return rates._minted(assets, balance, supply, mint_fee_wad)


@external
@pure
def pair_part(amount: uint256, assets: uint256, total_assets: uint256) -> uint256:
    return rates._pair_part(amount, assets, total_assets)


@external
@pure
def pair_cost(balance: uint256, assets: uint256, total_assets: uint256) -> uint256:
    return rates._pair_cost(balance, assets, total_assets)


@external
@pure
def counterpart(tokens: uint256, supply: uint256, other_supply: uint256) -> uint256:
    return rates._counterpart(tokens, supply, other_supply)
