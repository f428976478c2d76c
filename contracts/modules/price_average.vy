# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Price average
@notice Owns a market's samples of the price, one per event, and their running sum: recording and
        reading the simple moving average cost the same at any length (R5).
"""

from ..lib import packing

# The longest average there is: a day of hourly events.
MAX_PERIODS: constant(uint256) = 24

# Layout of the word beside the running sum of its lower half.
COUNT_BITS: constant(uint256) = 8
COUNT_MASK: constant(uint256) = 255

# Lower half: sum of the samples there are. Upper half: how many, and where the next one goes.
word: uint256
ring: uint256[MAX_PERIODS]


struct Average:
    sum: uint256
    count: uint256
    next: uint256


@deploy
def __init__(first_price: uint256, periods: uint256):
    self._set(Average(sum=first_price, count=1, next=1 % periods))
    self.ring[0] = first_price


@external
@nonreentrant
@view
def sample(index: uint256) -> (uint256, uint256):
    """
    @notice One of the samples, oldest first, and how many there are; their sum over their number,
            rounded down, is the average: the last executed price.
    """
    now: Average = self._average()
    return self.ring[(now.next + index) % now.count], now.count


@internal
@view
def _average() -> Average:
    word: uint256 = self.word
    upper: uint256 = word >> packing.HALF_BITS
    return Average(sum=word & packing.HALF_MASK, count=upper & COUNT_MASK, next=upper >> COUNT_BITS)


@internal
def _set(now: Average):
    self.word = packing._pack(now.sum, now.count | (now.next << COUNT_BITS))


@internal
def _record(spot: uint256, periods: uint256) -> (uint256, uint256):
    """
    @notice Add one sample, dropping the oldest once there are `periods` of them; rounded down.
    @return The average before and after.
    """
    now: Average = self._average()
    old_price: uint256 = now.sum // now.count
    if now.count == periods:
        now.sum = now.sum - self.ring[now.next] + spot
    else:
        now.sum += spot
        now.count += 1
    self.ring[now.next] = spot
    now.next = (now.next + 1) % periods
    self._set(now)
    return old_price, now.sum // now.count
