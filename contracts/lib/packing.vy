# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Packing
@notice Two numbers below 2**128 in one word.
@custom:model perpools.spec.packing
"""

HALF_BITS: constant(uint256) = 128
HALF_MASK: constant(uint256) = 2**128 - 1


@internal
@pure
def _pack(low: uint256, high: uint256) -> uint256:
    """
    @notice The word of two halves, each below 2**128.
    """
    return low | (high << HALF_BITS)


@internal
@pure
def _low(word: uint256) -> uint256:
    """
    @notice The lower half of a word.
    """
    return word & HALF_MASK


@internal
@pure
def _high(word: uint256) -> uint256:
    """
    @notice The upper half of a word.
    """
    return word >> HALF_BITS


@internal
@pure
def _half(word: uint256, index: uint256) -> uint256:
    """
    @notice The half of a word that belongs to a side: long below, short above.
    """
    return (word >> (index * HALF_BITS)) & HALF_MASK
