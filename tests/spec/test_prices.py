"""The as-of rule: fresh before the moment, else the first after it."""

from hypothesis import given
from hypothesis import strategies as st

from perpools.spec.prices import History, Observation, as_of, latest

MAX_AGE = 60

observations = st.lists(
    st.builds(
        Observation,
        price=st.integers(-1, 5),
        observed_at=st.integers(1, 1_000),
        delay=st.integers(0, 30),
    ),
    max_size=12,
).map(lambda seen: sorted(seen, key=lambda one: one.known_at))
times = st.integers(0, 1_100)


def history(*entries: tuple[int, int]) -> list[Observation]:
    return [Observation(price, at) for price, at in entries]


def test_the_last_fresh_observation_counts() -> None:
    seen = history((5, 100), (6, 150), (7, 200))
    assert as_of(seen, 199, MAX_AGE) == seen[1]
    assert as_of(seen, 200, MAX_AGE) == seen[2]


def test_freshness_includes_the_last_second() -> None:
    seen = history((5, 100), (6, 500))
    assert as_of(seen, 160, MAX_AGE) == seen[0]
    assert as_of(seen, 161, MAX_AGE) == seen[1]


def test_before_the_first_observation_the_first_one_counts() -> None:
    seen = history((5, 100))
    assert as_of(seen, 99, MAX_AGE) == seen[0]


def test_where_nothing_follows_silence_there_is_no_price() -> None:
    assert as_of([], 100, MAX_AGE) is None
    assert as_of(history((5, 100)), 161, MAX_AGE) is None
    assert as_of(history((5, 100), (0, 150), (-1, 170)), 160, MAX_AGE) is None


def test_an_unusable_observation_hides_the_one_before_and_is_never_used() -> None:
    seen = history((5, 100), (0, 110), (-5, 130), (2**120, 140), (7, 150))
    assert as_of(seen, 109, MAX_AGE) == seen[0]
    assert as_of(seen, 110, MAX_AGE) == seen[4]


def test_an_observation_counts_from_when_it_was_known_and_ages_from_when_it_was_made() -> None:
    early, late = Observation(5, 100), Observation(6, 120, delay=50)
    assert as_of([early, late], 160, MAX_AGE) == early
    assert as_of([early, late], 170, MAX_AGE) == late
    assert as_of([early, late], 181, MAX_AGE) is None


def test_a_history_answers_with_prices() -> None:
    feed = History((), MAX_AGE).observe(5, 100).observe(6, 150, delay=5)
    assert feed.as_of(154) == 5
    assert feed.as_of(155) == feed.latest(155) == 6
    assert feed.as_of(999) is feed.latest(999) is None


def test_the_latest_observation_is_a_price_only_while_it_is_valid() -> None:
    seen = history((5, 100))
    assert latest(seen, 160, MAX_AGE) == seen[0]
    assert latest(seen, 161, MAX_AGE) is None
    assert latest(seen, 99, MAX_AGE) is None
    assert latest([], 100, MAX_AGE) is None
    assert latest(history((5, 100), (0, 110)), 110, MAX_AGE) is None


@given(observations, times)
def test_what_is_found_is_usable_and_fresh_or_the_first_after(
    seen: list[Observation], time: int
) -> None:
    found = as_of(seen, time, MAX_AGE)
    if found is None:
        assert not any(one.usable and one.known_at > time for one in seen)
    elif found.known_at <= time:
        assert found.usable
        assert time - found.observed_at <= MAX_AGE
        assert found is [one for one in seen if one.known_at <= time][-1]
    else:
        assert found is next(one for one in seen if one.known_at > time and one.usable)


@given(observations, observations, times)
def test_an_answer_once_given_never_changes(
    seen: list[Observation], later: list[Observation], time: int
) -> None:
    now = max([time, *(one.known_at for one in seen)])
    found = as_of(seen, time, MAX_AGE)
    grown = [*seen, *(one for one in later if one.known_at > now)]
    assert found is None or as_of(grown, time, MAX_AGE) is found
