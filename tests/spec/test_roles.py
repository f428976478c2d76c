"""The only powers anybody has (R1, R8)."""

from functools import partial
from typing import Any

import pytest

from perpools.spec import errors, roles
from perpools.spec.fixed_point import WAD
from perpools.spec.roles import PRIMARY, SECONDARY
from perpools.spec.terms import NOBODY
from tests.spec.play import SEED, START_EPOCH, Play, new_play


def pay(market: Any, call: Any, which: int) -> Any:
    return roles.pay_fees(market, which)


def with_fees() -> Play:
    """A year of one per cent of both sides was accrued; a quarter is the secondary recipient's."""
    play = new_play(
        management_fee_wad=WAD // 100,
        primary="primary",
        secondary="secondary",
        secondary_share_wad=WAD // 4,
    )
    play.settle(START_EPOCH + 365 * 24, 100 * WAD)
    return play


def test_fees_are_the_share_of_the_year_and_split_exactly() -> None:
    play = with_fees()
    assert sum(play.market.fees) + sum(play.market.pool.balances) == 2 * SEED
    assert abs(sum(play.market.fees) - 2 * SEED // 100) <= 2 * SEED // 100 // 200 + 1
    assert play.market.fees[SECONDARY] == sum(play.market.fees) // 4


@pytest.mark.parametrize("which", [PRIMARY, SECONDARY])
def test_fees_are_paid_once(which: int) -> None:
    """TPP-03: what recipients receive is what sides were charged."""
    play = with_fees()
    held, accrued = play.market.held, play.market.fees[which]
    paid = play.act(pay, which, sender="anybody")
    assert (paid.recipient, paid.assets) == (play.market.recipients[which], accrued)
    assert play.market.held == held - accrued
    with pytest.raises(errors.NoFees):
        play.act(pay, which, sender="anybody")


def test_a_recipient_hands_over_in_two_steps() -> None:
    play = with_fees()
    propose, accept = (
        partial(play.act, step, PRIMARY)
        for step in (roles.propose_recipient, roles.accept_recipient)
    )
    with pytest.raises(errors.SenderIsNotRecipient):
        propose("attacker", sender="attacker")
    with pytest.raises(errors.SenderIsNotRecipient):
        propose("attacker", sender="secondary")
    propose("successor", sender="primary")
    with pytest.raises(errors.SenderIsNotProposed):
        accept(sender="attacker")
    accept(sender="successor")
    assert play.market.recipients == ("successor", "secondary")
    with pytest.raises(errors.SenderIsNotProposed):
        accept(sender="successor")
    with pytest.raises(errors.SenderIsNotRecipient):
        propose("primary", sender="primary")


def test_who_proposes_nobody_takes_a_proposal_back() -> None:
    play = with_fees()
    for proposed, heir in (("successor", "successor"), (NOBODY, None)):
        play.act(roles.propose_recipient, PRIMARY, proposed, sender="primary")
        assert play.market.proposed == (heir, None)
    for nobody in ("successor", NOBODY):
        with pytest.raises(errors.SenderIsNotProposed):
            play.act(roles.accept_recipient, PRIMARY, sender=nobody)


@pytest.mark.parametrize("operation", [roles.propose_recipient, roles.accept_recipient, pay])
def test_there_are_two_recipients(operation: Any) -> None:
    args = (2, "attacker") if operation is roles.propose_recipient else (2,)
    with pytest.raises(errors.UnknownRecipient):
        with_fees().act(operation, *args)
