"""Feeds made of feeds: what they answer is final, and one bad part cannot decide it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import errors, feeds
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.prices import Answer, Observation, answer

MAX_AGE = 60
SPAN = 400

observations = st.lists(
    st.builds(
        Observation,
        price=st.integers(-1, 5),
        observed_at=st.integers(1, SPAN),
        delay=st.integers(0, 30),
    ),
    max_size=8,
).map(lambda seen: sorted(seen, key=lambda one: one.known_at))
three = st.tuples(observations, observations, observations)
times = st.integers(0, SPAN)
prices = st.integers(1, MAX_PRICE - 1)


def known_by(seen: list[Observation], now: int, *, this_second: bool) -> list[Observation]:
    return [one for one in seen if one.known_at < now + this_second]


def answers(
    parts: tuple[list[Observation], ...], time: int, now: int, *, this_second: bool = True
) -> list[Answer | None]:
    return [answer(known_by(seen, now, this_second=this_second), time, MAX_AGE) for seen in parts]


# --- an answer's moment


@given(observations, times)
def test_a_moment_is_later_exactly_where_the_feed_was_silent(
    seen: list[Observation], time: int
) -> None:
    found = answer(seen, time, MAX_AGE)
    then = answer([one for one in seen if one.known_at <= time], time, MAX_AGE)
    assert then == (found if found and found.moment <= time else None)


# --- finality: whatever is known later, or in the same second but after the call


@dataclass(frozen=True)
class Question:
    """About `time`, asked at two moments after it; the first time before its second was over."""

    time: int
    first: int
    again: int


@st.composite
def questions(draw: st.DrawFn) -> Question:
    time = draw(times)
    first = time + draw(st.integers(1, 80))
    return Question(time, first, first + draw(st.integers(0, SPAN)))


@given(three, questions(), st.booleans())
def test_a_median_once_answered_never_changes(
    parts: tuple[list[Observation], ...], asked: Question, this_second: bool
) -> None:
    early = answers(parts, asked.time, asked.first, this_second=this_second)
    found = feeds.median_of(early, asked.time, asked.first)
    later = feeds.median_of(answers(parts, asked.time, asked.again), asked.time, asked.again)
    assert found is None or later == found


@given(three, questions(), st.booleans())
def test_a_median_of_a_ratio_once_answered_never_changes(
    parts: tuple[list[Observation], ...], asked: Question, this_second: bool
) -> None:
    def composed(now: int, *, this_second: bool) -> Answer | None:
        base, quote, other = answers(parts, asked.time, now, this_second=this_second)
        ratio = feeds.ratio_of(base, quote, asked.time)
        return feeds.median_of([ratio, other, quote], asked.time, now)

    found = composed(asked.first, this_second=this_second)
    assert found is None or composed(asked.again, this_second=True) == found


@given(three, questions())
def test_a_median_answers_as_soon_as_two_parts_do(
    parts: tuple[list[Observation], ...], asked: Question
) -> None:
    told = answers(parts, asked.time, asked.again, this_second=False)
    found = feeds.median_of(told, asked.time, asked.again)
    assert (found is not None) == (sum(one is not None for one in told) >= 2)


@given(three, times)
def test_a_median_that_was_not_silent_asks_nobody_who_was(
    parts: tuple[list[Observation], ...], time: int
) -> None:
    told = answers(parts, time, SPAN + 99)
    fresh = [one.price for one in told if one and one.moment <= time]
    found = feeds.median_of(told, time, SPAN + 99)
    if len(fresh) >= 2:
        middle = sorted(fresh)[1] if len(fresh) == 3 else sum(fresh) // 2
        assert found is not None
        assert found.price == middle
        assert found.moment <= time
    else:
        assert found is None or found.moment > time


def test_the_first_two_decide_and_a_third_is_too_late() -> None:
    told = [Answer(5, 100), Answer(7, 130), Answer(9, 131)]
    assert feeds.median_of(told, 110, 200) == (6, 130)
    assert feeds.median_of([*told[:2], Answer(9, 130)], 110, 200) == (7, 130)
    assert feeds.median_of([*told[:2], None], 110, 200) == (6, 130)


def test_within_the_second_of_an_answer_a_third_may_follow() -> None:
    told = [Answer(5, 100), Answer(7, 130), None]
    assert feeds.median_of(told, 110, 130) is None
    assert feeds.median_of(told, 110, 131) == (6, 130)
    assert feeds.median_of([Answer(5, 100), Answer(7, 110), None], 110, 111) == (6, 100)


@given(found=st.tuples(prices, prices, prices), wrong=prices)
def test_one_wrong_part_stays_between_the_others(found: tuple[int, int, int], wrong: int) -> None:
    price, _ = feeds.median((wrong, *found[1:]), (1, 1, 1), 1)
    assert min(found[1:]) <= price <= max(found[1:])


# --- ratio and inverse


@given(base=prices, quote=prices)
def test_a_ratio_is_rounded_down_and_never_by_a_unit(base: int, quote: int) -> None:
    ratio = feeds.ratio_down(base, quote)
    assert ratio * quote <= base * WAD < (ratio + 1) * quote


@given(price=st.integers(1, 10**36))
def test_an_inverse_is_a_ratio_of_one(price: int) -> None:
    assert feeds.inverse_down(price) == feeds.ratio_down(WAD, price)
    assert 0 < feeds.inverse_down(price) < MAX_PRICE


def test_a_ratio_needs_both() -> None:
    assert feeds.ratio_of(None, Answer(5, 1), 9) is None
    assert feeds.ratio_of(Answer(5, 1), None, 9) is None
    assert feeds.inverse_of(None) is None


def test_a_ratio_is_as_old_as_its_older_part_and_as_late_as_its_later() -> None:
    assert feeds.ratio_of(Answer(6, 90), Answer(3, 80), 100) == (2 * WAD, 80)
    assert feeds.ratio_of(Answer(6, 90), Answer(3, 101), 100) == (2 * WAD, 101)
    assert feeds.ratio_of(Answer(6, 120), Answer(3, 101), 100) == (2 * WAD, 120)


def test_what_is_no_price_is_refused() -> None:
    with pytest.raises(errors.PriceIsZero):
        feeds.ratio_of(Answer(1, 1), Answer(WAD + 1, 1), 9)
    with pytest.raises(errors.PriceIsTooLarge):
        feeds.ratio_of(Answer(MAX_PRICE - 1, 1), Answer(1, 1), 9)
    with pytest.raises(errors.PriceIsZero):
        feeds.inverse_of(Answer(10**36 + 1, 1))
    assert feeds.inverse_of(Answer(10**36, 1)) == (1, 1)
    assert feeds.inverse_of(Answer(1, 1)) == (10**36, 1)
