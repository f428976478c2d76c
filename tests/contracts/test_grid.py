"""The one word that says where a market stands tells the same as a list of the epochs that wait."""

from typing import Any

import boa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec.schedule import WINDOW
from tests.evm import deployer

START = 495_000

# Epochs ahead of the earliest one waiting, and whether the order leaves a side; None closes one.
steps = st.lists(st.none() | st.tuples(st.integers(0, WINDOW - 1), st.booleans()), max_size=12)


def new_grid() -> Any:
    return deployer("tests/vyper/harness/GridHarness.vy").deploy(START)


@pytest.fixture(scope="module")
def blank() -> Any:
    return new_grid()


def mask(epochs: set[int], earliest: int) -> int:
    return sum(1 << (epoch - earliest) for epoch in epochs)


def agree(grid: Any, last: int, waiting: set[int], leaving: set[int]) -> None:
    earliest = min(waiting, default=0)
    assert grid.progress() == (last, earliest, mask(waiting, earliest), False)
    assert grid.live()[3] == mask(leaving, earliest)


@given(steps=steps)
@example([(0, True), (WINDOW - 1, True), None, None, None])
@example([(0, False), (1, True), None, (WINDOW - 1, False), None, None])
@example([(0, True), None, (0, False), None])
def test_any_sequence_of_orders_and_events(
    blank: Any, steps: list[tuple[int, bool] | None]
) -> None:
    with boa.env.anchor():
        last, waiting, leaving = START, set[int](), set[int]()
        for step in steps:
            if step is None:
                last = min(waiting, default=last + 1)
                blank.close(last)
                waiting, leaving = waiting - {last}, leaving - {last}
            else:
                ahead, leaves = step
                epoch = min(waiting, default=last + 1) + ahead
                blank.join(epoch, leaves)
                waiting |= {epoch}
                leaving |= {epoch} if leaves else set()
            agree(blank, last, waiting, leaving)


def test_an_event_without_orders_leaves_the_waiting_epochs_alone(blank: Any) -> None:
    with boa.env.anchor():
        blank.join(START + 5, True)
        blank.close(START + 3)
        agree(blank, START + 3, {START + 5}, {START + 5})


def test_a_wound_down_market_keeps_its_place_and_is_not_live(blank: Any) -> None:
    with boa.env.anchor():
        blank.join(START + 5, True)
        blank.wind_down()
        assert blank.progress() == (START, START + 5, 1, True)
        with boa.reverts("market: wound down"):
            blank.live()
