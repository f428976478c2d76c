# pragma version 0.4.3
"""
@title Composed feeds, made callable
@notice For tests only. One line per function of `lib/feeds.vy`.
"""

from contracts.lib import feeds


@external
@pure
def part_hint(hint: uint256, index: uint256) -> uint256:
    return feeds._part_hint(hint, index)


@external
@pure
def ratio_down(base: uint256, quote: uint256) -> uint256:
    return feeds._ratio_down(base, quote)


@external
@pure
def inverse_down(price: uint256) -> uint256:
    return feeds._inverse_down(price)


@external
@pure
def moment(base_moment: uint256, quote_moment: uint256, time: uint256) -> uint256:
    return feeds._moment(base_moment, quote_moment, time)


@external
@pure
def middle(a: uint256, b: uint256, c: uint256) -> uint256:
    return feeds._middle(a, b, c)


@external
@pure
def median(prices: uint256[3], moments: uint256[3], time: uint256) -> (uint256, uint256):
    return feeds._median(prices, moments, time)
