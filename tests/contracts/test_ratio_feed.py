"""A ratio and an inverse say what their parts say, no more and no less."""

from typing import Any

import boa
import pytest

from perpools.spec.fixed_point import MAX_PRICE
from perpools.spec.rounds import round_id
from tests.contracts.feeds import (
    DOLLAR,
    HEARTBEAT,
    NOW,
    WAD,
    composed,
    new_aggregator,
    new_feed,
    packed,
    told,
)
from tests.evm import deployer

HOUR = 3_600


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


def chainlink(*entries: tuple[int, int]) -> Any:
    """A feed of these rounds of one phase: a price in dollars and a time relative to NOW."""
    aggregator = new_aggregator()
    for number, (price, at) in enumerate(entries, 1):
        aggregator.set_round(round_id(1, number), price * DOLLAR, NOW + at)
    return new_feed(aggregator)


def part(price: int) -> Any:
    """A part that answers one price, whatever it is."""
    return deployer("tests/vyper/mocks/ScriptedFeed.vy").deploy(price, 0)


@pytest.fixture
def ether() -> Any:
    return chainlink((3_000, -1_260), (3_100, -660), (3_200, -60))


@pytest.fixture
def euro() -> Any:
    return chainlink((2, -2_000), (4, -700), (5, -30))


# --- now


def test_a_ratio_is_as_old_as_its_older_part(ether: Any, euro: Any) -> None:
    assert composed("Ratio", ether, euro).latest() == (640 * WAD, NOW - 60)
    assert composed("Ratio", euro, ether).latest() == (5 * WAD // 3_200, NOW - 60)


def test_an_inverse_is_as_old_as_its_feed(euro: Any) -> None:
    assert composed("Inverse", euro).latest() == (WAD // 5, NOW - 30)


def test_a_part_that_refuses_refuses_for_the_whole(euro: Any) -> None:
    stale = chainlink((1, -HEARTBEAT - 1))
    for feed in (composed("Ratio", euro, stale), composed("Ratio", stale, euro)):
        assert told(feed, "latest") == "feed: stale"
        assert told(feed, "as_of", NOW, 0) == "feed: silent"
    assert told(composed("Inverse", stale), "latest") == "feed: stale"
    assert told(composed("Inverse", stale), "as_of", NOW, 0) == "feed: silent"


@pytest.mark.parametrize(
    ("base", "quote", "expected"),
    [
        (1, WAD, 1),
        (1, WAD + 1, "price: zero"),
        (MAX_PRICE - 1, WAD, MAX_PRICE - 1),
        (MAX_PRICE - 1, WAD - 1, "price: too large"),
        (MAX_PRICE - 1, 1, "price: too large"),
        (0, WAD, "price: zero"),
        (WAD, 0, "price: zero"),
        (MAX_PRICE, WAD, "price: too large"),
        (WAD, 2**256 - 1, "price: too large"),
    ],
)
def test_a_ratio_that_is_no_price_is_refused(base: int, quote: int, expected: int | str) -> None:
    feed = composed("Ratio", part(base), part(quote))
    for found in (told(feed, "latest"), told(feed, "as_of", NOW, 0)):
        assert found == expected if isinstance(expected, str) else found[0] == expected


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (1, 10**36),
        (10**36, 1),
        (10**36 + 1, "price: zero"),
        (0, "price: zero"),
        (MAX_PRICE, "price: too large"),
    ],
)
def test_an_inverse_that_is_no_price_is_refused(price: int, expected: int | str) -> None:
    feed = composed("Inverse", part(price))
    for found in (told(feed, "latest"), told(feed, "as_of", NOW, 0)):
        assert found == expected if isinstance(expected, str) else found[0] == expected


# --- as of


def test_each_part_is_asked_with_its_own_hint(ether: Any, euro: Any) -> None:
    ratio = composed("Ratio", ether, euro)
    right = packed(round_id(1, 2), round_id(1, 2))
    assert ratio.as_of(NOW - 61, right) == (775 * WAD, NOW - 700)
    for wrong in (
        0,
        round_id(1, 2),
        packed(0, round_id(1, 2)),
        packed(round_id(1, 2), 1),
        right + 1,
    ):
        assert told(ratio, "as_of", NOW - 61, wrong) == "feed: wrong hint"


def test_the_latest_rounds_need_no_hint(ether: Any, euro: Any) -> None:
    ratio = composed("Ratio", ether, euro)
    for hint in (0, 1, 2**256 - 1):
        assert ratio.as_of(NOW, hint) == (640 * WAD, NOW - 60)
    assert ratio.as_of(NOW - 40, packed(0, round_id(1, 2))) == (800 * WAD, NOW - 700)


def test_a_quote_may_be_a_ratio_itself(ether: Any, euro: Any) -> None:
    nested = composed("Ratio", euro, composed("Ratio", ether, euro))
    second = round_id(1, 2)
    price = 4 * WAD * WAD // (775 * WAD)
    assert nested.as_of(NOW - 61, packed(second, second, second)) == (price, NOW - 700)


def test_an_inverse_passes_the_hint_on(euro: Any) -> None:
    inverse = composed("Inverse", euro)
    assert inverse.as_of(NOW - 31, round_id(1, 2)) == (WAD // 4, NOW - 700)
    assert told(inverse, "as_of", NOW - 31, 0) == "feed: wrong hint"


def test_where_a_part_was_silent_the_ratio_is_as_late_as_its_answer(ether: Any) -> None:
    gap = chainlink((2, -3 * HOUR), (4, -600), (5, -30))
    hints = {NOW - 700: (round_id(1, 1), round_id(1, 1)), NOW - 500: (round_id(1, 2),) * 2}
    found = {
        time: composed("Ratio", ether, gap).as_of(time, packed(*both))
        for time, both in hints.items()
    }
    assert found[NOW - 700] == (750 * WAD, NOW - 600)
    assert found[NOW - 500] == (775 * WAD, NOW - 660)
    assert composed("Inverse", gap).as_of(NOW - 700, round_id(1, 1)) == (WAD // 4, NOW - 600)


def test_a_silent_part_is_waited_for_whoever_asks(ether: Any) -> None:
    aggregator = new_aggregator()
    aggregator.set_round(round_id(1, 1), 2 * DOLLAR, NOW - 3 * HOUR)
    ratio = composed("Ratio", ether, new_feed(aggregator))
    hints = [packed(a, b) for a in (0, round_id(1, 2)) for b in (0, round_id(1, 1))]
    assert {told(ratio, "as_of", NOW - 500, hint) for hint in hints} == {
        "feed: silent",
        "feed: wrong hint",
    }
    aggregator.set_round(round_id(1, 2), 4 * DOLLAR, NOW)
    right = packed(round_id(1, 2), round_id(1, 1))
    assert ratio.as_of(NOW - 500, right) == (775 * WAD, NOW)
    for hint in set(hints) - {right}:
        assert told(ratio, "as_of", NOW - 500, hint) == "feed: wrong hint"
