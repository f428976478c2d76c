# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Rounds of a feed
@license Apache-2.0
@notice How feeds number, scale and store what they observed.
@custom:model perpools.spec.rounds
"""

from . import fixed_point as fp


@internal
@pure
def _round_id(phase: uint256, number: uint256) -> uint256:
    """
    @notice A round as a proxy names it: round `number` of the aggregator of `phase`.
    """
    return (phase << 64) | number


@internal
@pure
def _phase(round_id: uint256) -> uint256:
    """
    @notice The phase a round belongs to; 0 for an aggregator without a proxy.
    """
    return round_id >> 64


@internal
@pure
def _scale(decimals: uint256) -> uint256:
    """
    @notice What one unit of an answer with `decimals` (at most 18) is worth in WAD.
    """
    return 10 ** (18 - decimals)


@internal
@pure
def _price_wad(answer: int256, scale: uint256) -> uint256:
    """
    @notice An answer in WAD, exactly; 0 where it is not a price: not positive, or not below MAX_PRICE.
    """
    if answer <= 0 or answer >= convert(fp.MAX_PRICE, int256):
        return 0
    price: uint256 = unsafe_mul(convert(answer, uint256), scale)  # below 2^120 * 10^18
    return price if price < fp.MAX_PRICE else 0


@internal
@pure
def _pack(price: uint256, observed_at: uint256, posted_at: uint256) -> uint256:
    """
    @notice A posted value in one word: price, 128 bits; when it was observed and posted, 64 bits each.
    """
    return (price << 128) | (observed_at << 64) | posted_at


@internal
@pure
def _unpack(word: uint256) -> (uint256, uint256, uint256):
    """
    @notice Price, observed at, posted at: what `_pack` was given.
    """
    return word >> 128, (word >> 64) & (2**64 - 1), word & (2**64 - 1)
