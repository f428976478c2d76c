# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Triggers
@notice Whether an event is due where no order waits (R7).
@custom:model perpools.spec.triggers
"""

from . import fixed_point as fp

# A hundredfold move: beyond it a market would never rebalance by itself.
MAX_THRESHOLD_WAD: constant(uint256) = 100 * 10**18


@internal
@pure
def _moved(reference: uint256, price: uint256, threshold_wad: uint256) -> bool:
    """
    @notice Whether `|price / reference - 1| >= threshold`, compared without dividing: nothing is
            rounded.
    """
    return (max(price, reference) - min(price, reference)) * fp.WAD >= threshold_wad * reference
