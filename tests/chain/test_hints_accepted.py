"""Wherever any hint makes a Chainlink feed answer, the one that was found does."""

from collections.abc import Sequence
from typing import Any, cast

import boa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.chain import hints
from perpools.chain.node import Node
from perpools.errors import StrangeAnswer
from perpools.spec.prices import Observation
from tests.contracts.feeds import DOLLAR, NOW, asked, new_aggregator, new_feed
from tests.differential.test_chainlink_as_of import SPAN, Seen, phase, write

MAX_AGE = 40


class Chain:
    """boa's chain, as far as a search asks it."""

    def calls(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes]:
        return [self._call(to, data) for to, data in calls]

    def _call(self, to: str, data: bytes) -> bytes:
        told = boa.env.execute_code(to_address=to, data=data, is_modifying=False)
        if told.is_error:
            raise StrangeAnswer("the contract refused")
        return bytes(told.output)


@st.composite
def holed(draw: st.DrawFn) -> list[Seen]:
    """A past phase that lacks rounds anywhere, which no real one does."""
    times = sorted(draw(st.lists(st.integers(0, SPAN), max_size=6)))
    return [
        None if draw(st.integers(0, 5)) == 0 else Observation(DOLLAR, NOW - SPAN + at)
        for at in times
    ]


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


@given(
    past=st.lists(holed() | phase(is_last=False), max_size=3),
    present=phase(is_last=True),
    time=st.integers(NOW - SPAN - 5, NOW),
)
def test_where_any_hint_is_taken_this_one_is(
    blank: Any, past: list[list[Seen]], present: list[Seen], time: int
) -> None:
    aggregator, feed = blank
    ids = write(aggregator, [*past, present])
    found = hints.last_round(cast(Node, Chain()), aggregator.address, time)
    answers = [asked(feed.as_of, time, hint) for hint in {0, *ids, ids[-1] + 1}]
    if any(isinstance(answer, tuple) for answer in answers):
        assert asked(feed.as_of, time, found) in answers
        assert isinstance(asked(feed.as_of, time, found), tuple)
