"""How long failures are waited out, and how keepers avoid each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots.backoff import delay_s, stagger_s

CHANCES = st.floats(0, 1, exclude_max=True)


def test_nothing_failed_nothing_waits() -> None:
    assert delay_s(0, 2, 60, 0.5) == 0


@pytest.mark.parametrize(("failures", "longest_s"), [(1, 2), (2, 4), (3, 8), (6, 60), (10**9, 60)])
def test_each_failure_doubles_the_delay_up_to_the_most(failures: int, longest_s: float) -> None:
    assert delay_s(failures, 2, 60, 0) == longest_s / 2
    assert longest_s / 2 <= delay_s(failures, 2, 60, 0.999) < longest_s


@given(st.integers(0, 10**6), st.floats(0.01, 60), st.floats(0.01, 3_600), CHANCES)
def test_no_delay_is_longer_than_the_most(
    failures: int, base_s: float, most_s: float, chance: float
) -> None:
    assert 0 <= delay_s(failures, base_s, most_s, chance) <= most_s


@given(st.integers(0, 2**40), st.integers(0, 600))
def test_a_keepers_turn_is_always_the_same_and_within_what_it_leaves(
    epoch: int, most_s: int
) -> None:
    turn = stagger_s("keeper", "market", epoch, most_s)
    assert turn == stagger_s("keeper", "market", epoch, most_s)
    assert 0 <= turn <= most_s


def test_keepers_take_turns() -> None:
    turns = {
        tuple(stagger_s(keeper, "market", epoch, 600) for keeper in ("early", "late"))
        for epoch in range(100)
    }
    assert {a < b for a, b in turns if a != b} == {True, False}
