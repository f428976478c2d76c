"""A posted feed keeps what its publisher signed, in the order the chain learnt it."""

from dataclasses import dataclass
from typing import Any

import boa
import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec.prices import Observation, answer
from tests.contracts.feeds import NOBODY, NOW, asked
from tests.evm import deployer

MAX_AGE = 600
MAX_PRICE = 2**120
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

publisher = Account.from_key(b"\x01" * 32)
impostor = Account.from_key(b"\x02" * 32)


@dataclass(frozen=True)
class Signature:
    v: int
    r: bytes
    s: bytes


def sign(
    feed: Any, price: int, observed_at: int, *, signer: Any = publisher, **domain: Any
) -> Signature:
    """What a publisher's wallet makes of a value; `domain` overrides members of the feed's own."""
    _, name, version, chain_id, contract, _, _ = feed.eip712Domain()
    message = {"price": price, "observed_at": observed_at}
    signed = signer.sign_typed_data(
        {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
        | domain,
        {"Value": [{"name": name, "type": "uint256"} for name in message]},
        message,
    )
    return Signature(signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32))


def post(feed: Any, price: int, observed_at: int, **options: Any) -> int:
    signature = sign(feed, price, observed_at, **options)
    return int(feed.post(price, observed_at, signature.v, signature.r, signature.s))


def new_feed(signer: str = publisher.address, max_age: int = MAX_AGE) -> Any:
    return deployer("contracts/feed/Posted.vy").deploy(signer, max_age)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


@pytest.fixture
def feed() -> Any:
    return new_feed()


# --- posting


def test_anyone_may_post_what_the_publisher_signed(feed: Any) -> None:
    with boa.env.prank(boa.env.generate_address("relayer")):
        assert post(feed, 5, NOW - 10) == 1
    assert feed.value(1) == (5, NOW - 10, NOW)
    assert feed.latest() == (5, NOW - 10)


def test_a_post_is_logged(feed: Any) -> None:
    post(feed, 5, NOW - 10)
    (posted,) = feed.get_logs()
    assert (posted.index, posted.price, posted.observed_at, posted.posted_at) == (
        1,
        5,
        NOW - 10,
        NOW,
    )


@pytest.mark.parametrize(
    ("price", "observed_at", "reason"),
    [
        (0, NOW, "value: zero"),
        (MAX_PRICE, NOW, "value: too large"),
        (5, NOW + 1, "value: future"),
        (5, NOW - MAX_AGE - 1, "value: too old"),
        (5, NOW - 100, "value: not newer"),
        (5, NOW - 101, "value: not newer"),
    ],
)
def test_a_value_out_of_place_is_refused(
    feed: Any, price: int, observed_at: int, reason: str
) -> None:
    post(feed, 1, NOW - 100)
    with boa.reverts(reason):
        post(feed, price, observed_at)


@pytest.mark.parametrize(("price", "observed_at"), [(1, NOW - MAX_AGE), (MAX_PRICE - 1, NOW)])
def test_the_bounds_themselves_are_accepted(feed: Any, price: int, observed_at: int) -> None:
    post(feed, price, observed_at)
    assert feed.latest() == (price, observed_at)


@pytest.mark.parametrize(
    "forgery",
    [
        {"signer": impostor},
        {"name": "another feed"},
        {"version": "2"},
        {"chainId": 2},
        {"verifyingContract": "0x" + "11" * 20},
    ],
)
def test_a_signature_by_another_or_for_another_feed_is_refused(feed: Any, forgery: Any) -> None:
    with boa.reverts("value: not the publisher's"):
        post(feed, 5, NOW, **forgery)


def test_a_signature_covers_price_and_time(feed: Any) -> None:
    signed = sign(feed, 5, NOW - 1)
    for price, observed_at in ((6, NOW - 1), (5, NOW)):
        with boa.reverts("value: not the publisher's"):
            feed.post(price, observed_at, signed.v, signed.r, signed.s)


def test_a_signature_works_once(feed: Any) -> None:
    post(feed, 5, NOW)
    with boa.reverts("value: not newer"):
        post(feed, 5, NOW)


def test_the_second_form_of_a_signature_is_refused(feed: Any) -> None:
    signed = sign(feed, 5, NOW)
    flipped = (CURVE_ORDER - int.from_bytes(signed.s)).to_bytes(32)
    with boa.reverts("value: malleable signature"):
        feed.post(5, NOW, 55 - signed.v, signed.r, flipped)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_a_signature_of_nobody_is_refused(feed: Any, v: int) -> None:
    with boa.reverts("value: not the publisher's"):
        feed.post(5, NOW, v, b"\x01" * 32, b"\x01" * 32)


def test_a_feed_needs_a_publisher_and_a_max_age() -> None:
    with boa.reverts("feed: no publisher"):
        new_feed(NOBODY)
    with boa.reverts("feed: no max age"):
        new_feed(max_age=0)


# --- now


def test_without_values_a_feed_is_silent(feed: Any) -> None:
    with boa.reverts("feed: silent"):
        feed.latest()
    with boa.reverts("feed: silent"):
        feed.as_of(NOW, 0)


def test_a_value_ages_from_its_observation(feed: Any) -> None:
    post(feed, 5, NOW - 100)
    boa.env.timestamp = NOW - 100 + MAX_AGE
    assert feed.latest() == (5, NOW - 100)
    boa.env.timestamp += 1
    with boa.reverts("feed: stale"):
        feed.latest()


# --- as of


@pytest.fixture
def three(feed: Any) -> Any:
    """Values 5, 6, 7, observed at 0, 100, 200 and posted ten seconds later; now is 1,000."""
    for index in range(3):
        boa.env.timestamp = NOW + 100 * index + 10
        post(feed, 5 + index, NOW + 100 * index)
    boa.env.timestamp = NOW + 1_000
    return feed


@pytest.mark.parametrize(
    ("at", "hint", "price"),
    [(0, 0, 5), (9, 0, 5), (10, 1, 5), (109, 1, 5), (110, 2, 6), (209, 2, 6)],
)
def test_a_value_counts_from_when_it_was_posted(three: Any, at: int, hint: int, price: int) -> None:
    assert three.as_of(NOW + at, hint)[0] == price
    for wrong in {0, 1, 2, 3, 4, 2**256 - 1} - {hint}:
        with boa.reverts("feed: wrong hint"):
            three.as_of(NOW + at, wrong)


@pytest.mark.parametrize("hint", [0, 1, 3, 4, 2**256 - 1])
def test_the_latest_value_needs_no_hint(three: Any, hint: int) -> None:
    assert three.as_of(NOW + 210, hint) == (7, NOW + 200)


def test_the_future_has_no_value(three: Any) -> None:
    with boa.reverts("feed: future"):
        three.as_of(NOW + 1_001, 3)


def test_after_silence_the_first_value_counts(three: Any) -> None:
    assert three.as_of(NOW + 200 + MAX_AGE, 3) == (7, NOW + 200)
    with boa.reverts("feed: silent"):
        three.as_of(NOW + 201 + MAX_AGE, 3)
    post(three, 8, NOW + 900)
    assert three.as_of(NOW + 201 + MAX_AGE, 3) == (8, NOW + 1_000)


def test_a_value_withheld_through_silence_says_when_it_came(three: Any) -> None:
    """Observed before the moment it counts for, yet the feed was silent then, and stays so."""
    post(three, 8, NOW + 900)
    assert three.as_of(NOW + 950, 3) == (8, NOW + 1_000)


def test_a_withheld_value_cannot_rewrite_the_past(three: Any) -> None:
    before = three.as_of(NOW + 500, 3)
    post(three, 999, NOW + 450)
    assert three.as_of(NOW + 500, 3) == before


delays = st.tuples(st.integers(1, 500), st.integers(0, 300))


@given(st.lists(delays, min_size=1, max_size=6), st.data())
def test_the_feed_is_the_as_of_rule(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    feed = new_feed()
    seen: list[Observation] = []
    observed_at = now = NOW
    for step, delay in steps:
        observed_at += step
        now = max(now, observed_at + min(delay, MAX_AGE))
        if now - observed_at > MAX_AGE:
            observed_at = now
        boa.env.timestamp = now
        post(feed, len(seen) + 1, observed_at)
        seen.append(Observation(len(seen) + 1, observed_at, now - observed_at))

    time = data.draw(st.integers(NOW - 10, now), label="time")
    expected = answer(seen, time, MAX_AGE)
    right = sum(one.known_at <= time for one in seen)
    found = asked(feed.as_of, time, right)
    assert found == (expected or "feed: silent")
    for hint in range(len(seen) + 2):
        assert asked(feed.as_of, time, hint) in (found, "feed: wrong hint")


def test_before_the_first_value_even_an_ageless_feed_gives_the_first() -> None:
    feed = new_feed(max_age=2**256 - 1)
    post(feed, 5, NOW)
    assert feed.as_of(NOW - 1, 0) == (5, NOW)


# --- cost


def test_a_value_takes_one_word_and_a_question_two(feed: Any) -> None:
    post(feed, 5, NOW - 1)
    assert feed.as_of(NOW, 0) == (5, NOW - 1)
    assert feed._computation.get_gas_used() < 6_000
