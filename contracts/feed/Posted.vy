# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Posted feed
@license Apache-2.0
@notice Values signed by one publisher and posted by anyone: any data feed, not only prices.
        Every value is kept. What counts as of a moment is what the chain knew then: values are ordered by
        the time they were posted, which nobody can change later, and their age is judged by the time
        they were observed. Whoever withholds a value can make it late, never rewrite the past.
@custom:kill It cannot stop by itself; where nothing is posted calls are refused, and markets wind down.
"""

from ..interfaces import IFeed
from ..interfaces import IPosted
from ..lib import fixed_point as fp
from ..lib import rounds

implements: IFeed


struct Value:
    price: uint256
    observed_at: uint256
    posted_at: uint256


NAME: constant(String[32]) = "Perpetual Pools posted feed"
VERSION: constant(String[1]) = "1"
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
VALUE_TYPE: constant(bytes32) = keccak256("Value(uint256 price,uint256 observed_at)")
# Half the order of secp256k1: of the two signatures (s, n - s) only the lower one is accepted.
MAX_S: constant(uint256) = (
    57_896_044_618_658_097_711_785_492_504_343_953_926_418_782_139_537_452_191_302_581_570_759_080_747_168
)

PUBLISHER: public(immutable(address))
MAX_AGE: public(immutable(uint256))

count: public(uint256)
_values: HashMap[uint256, uint256]  # by index from 1, packed; index 0 stays empty: before all values


@deploy
def __init__(publisher: address, max_age: uint256):
    """
    @notice `max_age` in seconds: how old a value may be when it is posted, and when it is used.
    """
    assert publisher != empty(address), "feed: no publisher"
    assert max_age != 0, "feed: no max age"

    PUBLISHER = publisher
    MAX_AGE = max_age


@external
def post(price: uint256, observed_at: uint256, v: uint8, r: bytes32, s: bytes32) -> uint256:
    """
    @notice Post a value the publisher signed; returns its index.
    """
    assert price != 0, "value: zero"
    assert price < fp.MAX_PRICE, "value: too large"
    assert observed_at <= block.timestamp, "value: future"
    assert block.timestamp - observed_at <= MAX_AGE, "value: too old"
    last: uint256 = self.count
    assert observed_at > self._value(last).observed_at, "value: not newer"
    self._require_signature(price, observed_at, v, r, s)

    index: uint256 = last + 1
    self.count = index
    self._values[index] = rounds._pack(price, observed_at, block.timestamp)

    log IPosted.Posted(
        index=index, price=price, observed_at=observed_at, posted_at=block.timestamp
    )
    return index


@external
@view
def latest() -> (uint256, uint256):
    """
    @notice The value posted last and when it was observed; refused where it is too old now.
    """
    assert self.count != 0, "feed: silent"
    last: Value = self._value(self.count)
    assert block.timestamp - last.observed_at <= MAX_AGE, "feed: stale"

    return last.price, last.observed_at


@external
@view
def as_of(time: uint256, hint: uint256) -> (uint256, uint256):
    """
    @notice The value as of `time`, a moment that has passed, and when it was observed; where the feed was
            silent at `time`, the next value and when it was posted.
            `hint` is the index of the last value posted at or before `time`, 0 where there is none.
    """
    assert time <= block.timestamp, "feed: future"
    index: uint256 = self.count
    pointer: Value = self._value(index)
    next: Value = empty(Value)
    if pointer.posted_at > time:
        assert hint < index, "feed: wrong hint"
        index = hint
        pointer = self._value(hint)
        next = self._value(hint + 1)
        assert pointer.posted_at <= time and next.posted_at > time, "feed: wrong hint"

    if index != 0 and time - pointer.observed_at <= MAX_AGE:
        return pointer.price, pointer.observed_at
    assert next.price != 0, "feed: silent"
    return next.price, next.posted_at


@external
@view
def value(index: uint256) -> (uint256, uint256, uint256):
    """
    @notice One value by its index (from 1): the value, observed at, posted at; zeros where there is none.
    """
    found: Value = self._value(index)
    return found.price, found.observed_at, found.posted_at


@external
@view
def eip712Domain() -> (
    bytes1, String[32], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    """
    @notice The domain of the publisher's signatures (ERC-5267). They sign `Value(uint256 price,uint256
            observed_at)`.
    """
    return 0x0f, NAME, VERSION, chain.id, self, empty(bytes32), []


@internal
@view
def _value(index: uint256) -> Value:
    price: uint256 = 0
    observed_at: uint256 = 0
    posted_at: uint256 = 0
    price, observed_at, posted_at = rounds._unpack(self._values[index])
    return Value(price=price, observed_at=observed_at, posted_at=posted_at)


@internal
@view
def _require_signature(price: uint256, observed_at: uint256, v: uint8, r: bytes32, s: bytes32):
    assert convert(s, uint256) <= MAX_S, "value: malleable signature"
    domain: bytes32 = keccak256(
        abi_encode(DOMAIN_TYPE, keccak256(NAME), keccak256(VERSION), chain.id, self)
    )
    digest: bytes32 = keccak256(
        concat(0x1901, domain, keccak256(abi_encode(VALUE_TYPE, price, observed_at)))
    )
    assert ecrecover(digest, v, r, s) == PUBLISHER, "value: not the publisher's"  # never zero
