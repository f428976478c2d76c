"""The hint found on a chain is the specification's, whatever an aggregator or a publisher did."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.chain import hints
from perpools.chain.node import Node
from perpools.errors import StrangeAnswer
from perpools.spec import rounds
from perpools.spec.prices import Observation

AGGREGATOR = "0x" + 40 * "a"
NOW = 1_800_000_000
SPAN = 400

Seen = Observation | None
Phases = list[list[Seen]]


class Told:
    """A chain of one contract that answers as it is told, zeros or a refusal for what is not."""

    def __init__(self, script: Callable[[bytes, int], Sequence[int] | None]) -> None:
        self.script = script
        self.batches = self.questions = 0

    def calls(self, calls: Sequence[tuple[str, bytes]], block: int | None = None) -> list[bytes]:
        self.batches += 1
        self.questions += len(calls)
        return [self._answer(data) for _, data in calls]

    def _answer(self, data: bytes) -> bytes:
        told = self.script(data[:4], int.from_bytes(data[4:]))
        if told is None:
            raise StrangeAnswer("the contract refused: no data")
        return b"".join(number.to_bytes(32) for number in told)


def found(told: Told, time: int, search: Any = hints.last_round) -> int:
    return int(search(cast(Node, told), AGGREGATOR, time))


def proxy(phases: Phases, *, refuses: bool = True, first_phase: int = 1) -> Told:
    written = {
        rounds.round_id(phase, number): seen
        for phase, one in enumerate(phases, first_phase)
        for number, seen in enumerate(one, 1)
    }
    last = rounds.round_id(first_phase + len(phases) - 1, len(phases[-1]))

    def script(selector: bytes, asked: int) -> Sequence[int] | None:
        named = last if selector == hints.LATEST_ROUND else asked
        seen = written.get(named)
        if seen is None:
            return None if refuses else (named, 0, 0, 0, named)
        return named, seen.price, seen.observed_at, seen.observed_at, named

    return Told(script)


@st.composite
def phase(draw: st.DrawFn, *, is_last: bool) -> list[Seen]:
    """The rounds of one aggregator: a past one may lack its first, the present one any but two."""
    size = draw(st.integers(1 if is_last else 0, 90))
    times = sorted(draw(st.lists(st.integers(0, SPAN), min_size=size, max_size=size)))
    seen: list[Seen] = [Observation(1, NOW - SPAN + at) for at in times]
    if is_last:
        for hole in draw(st.sets(st.integers(1, max(1, size - 2)), max_size=80)):
            if hole < size - 1:
                seen[hole] = None
    elif seen and draw(st.integers(0, 4)) == 0:
        seen[0] = None
    return seen


@st.composite
def proxies(draw: st.DrawFn) -> Phases:
    past = draw(st.lists(phase(is_last=False), max_size=3))
    return [*past, draw(phase(is_last=True))]


@given(phases=proxies(), time=st.integers(NOW - SPAN - 5, NOW + 5), refuses=st.booleans())
@example([[Observation(1, NOW)], [Observation(1, NOW)]], NOW, True)
def test_it_is_the_specifications(phases: Phases, time: int, refuses: bool) -> None:
    expected = rounds.hint(rounds.history(phases), time)
    assert found(proxy(phases, refuses=refuses), time) == expected


@given(
    count=st.integers(1, 3_000),
    length=st.integers(0, 2_990),
    begin=st.integers(1, 3_000),
    asked=st.integers(1, 3_000),
)
def test_one_long_hole_hides_nothing(count: int, length: int, begin: int, asked: int) -> None:
    seen: list[Seen] = [Observation(1, NOW + number) for number in range(count)]
    last = min(begin + length, count - 1)
    seen[begin:last] = [None] * (last - begin)
    time = NOW + min(asked, count)
    assert found(proxy([seen]), time) == rounds.hint(rounds.history([seen]), time)


@given(phases=proxies(), time=st.integers(NOW - SPAN - 5, NOW + 5))
def test_an_aggregator_without_a_proxy_has_one_phase(phases: Phases, time: int) -> None:
    only = phases[-1]
    assert found(proxy([only], first_phase=0), time) == (
        rounds.hint(rounds.history([only]), time) & rounds.LOW_64_BITS
    )


@pytest.mark.parametrize("rounds_ago", [0, 1, 2, 10, 1_000, 250_000, 999_999])
def test_a_million_rounds_take_few_questions(rounds_ago: int) -> None:
    count = 10**6
    told = dense(count)
    assert found(told, NOW + count - rounds_ago) == rounds.round_id(7, count - rounds_ago)
    assert told.batches <= (2 if rounds_ago <= 2 else 7)
    assert told.questions <= 100


def dense(count: int) -> Told:
    """Phase 7 of a proxy has so many rounds, a second apart, and those before it none."""

    def script(selector: bytes, asked: int) -> Sequence[int]:
        named = rounds.round_id(7, count) if selector == hints.LATEST_ROUND else asked
        phase, number = rounds.phase(named), named & rounds.LOW_64_BITS
        at = NOW + number if phase == 7 and number <= count else 0
        return named, 1, at, at, named

    return Told(script)


def test_a_past_phase_is_searched_as_fast() -> None:
    def script(selector: bytes, asked: int) -> Sequence[int]:
        named = rounds.round_id(2, 5) if selector == hints.LATEST_ROUND else asked
        phase, number = rounds.phase(named), named & rounds.LOW_64_BITS
        at = {1: NOW + number if number <= 10**5 else 0, 2: NOW + 10**6 + number}.get(phase, 0)
        return named, 1, at, at, named

    told = Told(script)
    assert found(told, NOW + 77_777) == rounds.round_id(1, 77_777)
    assert told.batches <= 9
    assert found(told, NOW + 500_000) == rounds.round_id(1, 10**5)


def test_a_silent_aggregator_needs_no_hint() -> None:
    assert found(Told(lambda selector, asked: None), NOW) == 0
    assert found(Told(lambda selector, asked: (0, 0, 0, 0, 0)), NOW) == 0
    assert found(Told(lambda selector, asked: ()), NOW) == 0


def test_nonsense_ends_as_well() -> None:
    largest = 2**256 - 1
    for script in (
        lambda selector, asked: (largest, 1, NOW, NOW + 9, 1),
        lambda selector, asked: (asked or largest, 1, NOW, NOW + 9, 1),
        lambda selector, asked: (asked or 2**80 - 1, 1, NOW, NOW - 9 if asked % 2 else NOW + 9, 1),
    ):
        told = Told(script)
        found(told, NOW)
        assert told.batches < 200


@given(
    posted=st.lists(st.integers(0, SPAN), max_size=300).map(sorted), time=st.integers(-5, SPAN + 5)
)
def test_of_posted_values_it_is_the_last_ones_index(posted: list[int], time: int) -> None:
    def script(selector: bytes, asked: int) -> Sequence[int]:
        if selector == hints.COUNT:
            return (len(posted),)
        return (1, 1, NOW + posted[asked - 1]) if 0 < asked <= len(posted) else (0, 0, 0)

    told = Told(script)
    expected = sum(at <= time for at in posted)
    assert found(told, NOW + time, hints.last_value) == expected
    assert told.batches <= 5
