# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Inverse of a feed
@license Apache-2.0
@notice One over a price: USD/EUR from EUR/USD. Rounded down. When and whether there is a price is as the
        feed says; an inverse that is no price (of one above 10^18) is refused.
@custom:kill It cannot stop by itself; where its feed dies every call is refused, and markets wind down.
"""

from ..interfaces import IFeed
from ..lib import checks
from ..lib import feeds

implements: IFeed


FEED: public(immutable(address))


@deploy
def __init__(feed: address):
    FEED = feed


@external
@view
def latest() -> (uint256, uint256):
    """
    @notice The inverse now, and when it was observed.
    """
    price: uint256 = 0
    moment: uint256 = 0
    price, moment = staticcall IFeed(FEED).latest()

    return self._inverse(price), moment


@external
@view
def as_of(time: uint256, hint: uint256) -> (uint256, uint256):
    """
    @notice The inverse as of `time`, a moment that has passed, and its moment; `hint` is the feed's own.
    """
    price: uint256 = 0
    moment: uint256 = 0
    price, moment = staticcall IFeed(FEED).as_of(time, hint)

    return self._inverse(price), moment


@internal
@pure
def _inverse(price: uint256) -> uint256:
    checks._check_price(price)
    inverse: uint256 = feeds._inverse_down(price)
    checks._check_price(inverse)
    return inverse
