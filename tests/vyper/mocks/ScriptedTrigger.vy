# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Scripted trigger, for tests only
@notice Met where the average moved by a share of the old price, or the spot price is twice the new
        average: each of the three prices decides somewhere. Twin: `tests.stateful.surroundings.is_met`.
"""

PERCENT: constant(uint256) = 100


@external
@view
def due(old_price: uint256, new_price: uint256, spot: uint256) -> bool:
    moved: uint256 = max(old_price, new_price) - min(old_price, new_price)
    return moved * PERCENT >= old_price or spot >= 2 * new_price
