"""A median of three: one part may be silent, broken or wrong, and no caller chooses which."""

from typing import Any

import boa
import pytest
from eth_abi import encode

from perpools.spec import feeds as spec
from perpools.spec.fixed_point import MAX_PRICE
from perpools.spec.rounds import round_id
from tests.contracts.feeds import (
    DOLLAR,
    NOBODY,
    NOW,
    WAD,
    composed,
    new_aggregator,
    new_feed,
    packed,
    told,
)
from tests.contracts.parts import ANSWERS, BURNS_GAS, NEEDS_GAS, REFUSES, Part, error, three

HOUR, DAY = 3_600, 86_400
FEED_GAS = 300_000
"""What a market grants a feed that must not stop it."""


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


# --- now


def test_the_middle_of_three_prices_is_the_price() -> None:
    for prices in ((5, 7, 9), (9, 5, 7), (7, 9, 5), (7, 7, 9), (5, 7, 7)):
        assert composed("Median", *three(*prices)).latest() == (7, NOW - 60)


def test_a_median_is_as_old_as_the_oldest_part_counted() -> None:
    parts = (Part(5, NOW - 90), Part(7, NOW - 10), Part(9, NOW - 40))
    median = composed("Median", *parts)
    assert median.latest() == median.as_of(NOW, 0) == (7, NOW - 90)
    parts[0].says("feed: stale")
    assert median.latest() == (8, NOW - 40)


def test_of_two_prices_the_mean_is_the_price() -> None:
    parts = three(5, 8, 9)
    parts[2].says("feed: silent")
    median = composed("Median", *parts)
    assert median.latest() == median.as_of(NOW - 1, 0) == (6, NOW - 60)


@pytest.mark.parametrize("manner", [REFUSES, BURNS_GAS])
@pytest.mark.parametrize("position", range(3))
def test_one_broken_part_stops_nobody_now(manner: int, position: int) -> None:
    parts = three(6, 6, 6)
    parts[position].contract.says_now(manner, b"")
    assert composed("Median", *parts).latest(gas=FEED_GAS) == (6, NOW - 60)


def test_two_broken_parts_are_no_majority() -> None:
    for manner in (REFUSES, BURNS_GAS):
        parts = three(6, 6, 6)
        for part in parts[:2]:
            part.contract.says_now(manner, b"")
        assert told(composed("Median", *parts), "latest", gas=FEED_GAS) == "feed: silent"


GARBAGE = [
    b"",
    b"?",
    encode(["uint256"], [6]),
    encode(["uint256"] * 3, [6, NOW, 0]),
    encode(["uint256"] * 4, [6, NOW, 0, 0]),
    encode(["uint256"] * 2, [0, NOW]),
    encode(["uint256"] * 2, [MAX_PRICE, NOW]),
    encode(["uint256"] * 2, [2**256 - 1, NOW]),
]


@pytest.mark.parametrize("words", [*GARBAGE, encode(["uint256"] * 2, [6, NOW + 1])])
def test_what_is_no_answer_is_none(words: bytes) -> None:
    parts = three(5, 8, 100)
    parts[2].contract.says_now(ANSWERS, words)
    assert composed("Median", *parts).latest() == (6, NOW - 60)


@pytest.mark.parametrize("gas", range(20_000, 300_000, 7_000))
@pytest.mark.parametrize("position", range(3))
def test_too_little_gas_never_leaves_a_part_out(gas: int, position: int) -> None:
    """Not even one that asks how much there is, and refuses at no cost."""
    parts = three(5, 8, 9)
    words = encode(["uint256", "uint256"], [parts[position].price, NOW - 60])
    parts[position].contract.says_now(NEEDS_GAS, words)
    found = told(composed("Median", *parts), "latest", gas=gas)
    assert found in ((8, NOW - 60), "feed: too little gas", "")


def test_what_is_no_contract_is_no_part() -> None:
    class Nothing:
        address = NOBODY

    with boa.reverts("feed: no contract"):
        composed("Median", Part(5), Nothing(), Part(6))


# --- as of a moment: who is left out


def test_a_part_that_was_silent_is_left_out_for_ever() -> None:
    parts = three(5, 8, 9)
    median = composed("Median", *parts)
    parts[2].says("feed: silent")
    before = median.as_of(NOW - 60, 0)
    parts[2].answers(9, NOW - 59)
    assert median.as_of(NOW - 60, 0) == before == (6, NOW - 60)


def test_the_first_two_to_answer_decide() -> None:
    first, second, third = three(5, 8, 9)
    median = composed("Median", first, second, third)
    second.says("feed: silent")
    third.says("feed: silent")
    assert told(median, "as_of", NOW - 60, 0) == "feed: silent"
    second.answers(8, NOW)
    assert told(median, "as_of", NOW - 60, 0) == "feed: silent"  # this second is not over
    boa.env.timestamp += 1
    assert median.as_of(NOW - 60, 0) == (6, NOW)
    third.answers(9, NOW + 1)
    boa.env.timestamp += 1
    assert median.as_of(NOW - 60, 0) == (6, NOW)


def test_a_moment_that_is_still_to_come_is_no_answer() -> None:
    parts = three(5, 8, 9)
    parts[1].answers(8, NOW + 1)
    parts[2].answers(9, 2**256 - 1)
    assert told(composed("Median", *parts), "as_of", NOW - 1, 0) == "feed: silent"


def test_the_future_has_no_price() -> None:
    assert told(composed("Median", *three(5, 8, 9)), "as_of", NOW + 1, 0) == "feed: future"


CALLERS_DOING = [
    "feed: wrong hint",
    "feed: too many phases",
    "feed: too many rounds",
    "feed: too little gas",
    "feed: no history",
    "anything else",
]


@pytest.mark.parametrize("reason", CALLERS_DOING)
@pytest.mark.parametrize("days", [0, 1, 40])
def test_what_a_caller_could_cause_refuses_the_whole(reason: str, days: int) -> None:
    """Even where the part has no price now: then its hint might have proved one."""
    parts = three(5, 8, 9)
    median = composed("Median", *parts)
    for now in ("feed: stale", "feed: silent", "feed: incomplete", ""):
        parts[0].says(reason, now=now)
        with boa.env.anchor():
            boa.env.timestamp += days * DAY
            with boa.reverts(reason):
                median.as_of(NOW - 60, 0)


@pytest.mark.parametrize("words", GARBAGE)
def test_what_is_no_answer_refuses_the_whole(words: bytes) -> None:
    parts = three(5, 8, 9)
    parts[1].contract.says_then(ANSWERS, words)
    assert told(composed("Median", *parts), "as_of", NOW - 60, 0) == "feed: part failed"


# --- broken parts are waited for, and then left out


def broken_by(part: Part, how: str) -> None:
    if how == "feed: incomplete":
        part.says(how)
        return
    manner = {"burns": BURNS_GAS, "refuses": REFUSES, "garbles": ANSWERS}[how]
    part.contract.says_then(manner, b"")
    part.contract.says_now(manner, b"")


@pytest.mark.parametrize("how", ["feed: incomplete", "burns", "refuses", "garbles"])
def test_a_part_that_answers_nothing_for_a_day_is_left_out(how: str) -> None:
    parts = three(5, 8, 9)
    median = composed("Median", *parts)
    broken_by(parts[1], how)
    refusal = how if how.startswith("feed") else "feed: part failed"
    boa.env.timestamp = NOW - 60 + median.PATIENCE()
    assert told(median, "as_of", NOW - 60, 0) == refusal
    boa.env.timestamp += 1
    assert median.as_of(NOW - 60, 0) == (7, NOW - 60)
    assert median.PATIENCE() == spec.PATIENCE


def test_a_part_that_works_again_is_counted_again() -> None:
    parts = three(5, 8, 9)
    median = composed("Median", *parts)
    broken_by(parts[1], "burns")
    boa.env.timestamp += 2 * DAY
    assert median.as_of(NOW - 60, 0) == (7, NOW - 60)
    parts[1].answers(8, NOW - 60)
    assert median.as_of(NOW - 60, 0) == (8, NOW - 60)


@pytest.mark.parametrize("manner", [REFUSES, BURNS_GAS])
def test_no_hint_makes_a_part_that_works_look_broken(manner: int) -> None:
    parts = three(5, 8, 9)
    parts[1].contract.is_misled(3, manner, b"")
    parts[1].contract.says_now(REFUSES, error("feed: stale"))
    median = composed("Median", *parts)
    boa.env.timestamp += 9 * DAY
    assert median.as_of(NOW - 60, packed(0, 3)) == (8, NOW - 60)
    assert told(median, "as_of", NOW - 60, 0) == "feed: part failed"


@pytest.mark.parametrize("gas", range(20_000, 1_400_000, 9_000))
def test_no_lack_of_gas_makes_a_part_that_works_look_broken(gas: int) -> None:
    aggregators = [new_aggregator() for _ in range(3)]
    for index, aggregator in enumerate(aggregators):
        aggregator.set_round(round_id(1, 1), (5 + index) * DOLLAR, NOW - 60)
    median = composed("Median", *map(new_feed, aggregators))
    boa.env.timestamp += 9 * DAY
    found = told(median, "as_of", NOW - 60, 0, gas=gas)
    assert isinstance(found, str) or found == (6 * WAD, NOW - 60)
