"""Laws of the grid (R2, R3) and of the window of waiting epochs (R5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import schedule
from perpools.spec.schedule import WINDOW, epoch_joined, grid_point, latest_passed
from perpools.spec.terms import MAX_FRONT_RUNNING_INTERVALS

HOUR_S = 3_600
MINUTE_S = 60

moments = st.integers(1, 2**40)
intervals = st.integers(1, 365 * 86_400)
ahead = st.integers(0, WINDOW - 1)

# Front-running intervals below, at, above and not a multiple of the interval.
FRONT_RUNNING_S = [
    0,
    1,
    5 * MINUTE_S,
    HOUR_S - 1,
    HOUR_S,
    HOUR_S + 1,
    8 * HOUR_S,
    8 * HOUR_S + 10 * MINUTE_S,
]


@given(now=moments, interval=intervals, parts=st.integers(0, 1_000))
def test_an_order_is_executed_more_than_the_front_running_interval_later_and_no_later_than_need_be(
    now: int, interval: int, parts: int
) -> None:
    front_running_interval = MAX_FRONT_RUNNING_INTERVALS * interval * parts // 1_000
    epoch = epoch_joined(now, front_running_interval, interval)
    assert grid_point(epoch, interval) > now + front_running_interval
    assert grid_point(epoch - 1, interval) <= now + front_running_interval


@given(now=moments, later_s=st.integers(0, 10**6), interval=intervals)
def test_who_orders_later_is_never_executed_earlier(now: int, later_s: int, interval: int) -> None:
    assert epoch_joined(now, interval, interval) <= epoch_joined(now + later_s, interval, interval)


@pytest.mark.parametrize("front_running_s", FRONT_RUNNING_S)
def test_the_cut_off_is_exact(front_running_s: int) -> None:
    cut_off = grid_point(495_009, HOUR_S) - front_running_s
    joined = [epoch_joined(cut_off + off, front_running_s, HOUR_S) for off in (-1, 0, 1)]
    assert joined == [495_009, 495_010, 495_010]


@given(now=moments, interval=intervals)
def test_a_grid_point_passes_when_its_second_is_over(now: int, interval: int) -> None:
    epoch = latest_passed(now, interval)
    assert grid_point(epoch, interval) < now <= grid_point(epoch + 1, interval)


@given(st.lists(st.none() | ahead, max_size=30))
def test_the_window_is_a_set_whose_earliest_epoch_leaves_first(steps: list[int | None]) -> None:
    window, waiting = (0, 0), set[int]()
    for step in steps:
        if step is None and waiting:
            waiting.remove(min(waiting))
            window = schedule.leave(*window)
        elif step is not None:
            epoch = min(waiting, default=495_000) + step
            waiting.add(epoch)
            window = schedule.join(*window, epoch)
        earliest, mask = window
        assert {earliest + bit for bit in range(WINDOW) if mask >> bit & 1} == waiting
        assert not waiting or earliest == min(waiting)


@given(now_epoch=st.integers(1, 100), waiting=st.sets(st.integers(1, 60)))
def test_an_event_closes_the_earliest_epoch_that_waits_and_has_passed(
    now_epoch: int, waiting: set[int]
) -> None:
    earliest = min(waiting, default=0)
    mask = sum(1 << (epoch - earliest) for epoch in waiting)
    passed = sorted(epoch for epoch in waiting if epoch <= now_epoch)
    expected = (passed[0], True) if passed else (now_epoch, False)
    assert schedule.next_to_close(now_epoch, earliest, mask) == expected
