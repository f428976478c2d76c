# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Sigmoid transfer function
@license Apache-2.0
@notice `2 / (1 + e^(-2 leverage (1 - min/max))) - 1`: close to the full leverage for small moves,
        flattening for large ones.
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
    return curves._sigmoid(p0, p1, leverage)
