"""As of a past moment a Chainlink feed has one answer, whoever asks and however odd its rounds."""

from typing import Any

import boa
import pytest

from perpools.spec.rounds import round_id
from tests.contracts.feeds import (
    BURN_ALL_GAS,
    DOLLAR,
    HEARTBEAT,
    NOW,
    UNREADABLE,
    WAD,
    new_aggregator,
    new_feed,
)

HOUR = 3_600


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


def dollars(entries: dict[tuple[int, int], tuple[int, int]]) -> Any:
    """A feed whose rounds (phase, number) are a price in dollars and a time relative to NOW."""
    aggregator = new_aggregator()
    for (phase, number), (price, at) in entries.items():
        aggregator.set_round(round_id(phase, number), price * DOLLAR, NOW + at)
    return new_feed(aggregator), aggregator


@pytest.fixture
def punctual() -> Any:
    """Three rounds, ten minutes apart, the last one a minute ago."""
    return dollars({(1, 1): (100, -1_260), (1, 2): (101, -660), (1, 3): (102, -60)})[0]


def test_the_future_has_no_price(punctual: Any) -> None:
    with boa.reverts("feed: future"):
        punctual.as_of(NOW + 1, round_id(1, 3))


@pytest.mark.parametrize("hint", [0, 1, round_id(1, 1), round_id(1, 3), 2**256 - 1])
def test_the_latest_round_needs_no_hint(punctual: Any, hint: int) -> None:
    assert punctual.as_of(NOW, hint) == punctual.as_of(NOW - 60, hint) == (102 * WAD, NOW - 60)


@pytest.mark.parametrize("before_next", [0, 1, 599])
def test_a_round_counts_until_the_second_before_the_next(punctual: Any, before_next: int) -> None:
    time = NOW - 61 - before_next
    assert punctual.as_of(time, round_id(1, 2)) == (101 * WAD, NOW - 660)


@pytest.mark.parametrize(
    "hint",
    [
        0,
        1,
        round_id(1, 0),
        round_id(1, 1),
        round_id(1, 3),
        round_id(1, 4),
        round_id(2, 1),
        2**256 - 1,
    ],
)
def test_any_other_hint_is_refused(punctual: Any, hint: int) -> None:
    with boa.reverts("feed: wrong hint"):
        punctual.as_of(NOW - 61, hint)


def test_before_the_first_round_the_first_one_counts(punctual: Any) -> None:
    assert punctual.as_of(NOW - 9_999, 0) == (100 * WAD, NOW - 1_260)
    with boa.reverts("feed: wrong hint"):
        punctual.as_of(NOW - 9_999, round_id(1, 1))


def test_an_aggregator_without_a_proxy_has_phase_zero() -> None:
    feed, _ = dollars({(0, 1): (100, -1_260), (0, 2): (101, -60)})
    assert feed.as_of(NOW - 61, 1) == (100 * WAD, NOW - 1_260)
    assert feed.as_of(NOW - 9_999, 0) == (100 * WAD, NOW - 1_260)
    with boa.reverts("feed: wrong hint"):
        feed.as_of(NOW - 61, 0)


# --- silence


def test_after_silence_the_first_round_counts() -> None:
    feed, _ = dollars({(1, 1): (100, -9 * HOUR), (1, 2): (101, -2 * HOUR), (1, 3): (102, -60)})
    fresh_until = NOW - 9 * HOUR + HEARTBEAT
    assert feed.as_of(fresh_until, round_id(1, 1)) == (100 * WAD, NOW - 9 * HOUR)
    assert feed.as_of(fresh_until + 1, round_id(1, 1)) == (101 * WAD, NOW - 2 * HOUR)


def test_while_silence_lasts_there_is_no_price() -> None:
    feed, aggregator = dollars({(1, 1): (100, -9 * HOUR)})
    with boa.reverts("feed: silent"):
        feed.as_of(NOW - HOUR, round_id(1, 1))
    aggregator.push(101 * DOLLAR)
    with boa.reverts("feed: silent"):  # not usable: from the future
        aggregator.set_round(round_id(1, 2), 101 * DOLLAR, NOW + 1)
        feed.as_of(NOW - HOUR, round_id(1, 1))


@pytest.mark.parametrize("answer", [0, -1, -(2**255), 2**255 - 1])
def test_an_unusable_round_is_silence(answer: int) -> None:
    feed, aggregator = dollars({(1, 1): (100, -700), (1, 3): (102, -60)})
    aggregator.set_round(round_id(1, 2), answer, NOW - 600)
    assert feed.as_of(NOW - 601, round_id(1, 1)) == (100 * WAD, NOW - 700)
    assert feed.as_of(NOW - 600, round_id(1, 2)) == (102 * WAD, NOW - 60)
    with boa.reverts("feed: wrong hint"):
        feed.as_of(NOW - 600, round_id(1, 1))


def test_an_unusable_latest_round_waits_for_the_next() -> None:
    feed, aggregator = dollars({(1, 1): (100, -700), (1, 2): (0, -600)})
    with boa.reverts("feed: silent"):
        feed.as_of(NOW - 500, 0)
    aggregator.set_round(round_id(1, 3), -5 * DOLLAR, NOW - 400)
    with boa.reverts("feed: silent"):
        feed.as_of(NOW - 500, round_id(1, 2))
    aggregator.set_round(round_id(1, 4), 50 * DOLLAR, NOW - 300)
    assert feed.as_of(NOW - 500, round_id(1, 2)) == (50 * WAD, NOW - 300)


@pytest.mark.parametrize(("unusable", "reason"), [(63, None), (64, "feed: too many rounds")])
def test_the_search_for_a_usable_round_is_bounded(unusable: int, reason: str | None) -> None:
    feed, aggregator = dollars({(1, 1): (100, -9 * HOUR)})
    ids = [round_id(1, 2 + index) for index in range(unusable)]
    aggregator.set_rounds(ids, [0] * unusable, [NOW - 100] * unusable)
    aggregator.push(101 * DOLLAR)
    if reason is None:
        assert feed.as_of(NOW - HOUR, round_id(1, 1)) == (101 * WAD, NOW)
        return
    with boa.reverts(reason):
        feed.as_of(NOW - HOUR, round_id(1, 1))


# --- holes


@pytest.mark.parametrize("manner", UNREADABLE)
def test_a_hole_in_the_current_phase_is_passed_over(manner: int) -> None:
    feed, aggregator = dollars({(1, n): (100 + n, -1_000 + 100 * n) for n in range(1, 6)})
    aggregator.misbehave(round_id(1, 3), manner)
    assert feed.as_of(NOW - 650, round_id(1, 2)) == (102 * WAD, NOW - 800)
    assert feed.as_of(NOW - 550, round_id(1, 4)) == (104 * WAD, NOW - 600)
    for time, hint in ((NOW - 550, 2), (NOW - 650, 3), (NOW - 550, 3)):
        with boa.reverts("feed: wrong hint"):
            feed.as_of(time, round_id(1, hint))


def test_a_round_that_burns_all_gas_costs_a_bounded_amount() -> None:
    feed, aggregator = dollars({(1, n): (100 + n, -1_000 + 100 * n) for n in range(1, 4)})
    aggregator.misbehave(round_id(1, 2), BURN_ALL_GAS)
    assert feed.as_of(NOW - 750, round_id(1, 1)) == (101 * WAD, NOW - 900)
    assert feed._computation.get_gas_used() < 300_000


# --- phases


@pytest.fixture
def switched() -> Any:
    """Phase 1 goes on after phase 2 took over; phase 3 never had a round; phase 4 is current."""
    return dollars(
        {
            (1, 1): (100, -1_000),
            (1, 2): (101, -800),
            (1, 3): (111, -500),
            (2, 1): (200, -600),
            (2, 2): (201, -400),
            (4, 1): (400, -200),
            (4, 2): (401, -100),
        }
    )[0]


@pytest.mark.parametrize(
    ("ago", "hint", "price", "seen_ago"),
    [
        (1_001, 0, 100, 1_000),
        (601, round_id(1, 2), 101, 800),
        (600, round_id(2, 1), 200, 600),
        (450, round_id(2, 1), 200, 600),
        (201, round_id(2, 2), 201, 400),
        (200, round_id(4, 1), 400, 200),
        (100, round_id(4, 2), 401, 100),
    ],
)
def test_a_higher_phase_takes_over_with_its_first_round(
    switched: Any, ago: int, hint: int, price: int, seen_ago: int
) -> None:
    assert switched.as_of(NOW - ago, hint) == (price * WAD, NOW - seen_ago)


@pytest.mark.parametrize(
    ("ago", "hint"),
    [(450, round_id(1, 2)), (450, round_id(1, 3)), (150, round_id(2, 2)), (300, round_id(3, 1))],
)
def test_a_phase_that_was_replaced_is_refused(switched: Any, ago: int, hint: int) -> None:
    with boa.reverts("feed: wrong hint"):
        switched.as_of(NOW - ago, hint)


def test_silence_ends_with_the_next_phase_not_with_a_replaced_one() -> None:
    feed, aggregator = dollars({(1, 1): (100, -9 * HOUR), (1, 2): (111, -500), (2, 1): (200, -600)})
    assert feed.as_of(NOW - HOUR, round_id(1, 1)) == (200 * WAD, NOW - 600)
    aggregator.set_round(round_id(3, 1), 300 * DOLLAR, NOW - 700)
    assert feed.as_of(NOW - HOUR, round_id(1, 1)) == (300 * WAD, NOW - 700)


def test_of_rounds_of_one_moment_the_highest_phase_counts() -> None:
    feed, _ = dollars(
        {
            (1, 1): (100, -9 * HOUR),
            (1, 2): (111, -600),
            (2, 1): (200, -600),
            (3, 1): (300, -600),
            (3, 2): (301, -60),
        }
    )
    assert feed.as_of(NOW - HOUR, round_id(1, 1)) == (300 * WAD, NOW - 600)
    assert feed.as_of(NOW - 600, round_id(3, 1)) == (300 * WAD, NOW - 600)
    for hint in (round_id(1, 2), round_id(2, 1)):
        with boa.reverts("feed: wrong hint"):
            feed.as_of(NOW - 600, hint)


def test_silence_in_a_late_phase_is_silence() -> None:
    feed, aggregator = dollars({(20, 1): (100, -9 * HOUR)})
    aggregator.set_round(round_id(20, 2), 0, NOW)
    with boa.reverts("feed: silent"):
        feed.as_of(NOW - HOUR, round_id(20, 1))


def test_a_phase_without_a_first_round_is_passed_over() -> None:
    feed, _ = dollars({(1, 1): (100, -900), (2, 2): (200, -600), (3, 1): (300, -100)})
    assert feed.as_of(NOW - 500, round_id(1, 1)) == (100 * WAD, NOW - 900)
    with boa.reverts("feed: wrong hint"):
        feed.as_of(NOW - 500, round_id(2, 2))


def test_a_current_phase_without_a_first_round_has_no_past() -> None:
    feed, _ = dollars({(1, 1): (100, -900), (2, 2): (200, -100)})
    assert feed.as_of(NOW, 0) == (200 * WAD, NOW - 100)
    with boa.reverts("feed: no history"):
        feed.as_of(NOW - 500, round_id(1, 1))


@pytest.mark.parametrize(("phase", "reason"), [(17, None), (18, "feed: too many phases")])
def test_the_search_over_phases_is_bounded(phase: int, reason: str | None) -> None:
    feed, _ = dollars({(1, 1): (100, -500), (phase, 1): (200, -100)})
    if reason is None:
        assert feed.as_of(NOW - 200, round_id(1, 1)) == (100 * WAD, NOW - 500)
        return
    with boa.reverts(reason):
        feed.as_of(NOW - 200, round_id(1, 1))
