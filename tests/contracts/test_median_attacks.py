"""No caller chooses which parts of a median count: wrong hints, little gas, dead aggregators."""

from typing import Any

import boa
import pytest

from perpools.spec.rounds import round_id
from tests.contracts.feeds import (
    BURN_ALL_GAS,
    DOLLAR,
    HEARTBEAT,
    LATEST,
    NOW,
    REVERT,
    WAD,
    ZEROS,
    composed,
    new_aggregator,
    new_feed,
    packed,
    told,
)
from tests.stateful import wire

HOUR, DAY = 3_600, 86_400


@pytest.fixture(autouse=True)
def clock() -> Any:
    with boa.env.anchor():
        boa.env.timestamp = NOW
        yield


@pytest.fixture
def aggregators() -> list[Any]:
    """Three of them; each has a round every ten minutes until a minute ago, at its own price."""
    made = [new_aggregator() for _ in range(3)]
    for index, aggregator in enumerate(made):
        for number in range(1, 6):
            price = (100 * (index + 1) + number) * DOLLAR
            aggregator.set_round(round_id(1, number), price, NOW - 2_460 + 600 * (number - 1))
    return made


@pytest.fixture
def median(aggregators: list[Any]) -> Any:
    return composed("Median", *map(new_feed, aggregators))


def test_no_choice_of_hints_chooses_the_price(median: Any) -> None:
    """The attack: let the part one dislikes fail, and take the median of the others."""
    time = NOW - 700
    right = round_id(1, 3)
    answers = {
        told(median, "as_of", time, packed(*(hint if at == part else right for at in range(3))))
        for part in range(3)
        for hint in (0, 1, 2, *(round_id(1, n) for n in range(7)), round_id(2, 1), 2**80 - 1)
    }
    assert answers == {(203 * WAD, NOW - 1_260), "feed: wrong hint"}


@pytest.mark.parametrize("days", [0, 9])
def test_nor_when_one_of_them_has_died_since(
    median: Any, aggregators: list[Any], days: int
) -> None:
    boa.env.timestamp += days * DAY
    for aggregator in aggregators[1:]:
        aggregator.push(500 * DOLLAR)
    time, right = NOW - 700, round_id(1, 3)
    answers = {
        told(median, "as_of", time, packed(hint, right, right))
        for hint in (0, 1, *(round_id(1, n) for n in range(7)), 2**80 - 1)
    }
    assert answers == {(203 * WAD, NOW - 1_260), "feed: wrong hint"}


def test_a_dead_aggregator_stops_nobody(median: Any, aggregators: list[Any]) -> None:
    boa.env.timestamp += HEARTBEAT + HOUR
    for aggregator in aggregators[1:]:
        aggregator.push(500 * DOLLAR)
    assert median.latest() == (500 * WAD, boa.env.timestamp)
    assert median.as_of(boa.env.timestamp, 0) == (500 * WAD, boa.env.timestamp)


@pytest.mark.parametrize("manner", [REVERT, BURN_ALL_GAS, ZEROS])
def test_an_unreadable_aggregator_is_waited_for(
    median: Any, aggregators: list[Any], manner: int
) -> None:
    aggregators[0].misbehave(LATEST, manner)
    hints = packed(*[round_id(1, 3)] * 3)
    assert median.latest() == (255 * WAD, NOW - 60)
    assert told(median, "as_of", NOW - 700, hints) == "feed: incomplete"
    boa.env.timestamp += DAY
    assert median.as_of(NOW - 700, hints) == (253 * WAD, NOW - 1_260)
    aggregators[0].misbehave(LATEST, 0)
    assert median.as_of(NOW - 700, hints) == (203 * WAD, NOW - 1_260)


def test_a_part_that_burns_gas_costs_a_bounded_amount(median: Any, aggregators: list[Any]) -> None:
    for number in range(1, 6):
        aggregators[0].misbehave(round_id(1, number), BURN_ALL_GAS)
    data = median.as_of.prepare_calldata(NOW - 700, packed(*[round_id(1, 3)] * 3))
    assert wire.execute(median, data, is_static=True).get_gas_used() < 1_100_000
