# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Ratio of two feeds
@license Apache-2.0
@notice What one of the base is worth in the quote: ETH/EUR from ETH/USD and EUR/USD. Rounded down. As of a
        moment each part is asked by the as-of rule on its own, so that the answer depends on
        neither the caller nor the time of the call. A refusal of a part is the ratio's own, and a
        ratio that is no price is refused.
@custom:kill It cannot stop by itself; where a part dies every call is refused, and markets wind down.
"""

from ..interfaces import IFeed
from ..lib import checks
from ..lib import feeds

implements: IFeed


BASE: public(immutable(address))
QUOTE: public(immutable(address))


@deploy
def __init__(base: address, quote: address):
    """
    @notice Two feeds, each in units of the same thing.
    """
    BASE = base
    QUOTE = quote


@external
@view
def latest() -> (uint256, uint256):
    """
    @notice The ratio now, and when the older one of its parts was observed.
    """
    base: uint256 = 0
    base_moment: uint256 = 0
    quote: uint256 = 0
    quote_moment: uint256 = 0
    base, base_moment = staticcall IFeed(BASE).latest()
    quote, quote_moment = staticcall IFeed(QUOTE).latest()

    return self._ratio(base, quote), min(base_moment, quote_moment)


@external
@view
def as_of(time: uint256, hint: uint256) -> (uint256, uint256):
    """
    @notice The ratio as of `time`, a moment that has passed, and its moment: that of the older part, or,
            where one was silent at `time`, when both were known.
            `hint` has that of the base in its lowest 80 bits and that of the quote above.
    """
    base: uint256 = 0
    base_moment: uint256 = 0
    quote: uint256 = 0
    quote_moment: uint256 = 0
    base, base_moment = staticcall IFeed(BASE).as_of(time, feeds._part_hint(hint, 0))
    quote, quote_moment = staticcall IFeed(QUOTE).as_of(time, hint >> feeds.HINT_BITS)

    return self._ratio(base, quote), feeds._moment(base_moment, quote_moment, time)


@internal
@pure
def _ratio(base: uint256, quote: uint256) -> uint256:
    checks._check_price(base)
    checks._check_price(quote)
    price: uint256 = feeds._ratio_down(base, quote)
    checks._check_price(price)
    return price
