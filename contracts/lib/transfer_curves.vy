# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Transfer curves
@license Apache-2.0
@notice Which fraction of its balance the side that a price move went against pays to the other.
        Prices are WAD in (0, 2^120), leverage is WAD in [0.1, 100], fractions are in ONE, below
        ONE, and never above the exact value: a side never loses everything, or a unit too much.
@custom:model perpools.spec.transfer_curves
"""

from . import fixed_point as fp


@internal
@pure
def _power(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    """
    @notice `1 - (min/max)^leverage`, rounded down; at most 10^-33 below the exact value.
    @dev Whole leverages by squaring, others by way of the logarithm, whose relative precision
        does not depend on how small min/max is.
    """
    low: uint256 = min(p0, p1)
    high: uint256 = max(p0, p1)
    if leverage % fp.WAD == 0:
        kept: uint256 = fp._mul_div_up(low, fp.ONE, high)
        return unsafe_sub(fp.ONE, fp._pow_up(kept, unsafe_div(leverage, fp.WAD)))  # at most ONE
    # the logarithm is below 84 ONE, leverage at most 100 WAD: below 2^193
    exponent: uint256 = unsafe_div(unsafe_mul(fp._ln_ratio_down(high, low), leverage), fp.WAD)
    return unsafe_sub(fp.ONE, fp._exp_neg_up(exponent))  # at most ONE


@internal
@pure
def _sigmoid(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    """
    @notice `2 / (1 + e^(-2 leverage (1 - min/max))) - 1`, rounded down; at most 3 * 10^-34 below
            the exact value.
    """
    low: uint256 = min(p0, p1)
    high: uint256 = max(p0, p1)
    # prices and ONE are below 2^120: below 2^240
    move: uint256 = unsafe_div(unsafe_mul(unsafe_sub(high, low), fp.ONE), high)
    # leverage is at most 100 WAD: below 2^187
    exponent: uint256 = unsafe_div(unsafe_mul(move, leverage), fp.WAD // 2)
    kept: uint256 = fp._exp_neg_up(exponent)
    # kept is at most ONE: below 2^240
    return unsafe_div(unsafe_mul(unsafe_sub(fp.ONE, kept), fp.ONE), unsafe_add(fp.ONE, kept))


@internal
@pure
def _linear(p0: uint256, p1: uint256, leverage: uint256, cap: uint256) -> uint256:
    """
    @notice `leverage * (1 - min/max)`, rounded down, at most `cap`.
    """
    low: uint256 = min(p0, p1)
    high: uint256 = max(p0, p1)
    # prices are below 2^120, leverage below 2^67, a WAD below 2^60: below 2^247
    scaled: uint256 = unsafe_mul(unsafe_mul(unsafe_sub(high, low), leverage), fp.ONE // fp.WAD)
    return min(unsafe_div(scaled, high), cap)
