"""Which tips there are, as events tell, and which of them a claimer earns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots import claiming
from perpools.bots.claiming import Chance, Claim, Tips
from perpools.spec.events import (
    Claimed,
    OperatorSet,
    OrderCancelled,
    OrderPlaced,
    Rebalanced,
    WoundDown,
)
from perpools.spec.kinds import LONG_MINT


def placed(owner: str, epoch: int, tip: int) -> OrderPlaced:
    return OrderPlaced(owner, owner, epoch, LONG_MINT, 100, 0, tip)


def closed(epoch: int) -> Rebalanced:
    return Rebalanced(epoch, "keeper", *(1,) * 14)


def claimed(owner: str) -> Claimed:
    return Claimed(owner, "claimer", 0, 0, 0, 0)


def test_a_tip_is_earned_once_its_epoch_is_closed() -> None:
    tips = Tips().after_all([placed("depositor", 7, 50)])
    assert tips.owners() == []
    assert tips.after(closed(6)).owners() == []
    assert tips.after(closed(7)).owners() == ["depositor"]


def test_tips_of_one_owner_add_up() -> None:
    story = [placed("depositor", 7, 50), placed("depositor", 7, 1), placed("depositor", 8, 9)]
    tips = Tips().after_all([*story, closed(8)])
    assert tips.owners(60) == ["depositor"]
    assert tips.owners(61) == []


def test_an_order_without_a_tip_is_nobodys_business() -> None:
    assert Tips().after_all([placed("depositor", 7, 0), closed(7)]).owners() == []


def test_the_tip_belongs_to_the_controllers_order() -> None:
    order = OrderPlaced("payer", "controller", 7, LONG_MINT, 100, 0, 5)
    assert Tips().after_all([order, closed(7)]).owners() == ["controller"]


def test_a_cancelled_order_takes_its_tip_back() -> None:
    cancelled = OrderCancelled("depositor", 7, LONG_MINT, 100, 50)
    tips = Tips().after_all([placed("depositor", 7, 50), cancelled, closed(7)])
    assert tips.owners() == []


def test_a_tip_stays_while_another_order_of_its_epoch_does() -> None:
    cancelled = OrderCancelled("depositor", 7, LONG_MINT, 100, 0)
    tips = Tips().after_all([placed("depositor", 7, 50), cancelled, closed(7)])
    assert tips.owners() == ["depositor"]


def test_a_claim_takes_what_was_executed_and_nothing_else() -> None:
    story = [placed("depositor", 7, 50), placed("depositor", 9, 60), placed("other", 7, 1)]
    tips = Tips().after_all([*story, closed(7), claimed("depositor")])
    assert tips.owners() == ["other"]
    assert tips.after(closed(9)).owners() == ["depositor", "other"]


def test_a_wound_down_market_gives_every_tip_away() -> None:
    tips = Tips().after_all([placed("depositor", 7, 50), WoundDown(5)])
    assert tips.owners() == ["depositor"]
    assert tips.after(claimed("depositor")).owners() == []


def test_other_events_change_nothing() -> None:
    assert Tips().after(OperatorSet("controller", "operator", True)) == Tips()


CHANCES = [Chance("poor", 90, 10), Chance("rich", 300, 10), Chance("gone", 0, 10)]


def test_the_most_profitable_come_first() -> None:
    assert claiming.decide(CHANCES, 5, 0) == [Claim("rich", 250, 30), Claim("poor", 40, 9)]


@pytest.mark.parametrize(("least", "claims"), [(40, 2), (41, 1), (251, 0)])
def test_what_leaves_too_little_is_left(least: int, claims: int) -> None:
    assert len(claiming.decide(CHANCES, 5, least)) == claims


def test_gas_may_eat_a_tip_up() -> None:
    assert claiming.decide(CHANCES, 10, 0) == [Claim("rich", 200, 30)]


def test_nobody_is_claimed_for_twice_at_once() -> None:
    assert claiming.decide(CHANCES, 5, 0, frozenset({"rich"})) == [Claim("poor", 40, 9)]


@given(
    st.lists(st.builds(Chance, st.text(), st.integers(0, 10**6), st.integers(0, 10**3))),
    st.integers(0, 10**4),
    st.integers(-(10**6), 10**6),
)
def test_no_claim_leaves_less_than_the_least(chances: list[Chance], fee: int, least: int) -> None:
    claims = claiming.decide(chances, fee, least)
    assert all(claim.profit_wei >= least for claim in claims)
    assert [c.profit_wei for c in claims] == sorted((c.profit_wei for c in claims), reverse=True)
