# pragma version 0.4.3
"""
@title Pool, made callable
@notice For tests only. One line per function of `lib/pool.vy`.
"""

from contracts.lib import pool


@external
@pure
def LOCKED() -> uint256:
    return pool.LOCKED


@external
@pure
def LIMIT() -> uint256:
    return pool.LIMIT


@external
@pure
def take(balances: uint256[2], part: uint256, whole: uint256) -> (uint256[2], uint256):
    return pool._take(balances, part, whole)


@external
@pure
def movable(supplies: uint256[2], fraction: uint256) -> uint256:
    return pool._movable(supplies, fraction)


@external
@pure
def transfer_value(
    balances: uint256[2], old_price: uint256, new_price: uint256, fraction: uint256
) -> uint256[2]:
    return pool._transfer_value(balances, old_price, new_price, fraction)


@external
@pure
def execute(
    before: pool.Pool, amounts: uint256[6], mint_fee_wad: uint256, burn_fee_wad: uint256
) -> pool.Executed:
    return pool._execute(before, amounts, mint_fee_wad, burn_fee_wad)
