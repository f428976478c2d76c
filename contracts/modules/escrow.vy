# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Escrow
@notice Owns what a market holds for each account, ready to be claimed or ordered with: collateral
        and tips in one word, L- and S-tokens in another.
"""

from ..lib import packing


struct Held:
    amounts: uint256[3]
    tip: uint256


assets_and_tip: HashMap[address, uint256]
tokens: HashMap[address, uint256]


@deploy
def __init__():
    pass


@internal
@view
def _held(owner: address) -> Held:
    assets_and_tip: uint256 = self.assets_and_tip[owner]
    tokens: uint256 = self.tokens[owner]
    return Held(
        amounts=[packing._low(assets_and_tip), packing._low(tokens), packing._high(tokens)],
        tip=packing._high(assets_and_tip),
    )


@internal
def _set(owner: address, held: Held):
    assets_and_tip: uint256 = packing._pack(held.amounts[0], held.tip)
    if assets_and_tip != self.assets_and_tip[owner]:
        self.assets_and_tip[owner] = assets_and_tip
    tokens: uint256 = packing._pack(held.amounts[1], held.amounts[2])
    if tokens != self.tokens[owner]:
        self.tokens[owner] = tokens


@internal
def _credit_assets(owner: address, assets: uint256):
    """
    @notice Collateral alone, in one word.
    """
    self.assets_and_tip[owner] += assets
