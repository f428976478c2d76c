# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Power transfer function
@license Apache-2.0
@notice `1 - (min/max)^leverage`: a move in one direction takes the same however many events cut
        it into pieces.
@custom:kill it cannot be stopped: pure
"""

from ..interfaces import ITransfer
from ..lib import transfer_curves as curves

implements: ITransfer


@external
@view
def fraction(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    """
    @notice Fraction (10^36 = everything) that a move from `p0` to `p1` takes from the losing side.
    """
    return curves._power(p0, p1, leverage)
