"""For any rounds of any phases a Chainlink feed follows the as-of rule, and takes no other hint."""

from typing import Any

import boa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import rounds
from perpools.spec.prices import Observation, as_of, latest
from tests.contracts.feeds import DOLLAR, NOW, asked, new_aggregator, new_feed

MAX_AGE = 40
SPAN = 300

Seen = Observation | None
answers = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, -1])


@st.composite
def phase(draw: st.DrawFn, *, is_last: bool) -> list[Seen]:
    """The rounds of one aggregator: a past one may lack its first, the last one any in between."""
    size = draw(st.integers(1, 5) if is_last else st.integers(0, 5))
    times = sorted(draw(st.lists(st.integers(0, SPAN), min_size=size, max_size=size)))
    seen: list[Seen] = [Observation(draw(answers) * DOLLAR, NOW - SPAN + at) for at in times]
    if is_last:
        for hole in draw(st.sets(st.integers(1, max(1, size - 2)))):
            if hole < size - 1:
                seen[hole] = None
    elif seen and draw(st.integers(0, 4)) == 0:
        seen[0] = None
    return seen


@st.composite
def proxies(draw: st.DrawFn) -> list[list[Seen]]:
    past = draw(st.lists(phase(is_last=False), max_size=3))
    return [*past, draw(phase(is_last=True))]


@pytest.fixture(scope="module")
def blank() -> Any:
    """An aggregator without rounds, and the feed before it."""
    boa.env.timestamp = NOW
    aggregator = new_aggregator()
    first = aggregator.push(DOLLAR)
    feed = new_feed(aggregator, max_age=MAX_AGE)
    aggregator.forget(first)
    aggregator.set_latest(0)
    return aggregator, feed


def write(aggregator: Any, phases: list[list[Seen]]) -> list[int]:
    """Give the aggregator these rounds; returns the ids of all, holes included."""
    named = {
        rounds.round_id(number, index): seen
        for number, one in enumerate(phases, 1)
        for index, seen in enumerate(one, 1)
    }
    written = {round_id: seen for round_id, seen in named.items() if seen is not None}
    aggregator.set_rounds(
        list(written),
        [seen.price for seen in written.values()],
        [seen.observed_at for seen in written.values()],
    )
    return list(named)


def in_wad(history: list[tuple[int, Observation]]) -> list[Observation]:
    return [
        Observation(rounds.price_wad(seen.price, rounds.scale(8)), seen.observed_at)
        for _, seen in history
    ]


def answer(found: Observation | None) -> tuple[int, int] | None:
    return None if found is None else (found.price, found.observed_at)


@given(phases=proxies(), time=st.integers(NOW - SPAN - 5, NOW))
def test_as_of(blank: Any, phases: list[list[Seen]], time: int) -> None:
    aggregator, feed = blank
    ids = write(aggregator, phases)
    history = rounds.history(phases)
    expected = answer(as_of(in_wad(history), time, MAX_AGE))
    right = rounds.hint(history, time)

    found = asked(feed.as_of, time, right)
    assert found == (expected or "feed: silent")
    for hint in {0, *ids, ids[-1] + 1} - {right}:
        other = asked(feed.as_of, time, hint)
        assert other in (found, "feed: wrong hint")
        latest_decides = history[-1][1].observed_at <= time
        assert latest_decides or other == "feed: wrong hint"


@given(phases=proxies())
def test_latest(blank: Any, phases: list[list[Seen]]) -> None:
    aggregator, feed = blank
    write(aggregator, phases)
    expected = answer(latest(in_wad(rounds.history(phases)), NOW, MAX_AGE))
    found = asked(feed.latest)
    assert found == expected if expected else isinstance(found, str)
