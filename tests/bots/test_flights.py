"""What becomes of a transaction: every branch."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots import flights
from perpools.bots.flights import Believe, Forget, Keep, Policy, Raise, Repeat, Seen

POLICY = Policy(confirmations=3, replace_after_s=60)
FLYING = Seen(age_s=1, head=100, mined_in=None, next_in_line=True)


@pytest.mark.parametrize(("mined_in", "action"), [(100, Keep()), (98, Keep()), (97, Believe())])
def test_it_is_believed_once_enough_blocks_are_on_top(
    mined_in: int, action: flights.Action
) -> None:
    assert flights.decide(replace(FLYING, mined_in=mined_in), POLICY) == action


def test_without_confirmations_it_is_believed_at_once() -> None:
    assert flights.decide(replace(FLYING, mined_in=100), Policy(0, 60)) == Believe()


def test_what_is_on_its_way_is_left_alone() -> None:
    assert flights.decide(FLYING, POLICY) == Keep()


def test_what_is_stuck_is_sent_again_and_raised_only_where_it_offers_too_little() -> None:
    stuck = replace(FLYING, age_s=60)
    assert flights.decide(stuck, POLICY) == Repeat()
    assert flights.decide(replace(stuck, underpaid=True), POLICY) == Raise()
    assert flights.decide(replace(FLYING, underpaid=True), POLICY) == Keep()


def test_what_waits_behind_another_is_not_raised() -> None:
    assert flights.decide(replace(FLYING, age_s=60, next_in_line=False), POLICY) == Keep()


def test_what_was_undone_is_sent_again_at_once() -> None:
    assert flights.decide(replace(FLYING, undone=True), POLICY) == Repeat()
    assert flights.decide(replace(FLYING, undone=True, underpaid=True), POLICY) == Raise()
    behind = replace(FLYING, undone=True, next_in_line=False)
    assert flights.decide(behind, POLICY) == Keep()


def test_what_another_took_the_place_of_is_forgotten() -> None:
    outrun = replace(FLYING, outrun=True, next_in_line=False, age_s=100)
    assert flights.decide(outrun, POLICY) == Forget()


@given(st.floats(0, 10**6), st.integers(0, 10**9), st.booleans(), st.booleans(), st.booleans())
def test_what_is_mined_is_never_sent_again(
    age_s: float, depth: int, first: bool, outrun: bool, undone: bool
) -> None:
    mined = Seen(
        age_s=age_s,
        head=10**9,
        mined_in=10**9 - depth,
        next_in_line=first,
        outrun=outrun,
        undone=undone,
    )
    assert flights.decide(mined, POLICY) in (Keep(), Believe())
