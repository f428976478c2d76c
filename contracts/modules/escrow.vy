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
        amounts=[assets_and_tip & packing.HALF_MASK, tokens & packing.HALF_MASK, tokens >> packing.HALF_BITS],
        tip=assets_and_tip >> packing.HALF_BITS,
    )


@internal
def _set(owner: address, held: Held):
    assets_and_tip: uint256 = self._word(held.amounts[0], held.tip)
    if assets_and_tip != self.assets_and_tip[owner]:
        self.assets_and_tip[owner] = assets_and_tip
    tokens: uint256 = packing._pack(held.amounts[1], held.amounts[2])
    if tokens != self.tokens[owner]:
        self.tokens[owner] = tokens


@internal
def _credit_assets(owner: address, assets: uint256):
    """
    @notice Add collateral, which is in one word with the tips.
    """
    word: uint256 = self.assets_and_tip[owner]
    self.assets_and_tip[owner] = self._word((word & packing.HALF_MASK) + assets, word >> packing.HALF_BITS)


@internal
@pure
def _word(assets: uint256, tip: uint256) -> uint256:
    assert assets <= packing.HALF_MASK, "escrow: full"
    return packing._pack(assets, tip)
