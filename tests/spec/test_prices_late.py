"""
Lateness meets a feed with a memory (R5, R14): observations that reach the chain late, silences,
keepers that do not come. What executes an order is decided by its grid point alone.
"""

from hypothesis import given
from hypothesis import strategies as st

from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from perpools.spec.prices import History, Observation, as_of
from tests.spec.play import HOUR_S, START, START_EPOCH, UNIT, Play, new_play

MAX_AGE_S = HOUR_S
HOURS = 12

prices = st.integers(1, 1_000).map(lambda units: units * WAD)
# When it was observed, how long it took to the chain, and what it was; now and then nothing usable.
observations = st.lists(
    st.tuples(st.integers(1, HOURS * HOUR_S), st.integers(0, 600), prices | st.just(0)), max_size=40
)
visits = st.lists(st.booleans(), min_size=HOURS, max_size=HOURS)


def history(seen: list[tuple[int, int, int]]) -> list[Observation]:
    """In the order in which the chain knew them; the last one ends every silence."""
    made = [Observation(price, START + at, delay) for at, delay, price in seen]
    first, last = Observation(100 * WAD, START), Observation(77 * WAD, START + (HOURS + 3) * HOUR_S)
    return [first, *sorted(made, key=lambda one: one.known_at), last]


def known(feed: list[Observation], now: int) -> History:
    return History(tuple(one for one in feed if one.known_at <= now), MAX_AGE_S)


def close_what_is_due(play: Play, feed: list[Observation]) -> list[Rebalanced]:
    """Close the epochs that have passed and have a price by now."""
    closed = []
    play.feed = known(feed, play.now)
    while play.market.waiting:
        at = play.market.earliest_waiting * HOUR_S
        if at >= play.now or play.feed.as_of(at) is None:
            break
        closed.append(play.event())
    return closed


def live(feed: list[Observation], comes: list[bool], periods: int) -> tuple[Play, list[Rebalanced]]:
    """An order every hour, an event wherever a keeper comes."""
    play, closed = new_play(sma_periods=periods, management_fee_wad=WAD // 10), []
    for hour, keeper_comes in enumerate(comes):
        play.until(START_EPOCH + hour, HOUR_S // 2)
        play.order((LONG_MINT, SHORT_MINT)[hour % 2], (1 + hour) * UNIT)
        closed += close_what_is_due(play, feed) if keeper_comes else []
    play.until(START_EPOCH + HOURS + 4)
    return play, closed + close_what_is_due(play, feed)


@given(seen=observations, comes=visits)
def test_every_epoch_gets_the_price_as_of_its_own_grid_point(
    seen: list[tuple[int, int, int]], comes: list[bool]
) -> None:
    feed = history(seen)
    _, closed = live(feed, comes, 1)
    assert [event.epoch for event in closed] == [START_EPOCH + 1 + hour for hour in range(HOURS)]
    for event in closed:
        expected = as_of(feed, event.epoch * HOUR_S, MAX_AGE_S)
        assert expected is not None
        assert event.spot == expected.price


@given(seen=observations, comes=visits, periods=st.sampled_from([1, 5, 24]))
def test_keepers_that_stay_away_change_nobodys_money(
    seen: list[tuple[int, int, int]], comes: list[bool], periods: int
) -> None:
    feed = history(seen)
    late, _ = live(feed, comes, periods)
    punctual, _ = live(feed, [True] * HOURS, periods)
    assert late.market.pool == punctual.market.pool
    assert late.market.samples == punctual.market.samples
    assert late.market.fees == punctual.market.fees
    assert late.due() == punctual.due()
