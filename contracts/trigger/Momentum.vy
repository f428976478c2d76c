# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Momentum trigger
@notice Due while the spot price is off its moving average by the threshold.
@custom:kill It cannot be stopped, and can delay no event that has orders.
@custom:model perpools.spec.triggers.Momentum
"""

from ..interfaces import ITrigger
from ..lib import triggers

implements: ITrigger

THRESHOLD_WAD: public(immutable(uint256))


@deploy
def __init__(threshold_wad: uint256):
    """
    @notice A trigger for any number of markets. The threshold is a part of one, WAD.
    """
    assert threshold_wad != 0 and threshold_wad <= triggers.MAX_THRESHOLD_WAD, "threshold: out of range"
    THRESHOLD_WAD = threshold_wad


@external
@view
def due(old_price: uint256, new_price: uint256, spot: uint256) -> bool:
    """
    @notice Whether an event is due.
    """
    return triggers._moved(new_price, spot, THRESHOLD_WAD)
