"""For any rounds of its parts a composed feed is the specification's, and takes no other hints."""

from itertools import product

import boa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import feeds, rounds
from perpools.spec.prices import Answer, Observation, answer
from tests.contracts.feeds import DOLLAR, NOW, composed, new_aggregator, new_feed, packed, told

MAX_AGE = 40
SPAN = 200
WAD = 10**18

Seen = list[Observation]


@st.composite
def histories(draw: st.DrawFn) -> Seen:
    """The rounds of one phase; an answer of 0 is no price."""
    times = sorted(draw(st.lists(st.integers(0, SPAN), min_size=1, max_size=4)))
    return [Observation(draw(st.integers(0, 9)), NOW - SPAN + at) for at in times]


class Stand:
    """Three Chainlink feeds, and what is made of them."""

    def __init__(self) -> None:
        self.aggregators = [new_aggregator() for _ in range(3)]
        for aggregator in self.aggregators:
            aggregator.push(DOLLAR)
        self.parts = [new_feed(one, max_age=MAX_AGE) for one in self.aggregators]
        self.median = composed("Median", *self.parts)
        self.ratio = composed("Ratio", *self.parts[:2])
        self.inverse = composed("Inverse", self.parts[0])
        for aggregator in self.aggregators:
            aggregator.forget(1)

    def write(self, parts: tuple[Seen, ...]) -> None:
        for aggregator, seen in zip(self.aggregators, parts, strict=True):
            ids = [rounds.round_id(1, number) for number in range(1, len(seen) + 1)]
            aggregator.set_latest(0)
            aggregator.set_rounds(
                ids, [one.price * DOLLAR for one in seen], [one.observed_at for one in seen]
            )
            aggregator.forget(ids[-1] + 1)


@pytest.fixture(scope="module")
def stand() -> Stand:
    boa.env.timestamp = NOW
    return Stand()


def in_wad(seen: Seen) -> Seen:
    return [Observation(one.price * WAD, one.observed_at) for one in seen]


def hint(seen: Seen, time: int) -> int:
    return rounds.hint([(rounds.round_id(1, n), one) for n, one in enumerate(seen, 1)], time)


def answers(parts: tuple[Seen, ...], time: int) -> list[Answer | None]:
    return [answer(in_wad(seen), time, MAX_AGE) for seen in parts]


three = st.tuples(histories(), histories(), histories())
times = st.integers(NOW - SPAN - 5, NOW - 1)


@given(parts=three, time=times)
def test_a_median(stand: Stand, parts: tuple[Seen, ...], time: int) -> None:
    stand.write(parts)
    expected = feeds.median_of(answers(parts, time), time, NOW)
    right = [hint(seen, time) for seen in parts]
    found = told(stand.median, "as_of", time, packed(*right))
    assert found == (expected or "feed: silent")
    others = [sorted({right[at], 0, *(rounds.round_id(1, n) for n in (1, 3))}) for at in range(3)]
    for hints in product(*others):
        assert told(stand.median, "as_of", time, packed(*hints)) in (found, "feed: wrong hint")


@given(parts=three, time=times)
def test_a_ratio(stand: Stand, parts: tuple[Seen, ...], time: int) -> None:
    stand.write(parts)
    expected = feeds.ratio_of(*answers(parts, time)[:2], time)
    right = [hint(seen, time) for seen in parts[:2]]
    found = told(stand.ratio, "as_of", time, packed(*right))
    assert found == (expected or "feed: silent")
    others = [[0, *(rounds.round_id(1, n) for n in range(1, 5))]] * 2
    for hints in product(*others):
        other = told(stand.ratio, "as_of", time, packed(*hints))
        assert other in (found, "feed: wrong hint", "feed: silent")
        assert expected is None or other != "feed: silent"


@given(parts=three, time=times)
def test_an_inverse(stand: Stand, parts: tuple[Seen, ...], time: int) -> None:
    stand.write(parts)
    expected = feeds.inverse_of(answers(parts, time)[0])
    assert told(stand.inverse, "as_of", time, hint(parts[0], time)) == (expected or "feed: silent")


@given(parts=three)
def test_the_median_now(stand: Stand, parts: tuple[Seen, ...]) -> None:
    stand.write(parts)
    last = [in_wad(seen)[-1] for seen in parts]
    valid = [
        Answer(one.price, one.observed_at)
        if one.usable and NOW - one.observed_at <= MAX_AGE
        else None
        for one in last
    ]
    assert told(stand.median, "latest") == (feeds.median_of(valid, NOW, NOW) or "feed: silent")
