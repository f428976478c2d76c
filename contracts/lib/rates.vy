# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Rates
@notice Both token rates and everything settled at them (R5, R10, R11). A side's rate is
        `balance / supply`, never stored as a number: every amount is one product divided once,
        and rounded down against whoever receives it.
@custom:model perpools.spec.rates
"""

from . import fees
from . import fixed_point as fp


@internal
@pure
def _assets_for_tokens(tokens: uint256, balance: uint256, supply: uint256) -> uint256:
    """
    @notice Collateral that `tokens` of a side are worth; rounded down, in favour of the side.
    """
    return fp._mul_div_down(tokens, balance, supply)


@internal
@pure
def _tokens_for_assets(assets: uint256, balance: uint256, supply: uint256) -> uint256:
    """
    @notice Tokens of a side that `assets` are worth; rounded down, in favour of the side.
    """
    return fp._mul_div_down(assets, supply, balance)


@internal
@pure
def _price_wad(balance: uint256, supply: uint256, asset_scale: uint256) -> uint256:
    """
    @notice Price of one whole token in whole units of collateral; rounded down.
    @param asset_scale 10**(18 - decimals).
    """
    return fp._mul_div_down(balance * asset_scale, fp.WAD, supply)


@internal
@pure
def _payout(order: uint256, batch_in: uint256, batch_out: uint256) -> uint256:
    """
    @notice One order's part of what its batch received; rounded down, so payouts never exceed it.
    """
    return fp._mul_div_down(order, batch_out, batch_in)


@internal
@pure
def _burned(tokens: uint256, balance: uint256, supply: uint256, burn_fee_wad: uint256) -> uint256:
    """
    @notice Collateral a batch of burns receives: its tokens' worth less the burn fee, which
            stays in the side.
    """
    return fees._after_fee(self._assets_for_tokens(tokens, balance, supply), burn_fee_wad)


@internal
@pure
def _minted(assets: uint256, balance: uint256, supply: uint256, mint_fee_wad: uint256) -> uint256:
    """
    @notice Tokens a batch of mints receives for its collateral less the mint fee, which stays
            in the side too.
    """
    return self._tokens_for_assets(fees._after_fee(assets, mint_fee_wad), balance, supply)


@internal
@pure
def _pair_part(amount: uint256, assets: uint256, total_assets: uint256) -> uint256:
    """
    @notice Part of a side's supply that a pair minted for `assets` receives; rounded down. One
            unit of what is paid covers the rounding up of both sides' parts.
    """
    return fp._mul_div_down(amount, assets - 1, total_assets)


@internal
@pure
def _pair_cost(balance: uint256, assets: uint256, total_assets: uint256) -> uint256:
    """
    @notice Part of what is paid for a pair that goes to a side with `balance`; rounded up,
            against the caller.
    """
    return fp._mul_div_up(balance, assets - 1, total_assets)


@internal
@pure
def _counterpart(tokens: uint256, supply: uint256, other_supply: uint256) -> uint256:
    """
    @notice Tokens of the other side that make an equal fraction of both; rounded up, against
            the caller.
    """
    return fp._mul_div_up(tokens, other_supply, supply)
