"""Laws of escrow and claims (R10)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import errors, escrow, orders, roles
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import ASSETS, LONG_BURN, LONG_MINT, LONG_TOKENS, SHORT_MINT
from perpools.spec.orders import Order
from perpools.spec.pool import LIMIT
from perpools.spec.state import Escrow
from tests.spec.play import UNIT, Play, new_play

moves = st.lists(st.integers(50, 200), min_size=1, max_size=6)


def after_one_mint(tip: int = 0, **changes: Any) -> Play:
    """A depositor's order for 7 units of long was executed, the price unchanged."""
    play = new_play(**changes)
    epoch = play.order(LONG_MINT, 7 * UNIT, tip=tip).epoch
    play.settle(epoch, 100 * WAD)
    return play


def test_a_claim_pays_once() -> None:
    play = after_one_mint()
    assert play.claim().long_tokens == 7 * 10**18
    with pytest.raises(errors.NothingToClaim):
        play.claim()


@given(moves=moves)
def test_a_claim_is_the_same_whenever_it_is_made(moves: list[int]) -> None:
    """X-4: it reads no current price, fee or supply."""
    play = after_one_mint(
        mint_fee_wad=WAD // 100, mint_fee_max_wad=WAD // 10, mint_fee_step_wad=WAD // 100
    )
    due = play.due()
    for number, price in enumerate(moves, 1):
        play.order(SHORT_MINT, number * UNIT, "other depositor")
        play.settle(play.market.earliest_waiting, price * WAD)
        assert play.due() == due
    assert play.claim()[2:] == due


@given(
    orders_placed=st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
    move=st.integers(50, 200),
)
def test_the_last_claimer_is_paid_like_the_first(orders_placed: list[int], move: int) -> None:
    play = new_play(mint_fee_wad=WAD // 300, mint_fee_max_wad=WAD // 300)
    owners = [f"depositor {number}" for number in range(len(orders_placed))]
    for owner, amount in zip(owners, orders_placed, strict=True):
        epoch = play.order(LONG_MINT, amount, owner).epoch
    play.settle(epoch, move * WAD)
    batch = play.market.batches[epoch, LONG_MINT]
    received = [play.claim(owner).long_tokens for owner in owners if play.due(owner) != Escrow()]
    if batch.paid_out:
        assert 0 <= batch.paid_out - sum(received) < len(owners)


def test_orders_from_escrow_spend_what_was_executed_without_a_claim() -> None:
    play = after_one_mint()
    play.order(LONG_BURN, 7 * 10**18, from_escrow=7 * 10**18)
    assert play.due() == Escrow()
    play.settle(play.market.earliest_waiting, 100 * WAD)
    assert play.claim().assets == 7 * UNIT


def test_escrow_is_spent_once() -> None:
    play = after_one_mint()
    play.order(LONG_BURN, 7 * 10**18, from_escrow=7 * 10**18)
    with pytest.raises(errors.EscrowIsTooLow):
        play.order(LONG_BURN, 1, from_escrow=1)


@pytest.mark.parametrize("tip", [0, 5])
def test_strangers_claim_only_where_an_executed_order_was_tipped(tip: int) -> None:
    play = after_one_mint(tip=tip)
    if tip == 0:
        with pytest.raises(errors.ClaimIsNotTipped):
            play.act(escrow.claim, "depositor", sender="claimer")
        return
    claimed = play.act(escrow.claim, "depositor", sender="claimer")
    assert (claimed.caller, claimed.tip, claimed.long_tokens) == ("claimer", 5, 7 * 10**18)
    with pytest.raises(errors.ClaimIsNotTipped):
        play.act(escrow.claim, "depositor", sender="claimer")


def test_a_tip_waits_for_its_own_epoch() -> None:
    """An order that is executed later does not make what is due now claimable by strangers."""
    play = after_one_mint()
    play.order(LONG_MINT, UNIT, tip=5)
    with pytest.raises(errors.ClaimIsNotTipped):
        play.act(escrow.claim, "depositor", sender="claimer")


def test_operators_act_for_those_who_appointed_them_and_no_longer() -> None:
    play = after_one_mint()
    play.act(roles.set_operator, "operator", approved=True)
    play.act(escrow.withdraw, LONG_TOKENS, 10**18, ("depositor", "elsewhere"), sender="operator")
    play.act(roles.set_operator, "operator", approved=False)
    with pytest.raises(errors.SenderIsNotAuthorised):
        play.act(escrow.withdraw, LONG_TOKENS, 1, ("depositor", "operator"), sender="operator")
    for_a_stranger = Order(LONG_BURN, 1, "deployer", "operator")
    with pytest.raises(errors.SenderIsNotAuthorised):
        play.act(orders.place, for_a_stranger, sender="operator")


@pytest.mark.parametrize(
    ("item", "amount", "sender", "reason"),
    [
        (LONG_TOKENS, 1, "attacker", errors.SenderIsNotAuthorised),
        (3, 1, "depositor", errors.UnknownItem),
        (LONG_TOKENS, 0, "depositor", errors.AmountIsZero),
        (LONG_TOKENS, LIMIT, "depositor", errors.AmountIsTooLarge),
        (LONG_TOKENS, 7 * 10**18 + 1, "depositor", errors.EscrowIsTooLow),
        (ASSETS, 1, "depositor", errors.EscrowIsTooLow),
    ],
)
def test_each_wrong_withdrawal_has_its_own_reason(
    item: int, amount: int, sender: str, reason: type[errors.Rejected]
) -> None:
    play = after_one_mint()
    with pytest.raises(reason):
        play.act(escrow.withdraw, item, amount, ("depositor", "depositor"), sender=sender)
