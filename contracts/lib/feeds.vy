# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Composed feeds
@license Apache-2.0
@notice What feeds made of other feeds, their parts, answer. An answer is a price and a moment: when the
        price was observed, or, where the feed was silent at the time asked about, when it became
        known, which is later. So `moment <= time` says that the feed was not silent at `time`.
@custom:model perpools.spec.feeds
"""

from . import fixed_point as fp

# Parts share one hint: what a round id of a Chainlink proxy takes; an index of a posted feed takes less.
HINT_BITS: constant(uint256) = 80
HINT_MASK: constant(uint256) = 2**80 - 1
# As many parts as there are hints in a word: of three one may fail, and a majority of two is left.
PARTS: constant(uint256) = 3
# No moment at all: the part did not answer.
NEVER: constant(uint256) = max_value(uint256)


@internal
@pure
def _part_hint(hint: uint256, index: uint256) -> uint256:
    """
    @notice The hint of one part, the first one's lowest.
    """
    return (hint >> (index * HINT_BITS)) & HINT_MASK


@internal
@pure
def _ratio_down(base: uint256, quote: uint256) -> uint256:
    """
    @notice How many of `quote` one of `base` is worth, in WAD; rounded down, in the short side's favour.
            Both below MAX_PRICE and not zero.
    """
    return fp._mul_div_down(base, fp.WAD, quote)


@internal
@pure
def _inverse_down(price: uint256) -> uint256:
    """
    @notice One over a price, in WAD; rounded down. The price is not zero.
    """
    return fp._mul_div_down(fp.WAD, fp.WAD, price)


@internal
@pure
def _moment(base_moment: uint256, quote_moment: uint256, time: uint256) -> uint256:
    """
    @notice The moment of an answer that needs two: the older one, or, where a part was silent at
            `time`, when both were known.
    """
    latest: uint256 = max(base_moment, quote_moment)
    return latest if latest > time else min(base_moment, quote_moment)


@internal
@pure
def _middle(a: uint256, b: uint256, c: uint256) -> uint256:
    """
    @notice The second largest of three.
    """
    return max(min(a, b), min(max(a, b), c))


@internal
@pure
def _median(prices: uint256[PARTS], moments: uint256[PARTS], time: uint256) -> (uint256, uint256):
    """
    @notice The median of what was known at the first moment, not before `time`, at which a majority of
            the parts had answered; zeros while there is none. Of two prices it is their mean, rounded
            down. A part whose price is 0 has not answered.
    @dev    Once this moment has passed, its answers are final: what comes later is not counted.
    """
    known: uint256[PARTS] = moments
    for part: uint256 in range(PARTS):
        if prices[part] == 0:
            known[part] = NEVER
    majority: uint256 = self._middle(known[0], known[1], known[2])
    if majority == NEVER:
        return 0, 0

    decided: uint256 = max(time, majority)
    total: uint256 = 0
    counted: uint256 = 0
    oldest: uint256 = NEVER
    for part: uint256 in range(PARTS):
        if known[part] <= decided:
            total += prices[part]
            counted += 1
            oldest = min(oldest, known[part])
    price: uint256 = fp._mul_div_down(total, 1, 2)
    if counted == PARTS:
        price = self._middle(prices[0], prices[1], prices[2])
    return price, decided if decided > time else oldest
