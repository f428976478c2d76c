# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Sides
@notice Owns both balances and both supplies of a market: one word each, long below, short above.
"""

from ..lib import packing
from ..lib import pool

balances_word: uint256
supplies_word: uint256


@deploy
def __init__(seed_assets: uint256, seed_tokens: uint256):
    self.balances_word = packing._pack(seed_assets, seed_assets)
    self.supplies_word = packing._pack(seed_tokens, seed_tokens)


@external
@nonreentrant
@view
def balances_and_supplies() -> pool.Pool:
    """
    @notice Both balances and both supplies, long first.
    """
    return self._pool()


@internal
@view
def _pool() -> pool.Pool:
    balances: uint256 = self.balances_word
    supplies: uint256 = self.supplies_word
    return pool.Pool(
        balances=[balances & packing.HALF_MASK, balances >> packing.HALF_BITS],
        supplies=[supplies & packing.HALF_MASK, supplies >> packing.HALF_BITS],
    )


@internal
def _set(after: pool.Pool):
    self.balances_word = packing._pack(after.balances[0], after.balances[1])
    supplies: uint256 = packing._pack(after.supplies[0], after.supplies[1])
    if supplies != self.supplies_word:
        self.supplies_word = supplies
