# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Linear transfer function
@license Apache-2.0
@notice `min(leverage * (1 - min/max), cap)`: the full leverage up to the cap, nothing beyond it.
@custom:kill it cannot be stopped: pure
"""

from ..interfaces import ITransfer
from ..lib import fixed_point as fp
from ..lib import transfer_curves as curves

implements: ITransfer

# The most that one event takes, 10^36 = everything.
CAP: public(immutable(uint256))


@deploy
def __init__(cap: uint256):
    assert cap != 0 and cap < fp.ONE, "cap: out of range"

    CAP = cap


@external
@view
def fraction(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    """
    @notice Fraction (10^36 = everything) that a move from `p0` to `p1` takes from the losing side.
    """
    return curves._linear(p0, p1, leverage, CAP)
