"""What programs are told."""

import json
from typing import NamedTuple, get_args

import pytest

from perpools.chain import telling
from perpools.chain.telling import TYPES, Window
from perpools.spec.events import Event, OrderPlaced

HOUR_S = 3_600


class Record(NamedTuple):
    event: Event
    block_number: int = 5
    timestamp: int = 1_700_000_000
    transaction_hash: str = "0xabc"
    index: int = 2


ORDER = Record(OrderPlaced("owner", "controller", 7, 0, 2**60, 0, 0))


def test_every_event_has_a_type_of_its_own() -> None:
    assert {kind.__name__ for kind in get_args(Event)} == set(TYPES)
    assert len(set(TYPES.values())) == len(TYPES)


def test_a_fact_says_what_happened_and_where() -> None:
    told = telling.fact("market", ORDER)
    assert told["type"] == "order"
    assert (told["market"], told["block"], told["index"]) == ("market", 5, 2)
    assert told["owner"] == "owner"


def test_large_numbers_survive_programs_that_count_in_floats() -> None:
    told = json.loads(json.dumps(telling.fact("market", ORDER)))
    assert told["amount"] == str(2**60)
    assert told["epoch"] == 7


def test_what_was_undone_is_named() -> None:
    told = telling.undone("market", ORDER)
    assert (told["type"], told["of"], told["transaction"]) == ("undone", "order", "0xabc")


def test_the_window_open_now_ends_where_the_next_begins() -> None:
    window = telling.window(10 * HOUR_S, HOUR_S, 600)
    assert window == Window(11, 11 * HOUR_S - 601, 11 * HOUR_S)
    assert telling.window(window.cutoff_at, HOUR_S, 600) == window
    assert telling.window(window.cutoff_at + 1, HOUR_S, 600).epoch == 12


@pytest.mark.parametrize(
    ("before_s", "told", "says"), [(61, 10, False), (60, 10, True), (1, 11, False)]
)
def test_somebody_is_told_once_shortly_before(before_s: int, told: int, says: bool) -> None:
    window = Window(11, 11 * HOUR_S - 601, 11 * HOUR_S)
    assert telling.is_closing(window, window.cutoff_at - before_s, 60, told) is says
