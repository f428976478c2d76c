# pragma version 0.4.3
"""
@title Packing, made callable
@notice For tests only. One line per function of `lib/packing.vy`.
"""

from contracts.lib import packing


@external
@pure
def HALF_BITS() -> uint256:
    return packing.HALF_BITS


@external
@pure
def HALF_MASK() -> uint256:
    return packing.HALF_MASK


@external
@pure
def pack(low: uint256, high: uint256) -> uint256:
    return packing._pack(low, high)


@external
@pure
def low(word: uint256) -> uint256:
    return packing._low(word)


@external
@pure
def high(word: uint256) -> uint256:
    return packing._high(word)


@external
@pure
def half(word: uint256, index: uint256) -> uint256:
    return packing._half(word, index)
