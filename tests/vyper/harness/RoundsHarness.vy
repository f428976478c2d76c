# pragma version 0.4.3
"""
@title Rounds of a feed, made callable
@notice For tests only. One line per function of `lib/rounds.vy`.
"""

from contracts.lib import rounds


@external
@pure
def round_id(phase: uint256, number: uint256) -> uint256:
    return rounds._round_id(phase, number)


@external
@pure
def phase(round_id: uint256) -> uint256:
    return rounds._phase(round_id)


@external
@pure
def scale(decimals: uint256) -> uint256:
    return rounds._scale(decimals)


@external
@pure
def price_wad(answer: int256, scale: uint256) -> uint256:
    return rounds._price_wad(answer, scale)


@external
@pure
def pack(price: uint256, observed_at: uint256, posted_at: uint256) -> uint256:
    return rounds._pack(price, observed_at, posted_at)


@external
@pure
def unpack(word: uint256) -> (uint256, uint256, uint256):
    return rounds._unpack(word)
