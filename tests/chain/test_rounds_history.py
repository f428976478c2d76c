"""A feed's past is what the specification says that counts of it, in few requests."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.chain import hints, rounds_history
from perpools.chain.contract import Contract
from perpools.chain.node import Node
from perpools.errors import ConfigError
from perpools.spec import rounds
from perpools.spec.prices import Observation
from tests.chain.test_hints import AGGREGATOR, NOW, SPAN, Phases, Told, proxies, proxy
from tests.chain.workshop import DOLLAR, mock

CENT = 10**16


def with_decimals(told: Told, decimals: int = 18) -> Told:
    script = told.script
    told.script = lambda asked, number: (
        [decimals] if asked == hints.DECIMALS else script(asked, number)
    )
    return told


def read(told: Told, since: int, until: int) -> list[Observation]:
    return rounds_history.read(cast(Node, told), AGGREGATOR, since, until)


@given(
    phases=proxies(),
    moments=st.lists(st.integers(NOW - SPAN - 5, NOW + 5), min_size=2, max_size=2),
    refuses=st.booleans(),
)
def test_what_is_read_is_what_counts(phases: Phases, moments: list[int], refuses: bool) -> None:
    """From the last round at or before the beginning; times alone decide, for prices are equal."""
    since, until = sorted(moments)
    counted = [(named, seen) for named, seen in rounds.history(phases) if seen.known_at <= until]
    begin = rounds.hint(counted, since)
    if not phases[-1] or phases[-1][0] is None:
        return  # a present phase that has lost its first round may overlap those before it
    expected = [seen for named, seen in counted if named >= begin]
    assert read(with_decimals(proxy(phases, refuses=refuses)), since, until) == expected


@pytest.fixture(scope="module")
def aggregator(node: Node) -> Contract:
    """A proxy with a past phase of 150 rounds and a present one of 80, an hour apart."""
    [keeper, *_] = node.accounts
    found = Contract.deploy(node, mock("Aggregator"), 8, sender=keeper)
    for phase, count, begin in ((1, 150, 0), (2, 80, 140)):
        numbers = range(1, count + 1)
        ids = [rounds.round_id(phase, number) for number in numbers]
        answers = [(1_000 * phase + number) * DOLLAR for number in numbers]
        times = [NOW + 3_600 * (begin + number) for number in numbers]
        for at in range(0, count, 50):
            part = slice(at, at + 50)
            found.send("set_rounds", ids[part], answers[part], times[part], sender=keeper)
    return found


def test_phases_follow_each_other_without_an_overlap(node: Node, aggregator: Contract) -> None:
    told: list[tuple[int, int]] = []
    found = rounds_history.read(
        node, aggregator.address, NOW, NOW + 10**7, lambda done, of: told.append((done, of))
    )
    times = [seen.observed_at for seen in found]
    assert times == [NOW + 3_600 * hour for hour in range(1, 221)]
    assert [found[0].price, found[139].price, found[140].price] == [
        dollars * 100 * CENT for dollars in (1_001, 1_140, 2_001)
    ]
    assert told == [(100, 220), (200, 220), (220, 220)]


def test_a_span_begins_with_the_price_that_held_there(node: Node, aggregator: Contract) -> None:
    since, until = NOW + 3_600 * 10 + 1, NOW + 3_600 * 12 + 1
    found = rounds_history.read(node, aggregator.address, since, until)
    assert [seen.price for seen in found] == [
        dollars * 100 * CENT for dollars in (1_010, 1_011, 1_012)
    ]


def test_rounds_without_a_price_are_left_out(node: Node, aggregator: Contract) -> None:
    [keeper, *_], last = node.accounts, rounds.round_id(2, 81)
    aggregator.send("set_round", last, 0, NOW + 3_600 * 221, sender=keeper)
    found = rounds_history.read(node, aggregator.address, NOW + 3_600 * 220, NOW + 3_600 * 999)
    assert [seen.observed_at for seen in found] == [NOW + 3_600 * 220]


def test_an_address_that_is_no_feed_is_named(node: Node) -> None:
    with pytest.raises(ConfigError, match="no Chainlink feed is there"):
        rounds_history.read(node, "0x" + "11" * 20, NOW, NOW + 1)
