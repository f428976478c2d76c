"""The Vyper library and the Python model cut time and keep the window of waiting epochs alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import schedule
from perpools.spec.schedule import WINDOW
from perpools.spec.terms import MAX_FRONT_RUNNING_INTERVALS, MAX_INTERVAL_S
from tests.differential.agreement import agree
from tests.evm import deployer

HOUR_S = 3_600
FULL = 2**WINDOW - 1

moments = st.one_of(st.integers(1, 2**40), st.integers(400_000, 600_000).map(lambda i: i * HOUR_S))
intervals = st.one_of(st.integers(1, MAX_INTERVAL_S), st.sampled_from([1, 60, HOUR_S, 86_400]))
epochs = st.one_of(st.integers(0, 2**41), st.integers(450_000, 500_000))
bits = st.integers(0, WINDOW - 1)
masks = st.one_of(
    st.integers(1, FULL),
    st.sets(bits, min_size=1, max_size=3).map(lambda chosen: sum(1 << bit for bit in chosen)),
)


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/ScheduleHarness.vy").deploy()


def test_constants(evm: Any) -> None:
    assert evm.WINDOW() == WINDOW


@given(now=moments, interval=intervals, before_s=st.integers(-1, 1), share=st.integers(0, 10**6))
@example(1, 1, 0, 0)
@example(HOUR_S, HOUR_S, 0, 0)
@example(HOUR_S, HOUR_S, 1, 0)
@example(HOUR_S, HOUR_S, -1, 10**6)
@example(2**40, MAX_INTERVAL_S, 0, 10**6)
def test_times(evm: Any, now: int, interval: int, before_s: int, share: int) -> None:
    front_running_interval = MAX_FRONT_RUNNING_INTERVALS * interval * share // 10**6
    near = max(1, now // interval * interval + before_s)
    for moment in (now, near):
        agree(evm.grid_point, schedule.grid_point, moment // interval, interval)
        agree(evm.latest_passed, schedule.latest_passed, moment, interval)
        agree(evm.epoch_joined, schedule.epoch_joined, moment, front_running_interval, interval)


@pytest.mark.parametrize("bit", range(WINDOW))
def test_lowest_bit(evm: Any, bit: int) -> None:
    for mask in (1 << bit, FULL >> bit << bit, 1 << bit | 1 << WINDOW - 1):
        assert evm.lowest_bit(mask) == schedule.lowest_bit(mask) == bit


@given(earliest=epochs, mask=masks, ahead=bits)
@example(0, 1, 0)
@example(0, 1, WINDOW - 2)
@example(0, 1, WINDOW - 1)
@example(2**41, FULL, WINDOW - 1)
def test_join(evm: Any, earliest: int, mask: int, ahead: int) -> None:
    agree(evm.join, schedule.join, earliest, mask, earliest + ahead)
    agree(evm.join, schedule.join, 0, 0, earliest + ahead)


@given(earliest=epochs, mask=masks)
@example(0, 1)
@example(1, 3)
@example(5, 1 | 1 << WINDOW - 2)
@example(5, 1 | 1 << WINDOW - 1)
@example(5, FULL)
def test_leave(evm: Any, earliest: int, mask: int) -> None:
    agree(evm.leave, schedule.leave, earliest, mask | 1)


@given(now_epoch=epochs, earliest=epochs, mask=masks | st.just(0), ahead=st.integers(-1, 1))
@example(0, 0, 0, 0)
@example(7, 7, 1, 0)
@example(7, 7, 0, 0)
def test_next_to_close(evm: Any, now_epoch: int, earliest: int, mask: int, ahead: int) -> None:
    agree(evm.next_to_close, schedule.next_to_close, now_epoch, earliest, mask)
    agree(evm.next_to_close, schedule.next_to_close, now_epoch, max(0, now_epoch + ahead), mask)
