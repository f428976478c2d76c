# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Median of three feeds
@license Apache-2.0
@notice One part may be silent, broken or wrong. As of a moment the answer is the median of what was known
        at the first moment, not before it, at which two parts had answered; of two prices the mean.
@dev    A part is left out only for what is true whoever calls: that it was silent then ("feed: silent",
        which every feed proves before it says so). Whatever else a part refuses for could be the
        caller's doing (a wrong hint, too little gas) or pass, so it refuses the whole call. Only a
        part that for a day after the moment answers nothing at all is left out as broken: what it
        says without any hint, with gas nobody can withhold, is the same refusal.
@custom:kill It cannot stop by itself; where two parts die every call is refused, and markets wind down.
"""

from ..interfaces import IFeed
from ..lib import feeds
from ..lib import fixed_point as fp

implements: IFeed


struct Answer:
    price: uint256  # 0: none
    moment: uint256
    refusal: Bytes[100]


# What a part may use to find a price as of a moment: more than a search of a Chainlink feed through
# all the rounds it passes over.
AS_OF_GAS: constant(uint256) = 1_000_000
# What a part's latest price may cost: twice what a Chainlink feed on a rollup needs, and three of them
# fit into what a market grants a feed that must not stop it.
LATEST_GAS: constant(uint256) = 80_000
# With this much left a call is given LATEST_GAS in full (63/64 of what remains, less the call itself), so
# that nobody can make a part look broken by sending too little.
GAS_NEEDED: constant(uint256) = 85_000
# How long a part that does not answer at all is waited for: not longer than any market waits before it
# may be wound down.
PATIENCE: public(constant(uint256)) = 86_400

FEEDS: immutable(address[feeds.PARTS])


@deploy
def __init__(parts: address[feeds.PARTS]):
    """
    @notice Three feeds of one thing, from sources that fail apart.
    """
    for part: address in parts:
        assert part.is_contract, "feed: no contract"

    FEEDS = parts


@external
@view
def latest() -> (uint256, uint256):
    """
    @notice The median of the parts that have a price now, at least two, and when the oldest of them was
            observed.
    """
    prices: uint256[feeds.PARTS] = empty(uint256[feeds.PARTS])
    moments: uint256[feeds.PARTS] = empty(uint256[feeds.PARTS])
    for index: uint256 in range(feeds.PARTS):
        told: Answer = self._latest(FEEDS[index])
        prices[index] = told.price
        moments[index] = told.moment

    return self._median(prices, moments, block.timestamp)


@external
@view
def as_of(time: uint256, hint: uint256) -> (uint256, uint256):
    """
    @notice The median as of `time`, a moment that has passed, and its moment: that of the oldest answer
            counted, or, where fewer than two parts had a price at `time`, when two were known.
            `hint` has those of the parts, 80 bits each, the first one's lowest.
    """
    assert time <= block.timestamp, "feed: future"
    prices: uint256[feeds.PARTS] = empty(uint256[feeds.PARTS])
    moments: uint256[feeds.PARTS] = empty(uint256[feeds.PARTS])
    for index: uint256 in range(feeds.PARTS):
        told: Answer = self._as_of(FEEDS[index], time, feeds._part_hint(hint, index))
        prices[index] = told.price
        moments[index] = told.moment

    return self._median(prices, moments, time)


@external
@view
def PARTS() -> address[feeds.PARTS]:
    """
    @notice The three feeds.
    """
    return FEEDS


@internal
@pure
def _median(
    prices: uint256[feeds.PARTS], moments: uint256[feeds.PARTS], time: uint256
) -> (uint256, uint256):
    price: uint256 = 0
    moment: uint256 = 0
    price, moment = feeds._median(prices, moments, time)
    assert price != 0, "feed: silent"
    return price, moment


@internal
@view
def _as_of(part: address, time: uint256, hint: uint256) -> Answer:
    """
    @notice What a part answers as of a moment; no price where it was silent or is broken. Refused for
            whatever else it refuses for.
    """
    told: Answer = self._ask(part, abi_encode(time, hint, method_id=method_id("as_of(uint256,uint256)")), AS_OF_GAS)
    if told.price == 0:
        self._require_silent_or_broken(part, time, told.refusal)
    elif told.moment > time and told.moment >= block.timestamp:
        # within this very second another part may still answer
        return empty(Answer)
    return told


@internal
@view
def _require_silent_or_broken(part: address, time: uint256, refusal: Bytes[100]):
    if refusal == abi_encode("feed: silent", method_id=method_id("Error(string)")):
        return
    if block.timestamp - time > PATIENCE:
        now: Answer = self._latest(part)
        if now.price == 0 and now.refusal == refusal:
            return
    assert len(refusal) != 0, "feed: part failed"
    raw_revert(refusal)


@internal
@view
def _latest(part: address) -> Answer:
    """
    @notice A part's latest price, none where it gives none, whatever it does instead.
    """
    assert msg.gas >= GAS_NEEDED, "feed: too little gas"
    told: Answer = self._ask(part, method_id("latest()"), LATEST_GAS)
    if told.moment > block.timestamp:
        return empty(Answer)
    return told


@internal
@view
def _ask(part: address, question: Bytes[68], gas_granted: uint256) -> Answer:
    told: Answer = empty(Answer)
    answered: bool = False
    response: Bytes[100] = b""
    answered, response = raw_call(
        part,
        question,
        max_outsize=100,
        gas=gas_granted,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not answered:
        told.refusal = response
    elif len(response) == 64:
        price: uint256 = 0
        moment: uint256 = 0
        price, moment = abi_decode(response, (uint256, uint256))
        if price < fp.MAX_PRICE:
            told.price = price
            told.moment = moment
    return told
