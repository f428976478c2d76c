# pragma version 0.4.3
"""
@title Kinds of order, made callable
@notice For tests only. One line per function of `lib/kinds.vy`.
"""

from contracts.lib import kinds


@external
@pure
def LONG() -> uint256:
    return kinds.LONG


@external
@pure
def SHORT() -> uint256:
    return kinds.SHORT


@external
@pure
def LONG_MINT() -> uint256:
    return kinds.LONG_MINT


@external
@pure
def SHORT_MINT() -> uint256:
    return kinds.SHORT_MINT


@external
@pure
def LONG_BURN() -> uint256:
    return kinds.LONG_BURN


@external
@pure
def SHORT_BURN() -> uint256:
    return kinds.SHORT_BURN


@external
@pure
def LONG_FLIP() -> uint256:
    return kinds.LONG_FLIP


@external
@pure
def SHORT_FLIP() -> uint256:
    return kinds.SHORT_FLIP


@external
@pure
def ASSETS() -> uint256:
    return kinds.ASSETS


@external
@pure
def LONG_TOKENS() -> uint256:
    return kinds.LONG_TOKENS


@external
@pure
def SHORT_TOKENS() -> uint256:
    return kinds.SHORT_TOKENS


@external
@pure
def item_in(kind: uint256) -> uint256:
    return kinds._item_in(kind)


@external
@pure
def item_out(kind: uint256) -> uint256:
    return kinds._item_out(kind)
