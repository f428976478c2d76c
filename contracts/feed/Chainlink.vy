# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Chainlink feed
@license Apache-2.0
@notice The price of one AggregatorV3, now or as of any past moment. A round whose answer is not a price
        (zero, negative, beyond 2^120) is silence: never used, never in the way.
@dev    The history of a proxy is that of its phases in order: a round counts until the first round of a
        higher phase is at or before it. Three things about aggregators are taken for granted, as
        Chainlink's keep them: within a phase times never fall, rounds are numbered from 1, and no past
        phase has a hole (one in the current phase is passed over). Then the answer for a moment that
        has passed depends neither on the caller nor on the time of the call, with one exception: a proxy
        that switches to an aggregator which ran before the switch adopts that one's past.
@custom:kill It cannot stop by itself; where its aggregator dies every call is refused, and markets wind down.
"""

from ..interfaces import IAggregator
from ..interfaces import IFeed
from ..lib import rounds

implements: IFeed


struct Round:
    id: uint256
    answer: int256
    started_at: uint256
    updated_at: uint256  # 0: there is no such round


# Proxies have seen fewer than ten phases in five years.
MAX_PHASES: constant(uint256) = 16
# Rounds a search passes over before it gives up: unusable ones in an unbroken row.
MAX_ROUNDS: constant(uint256) = 64
# What one read of a round may burn: about ten times the cost of one through a proxy, cold.
ROUND_GAS: constant(uint256) = 200_000
# With this much left a call is given ROUND_GAS in full (63/64 of what remains, less the call itself),
# so that nobody can make a round look missing by sending too little.
GAS_NEEDED: constant(uint256) = 210_000

AGGREGATOR: public(immutable(address))
MAX_AGE: public(immutable(uint256))
SEQUENCER: public(immutable(address))
GRACE: public(immutable(uint256))
SCALE: immutable(uint256)


@deploy
def __init__(aggregator: address, max_age: uint256, sequencer: address, grace: uint256):
    """
    @notice `max_age` is the feed's heartbeat with some margin, in seconds. On a rollup `sequencer` is its
            uptime feed and `grace` how long after a restart prices are not trusted; elsewhere zero.
    """
    assert max_age != 0, "feed: no max age"
    decimals: uint256 = convert(staticcall IAggregator(aggregator).decimals(), uint256)
    assert decimals <= 18, "feed: decimals"

    AGGREGATOR = aggregator
    MAX_AGE = max_age
    SEQUENCER = sequencer
    GRACE = grace
    SCALE = rounds._scale(decimals)

    last: Round = self._latest(aggregator)
    assert last.updated_at != 0, "feed: incomplete"
    assert self._round(last.id).updated_at == last.updated_at, "feed: no history"


@external
@view
def latest() -> (uint256, uint256):
    """
    @notice The price now and when it was observed.
    """
    self._require_sequencer()
    last: Round = self._latest(AGGREGATOR)
    assert last.updated_at != 0, "feed: incomplete"
    assert last.updated_at <= block.timestamp, "feed: future"
    assert block.timestamp - last.updated_at <= MAX_AGE, "feed: stale"
    assert last.answer > 0, "feed: not positive"
    price: uint256 = rounds._price_wad(last.answer, SCALE)
    assert price != 0, "feed: too large"

    return price, last.updated_at


@external
@view
def as_of(time: uint256, hint: uint256) -> (uint256, uint256):
    """
    @notice The price as of `time`, a moment that has passed, and when it was observed.
            `hint` is the id of the last round at or before `time`, 0 where there is none.
    @dev    The sequencer's state now says nothing about rounds written in the past, so it is not asked.
    """
    assert time <= block.timestamp, "feed: future"
    last: Round = self._latest(AGGREGATOR)
    assert last.updated_at != 0, "feed: incomplete"

    if last.updated_at > time:
        return self._search(time, hint, last.id)
    price: uint256 = self._price_if_fresh(last, time)
    assert price != 0, "feed: silent"
    return price, last.updated_at


@internal
@view
def _search(time: uint256, hint: uint256, last_id: uint256) -> (uint256, uint256):
    """
    @notice The price as of a moment before the latest round.
    """
    last_phase: uint256 = rounds._phase(last_id)
    pointer: Round = self._pointer(time, hint, last_phase)
    price: uint256 = self._price_if_fresh(pointer, time)
    heir: Round = self._heir(rounds._phase(hint), last_phase)

    id: uint256 = hint
    for _: uint256 in range(MAX_ROUNDS):
        id += 1
        next: Round = self._round(id)
        if next.updated_at == 0 and heir.id == 0 and id < last_id:
            continue
        if next.updated_at == 0 or next.updated_at >= heir.updated_at:
            next = heir
            id = heir.id
            if id != 0:
                heir = self._heir(rounds._phase(id), last_phase)
        assert next.updated_at > time, "feed: wrong hint"
        if price != 0:
            return price, pointer.updated_at
        assert next.updated_at <= block.timestamp, "feed: silent"
        later_price: uint256 = rounds._price_wad(next.answer, SCALE)
        if later_price != 0:
            return later_price, next.updated_at
    raise "feed: too many rounds"


@internal
@view
def _pointer(time: uint256, hint: uint256, last_phase: uint256) -> Round:
    """
    @notice The round the hint names, an empty one for 0. Whether it is the last one is not judged here.
    """
    phase: uint256 = rounds._phase(hint)
    assert phase <= last_phase, "feed: wrong hint"
    assert last_phase - phase <= MAX_PHASES, "feed: too many phases"
    if hint == 0:
        return empty(Round)

    pointer: Round = self._round(hint)
    assert pointer.updated_at != 0 and pointer.updated_at <= time, "feed: wrong hint"
    if phase != last_phase:
        # A past phase without a first round is passed over by `_heir`, hence here too.
        first: Round = self._round(rounds._round_id(phase, 1))
        assert first.updated_at != 0, "feed: wrong hint"
    return pointer


@internal
@view
def _heir(phase: uint256, last_phase: uint256) -> Round:
    """
    @notice The first round that ends `phase`: the earliest first round of a higher phase, of equals the
            highest. Where no phase follows, a round without id at the end of time.
    """
    heir: Round = empty(Round)
    heir.updated_at = max_value(uint256)
    for candidate: uint256 in range(phase + 1, last_phase + 1, bound=MAX_PHASES):
        first: Round = self._round(rounds._round_id(candidate, 1))
        if first.updated_at == 0:
            assert candidate != last_phase, "feed: no history"
        elif first.updated_at <= heir.updated_at:
            heir = first
    return heir


@internal
@view
def _price_if_fresh(pointer: Round, time: uint256) -> uint256:
    """
    @notice The price of a round at or before `time`, 0 where it was too old by then or is not usable.
    """
    if time - pointer.updated_at > MAX_AGE:
        return 0
    return rounds._price_wad(pointer.answer, SCALE)


@internal
@view
def _require_sequencer():
    if SEQUENCER == empty(address):
        return
    status: Round = self._latest(SEQUENCER)
    up: bool = status.answer == 0 and status.started_at != 0
    assert up and status.started_at <= block.timestamp, "feed: sequencer down"
    assert block.timestamp - status.started_at > GRACE, "feed: sequencer grace"


@internal
@view
def _latest(aggregator: address) -> Round:
    """
    @notice The latest round, an empty one where the aggregator does not answer.
    """
    answered: bool = False
    response: Bytes[160] = b""
    answered, response = raw_call(
        aggregator,
        method_id("latestRoundData()"),
        max_outsize=160,
        is_static_call=True,
        revert_on_failure=False,
    )
    return self._decoded(answered, response)


@internal
@view
def _round(id: uint256) -> Round:
    """
    @notice One round by its id, an empty one where the aggregator has none.
    """
    assert msg.gas >= GAS_NEEDED, "feed: too little gas"
    answered: bool = False
    response: Bytes[160] = b""
    answered, response = raw_call(
        AGGREGATOR,
        abi_encode(id, method_id=method_id("getRoundData(uint80)")),
        max_outsize=160,
        gas=ROUND_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    found: Round = self._decoded(answered, response)
    if found.id != id:
        return empty(Round)
    return found


@internal
@pure
def _decoded(answered: bool, response: Bytes[160]) -> Round:
    if not answered or len(response) < 160:
        return empty(Round)
    id: uint256 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    deprecated: uint256 = 0
    id, answer, started_at, updated_at, deprecated = abi_decode(
        response, (uint256, int256, uint256, uint256, uint256)
    )
    return Round(id=id, answer=answer, started_at=started_at, updated_at=updated_at)
