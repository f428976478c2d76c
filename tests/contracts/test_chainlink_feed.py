"""A Chainlink feed answers with a valid price, now and as of any past moment, or it refuses."""

from typing import Any

import boa
import pytest
from boa.environment import Env

from perpools.spec.rounds import round_id
from tests.contracts.feeds import (
    ANOTHER_ROUND,
    DOLLAR,
    GRACE,
    HEARTBEAT,
    LATEST,
    NOW,
    UNREADABLE,
    WAD,
    asked,
    new_aggregator,
    new_feed,
)
from tests.evm import deployer

MAX_PRICE = 2**120


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


@pytest.fixture
def aggregator() -> Any:
    """Rounds 1, 2, 3 of phase 1 at 100, 101, 102 dollars, ten minutes apart; the last one now."""
    made = new_aggregator()
    for number in (1, 2, 3):
        made.set_round(round_id(1, number), (99 + number) * DOLLAR, NOW + (number - 3) * 600)
    return made


@pytest.fixture
def feed(aggregator: Any) -> Any:
    return new_feed(aggregator)


# --- now


def test_the_latest_round_is_the_price_now(feed: Any) -> None:
    assert feed.latest() == (102 * WAD, NOW)


@pytest.mark.parametrize("decimals", [0, 6, 8, 18])
def test_feeds_of_any_decimals_carry_the_same_price(decimals: int) -> None:
    aggregator = new_aggregator(decimals)
    aggregator.push(2_345 * 10**decimals)
    feed = new_feed(aggregator)
    assert feed.latest() == feed.as_of(NOW, 0) == (2_345 * WAD, NOW)


def test_an_answer_is_scaled_exactly() -> None:
    aggregator = new_aggregator(17)
    aggregator.push(123_456_789_012_345_678)
    assert new_feed(aggregator).latest()[0] == 1_234_567_890_123_456_780


def test_a_price_is_valid_up_to_its_heartbeat_and_stale_after_it(feed: Any) -> None:
    boa.env.timestamp = NOW + HEARTBEAT
    assert feed.latest() == (102 * WAD, NOW)
    boa.env.timestamp = NOW + HEARTBEAT + 1
    with boa.reverts("feed: stale"):
        feed.latest()


@pytest.mark.parametrize(
    ("answer", "updated_at", "reason"),
    [
        (0, NOW, "feed: not positive"),
        (-1, NOW, "feed: not positive"),
        (-(2**255), NOW, "feed: not positive"),
        (2**255 - 1, NOW, "feed: too large"),
        (-(-MAX_PRICE // 10**10), NOW, "feed: too large"),
        (DOLLAR, NOW + 1, "feed: future"),
        (DOLLAR, 2**256 - 1, "feed: future"),
        (DOLLAR, 0, "feed: incomplete"),
    ],
)
def test_a_bad_round_is_never_the_price_now(
    aggregator: Any, feed: Any, answer: int, updated_at: int, reason: str
) -> None:
    aggregator.set_round(round_id(1, 4), answer, updated_at)
    with boa.reverts(reason):
        feed.latest()


def test_the_largest_price_is_accepted(aggregator: Any, feed: Any) -> None:
    largest = (MAX_PRICE - 1) // 10**10
    aggregator.set_round(round_id(1, 4), largest, NOW)
    assert feed.latest() == (largest * 10**10, NOW)


@pytest.mark.parametrize("manner", [kind for kind in UNREADABLE if kind != ANOTHER_ROUND])
def test_an_aggregator_that_does_not_answer_has_no_price(
    aggregator: Any, feed: Any, manner: int
) -> None:
    aggregator.misbehave(LATEST, manner)
    with boa.reverts("feed: incomplete"):
        feed.latest()
    with boa.reverts("feed: incomplete"):
        feed.as_of(NOW, 0)


@pytest.fixture
def garbled() -> Any:
    return deployer("tests/vyper/mocks/GarbledAggregator.vy").deploy()


def test_data_cut_short_is_no_round(garbled: Any) -> None:
    feed = new_feed(garbled)
    for length in (0, 32, 159):
        garbled.set_lengths(length, 160)
        with boa.reverts("feed: incomplete"):
            feed.latest()


def test_more_data_than_asked_for_is_cut_off(garbled: Any) -> None:
    garbled.set_lengths(192, 192)
    assert new_feed(garbled).latest() == (WAD, NOW)


def test_a_switch_of_phase_does_not_disturb_the_price_now(aggregator: Any, feed: Any) -> None:
    aggregator.set_round(round_id(2, 1), 103 * DOLLAR, NOW)
    assert feed.latest() == (103 * WAD, NOW)


# --- on a rollup


@pytest.mark.parametrize(
    ("answer", "up_since", "reason"),
    [
        (1, NOW - GRACE - 1, "feed: sequencer down"),
        (-1, NOW - GRACE - 1, "feed: sequencer down"),
        (0, 0, "feed: sequencer down"),
        (0, NOW + 1, "feed: sequencer down"),
        (0, NOW - GRACE, "feed: sequencer grace"),
    ],
)
def test_prices_wait_for_the_sequencer(
    aggregator: Any, answer: int, up_since: int, reason: str
) -> None:
    sequencer = new_aggregator(0)
    sequencer.set_status(1, answer, up_since, NOW)
    with boa.reverts(reason):
        new_feed(aggregator, sequencer).latest()


def test_prices_flow_once_the_grace_is_over(aggregator: Any) -> None:
    sequencer = new_aggregator(0)
    sequencer.set_status(1, 0, NOW - GRACE - 1, NOW)
    assert new_feed(aggregator, sequencer).latest() == (102 * WAD, NOW)


def test_a_silent_uptime_feed_counts_as_down(aggregator: Any) -> None:
    with boa.reverts("feed: sequencer down"):
        new_feed(aggregator, new_aggregator(0)).latest()


def test_the_sequencer_does_not_change_the_past(aggregator: Any) -> None:
    sequencer = new_aggregator(0)
    sequencer.set_status(1, 1, NOW - 1, NOW)
    assert new_feed(aggregator, sequencer).as_of(NOW - 1, round_id(1, 2)) == (101 * WAD, NOW - 600)


# --- building one


@pytest.mark.parametrize("decimals", [19, 255])
def test_more_than_18_decimals_are_refused(decimals: int) -> None:
    aggregator = new_aggregator(decimals)
    aggregator.push(1)
    with boa.reverts("feed: decimals"):
        new_feed(aggregator)


def test_a_heartbeat_is_required(aggregator: Any) -> None:
    with boa.reverts("feed: no max age"):
        new_feed(aggregator, max_age=0)


def test_an_aggregator_without_rounds_is_refused() -> None:
    with boa.reverts("feed: incomplete"):
        new_feed(new_aggregator())


@pytest.mark.parametrize("manner", UNREADABLE)
def test_an_aggregator_without_history_is_refused(aggregator: Any, manner: int) -> None:
    aggregator.misbehave(round_id(1, 3), manner)
    with boa.reverts("feed: no history"):
        new_feed(aggregator)


def test_a_round_cut_short_is_no_history(garbled: Any) -> None:
    garbled.set_lengths(160, 159)
    with boa.reverts("feed: no history"):
        new_feed(garbled)


# --- cost


def test_a_punctual_event_asks_the_aggregator_once_and_cheaply() -> None:
    with boa.swap_env(Env()):
        aggregator = new_aggregator()
        aggregator.push(DOLLAR)
        feed = new_feed(aggregator)
        boa.env.evm.vm.state.lock_changes()  # a transaction boundary: addresses and slots are cold
        feed.as_of(boa.env.timestamp, 0)
        spent = feed._computation
    assert len(spent.children) == 1
    assert 2_600 < spent.get_gas_used() - spent.children[0].get_gas_used() < 9_000


def test_too_little_gas_never_makes_a_round_look_missing(feed: Any) -> None:
    due, stale_hint = NOW - 1, round_id(1, 1)
    allowances = (*range(20_000, 260_000, 3_000), 5_000_000)
    outcomes = {asked(feed.as_of, due, stale_hint, gas=gas) for gas in allowances}
    assert outcomes - {""} == {"feed: too little gas", "feed: wrong hint"}
