"""Laws of orders (R3, R4): one epoch for each moment, paid once, taken back whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import errors, orders
from perpools.spec.errors import Rejected
from perpools.spec.kinds import KINDS, LONG_BURN, LONG_FLIP, LONG_MINT, SHORT_MINT
from perpools.spec.orders import Order
from perpools.spec.pool import LIMIT
from perpools.spec.schedule import WINDOW
from tests.spec.play import HOUR_S, SEED, START_EPOCH, UNIT, Play, new_play

MINT = Order(LONG_MINT, 7 * UNIT, "depositor", "depositor")
TOKENS = 10**18


def refusal(play: Play, order: Order, sender: str = "depositor", tip: int = 0) -> type[Rejected]:
    """Why an order is refused; the market stays what it was."""
    before = play.market
    with pytest.raises(Rejected) as refused:
        play.act(orders.place, order, sender=sender, tip=tip)
    assert play.market is before
    return refused.type


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": 6}, errors.UnknownKind),
        ({"amount": 0}, errors.AmountIsZero),
        ({"amount": LIMIT}, errors.AmountIsTooLarge),
        ({"amount": 2**255}, errors.AmountIsTooLarge),
        ({"owner": "victim"}, errors.SenderIsNotAuthorised),
        ({"from_escrow": 7 * UNIT + 1}, errors.EscrowExceedsAmount),
        ({"from_escrow": 1}, errors.EscrowIsTooLow),
        ({"last_epoch": START_EPOCH}, errors.EpochIsLater),
        ({"kind": LONG_BURN}, errors.TokenBalanceIsTooLow),
        ({"kind": LONG_FLIP}, errors.TokenBalanceIsTooLow),
    ],
)
def test_each_wrong_order_has_its_own_reason(changes: dict, reason: type[Rejected]) -> None:
    assert refusal(new_play(), MINT._replace(**changes)) is reason


def test_a_tip_is_the_controllers_business() -> None:
    """Else a tip would let a stranger make a victim's escrow claimable."""
    for_a_victim = MINT._replace(controller="victim")
    assert refusal(new_play(), for_a_victim, tip=1) is errors.TipNeedsController
    new_play().act(orders.place, for_a_victim)


def test_a_batch_that_would_not_fit_its_word_is_refused() -> None:
    play = new_play()
    play.order(LONG_MINT, LIMIT - 1)
    assert refusal(play, MINT) is errors.BatchIsFull


def test_an_order_a_window_past_the_earliest_one_waiting_is_refused_until_somebody_rebalances() -> (
    None
):
    play = new_play()
    epoch = play.order(LONG_MINT, UNIT).epoch
    play.now = (epoch + WINDOW - 2) * HOUR_S
    assert play.order(LONG_MINT, UNIT).epoch == epoch + WINDOW - 1
    play.now += HOUR_S
    assert refusal(play, MINT) is errors.EpochIsTooFarBehind

    play.post(play.market.average)
    play.event()
    assert play.order(LONG_MINT, UNIT).epoch == epoch + WINDOW


@given(st.lists(st.integers(0, 20_000), max_size=10))
def test_later_orders_never_join_earlier_epochs(pauses: list[int]) -> None:
    play, joined = new_play(), 0
    for pause in pauses:
        play.now += pause
        epoch = play.order(SHORT_MINT, UNIT).epoch
        assert epoch >= joined
        joined = epoch


@given(
    amounts=st.lists(st.integers(1, 2**100), min_size=1, max_size=5),
    kind=st.sampled_from([LONG_MINT, SHORT_MINT]),
    tip=st.integers(0, 10**18),
)
def test_a_cancelled_order_leaves_nothing_behind(amounts: list[int], kind: int, tip: int) -> None:
    play = new_play()
    before = play.market
    for amount in amounts:
        epoch = play.order(kind, amount, tip=tip).epoch
    cancelled = play.cancel(epoch, kind)
    assert (cancelled.amount, cancelled.tip) == (sum(amounts), tip * len(amounts))
    play.claim()
    assert (play.market.held, play.market.tips_held) == (before.held, 0)
    assert not play.market.orders
    assert not play.market.batches[epoch, kind].paid_in


def test_the_tip_comes_back_with_the_last_order_of_the_epoch() -> None:
    play = new_play()
    epoch = play.order(LONG_MINT, UNIT, tip=5).epoch
    play.order(SHORT_MINT, UNIT, tip=2)
    assert play.cancel(epoch, LONG_MINT).tip == 0
    assert play.cancel(epoch, SHORT_MINT).tip == 7


@pytest.mark.parametrize(("off_s", "possible"), [(-1, True), (0, False), (1, False)])
def test_an_order_may_be_cancelled_until_the_same_one_would_join_a_later_epoch(
    off_s: int, possible: bool
) -> None:
    play = new_play()
    epoch = play.order(LONG_MINT, UNIT).epoch
    play.now = epoch * HOUR_S - 300 + off_s
    if possible:
        play.cancel(epoch, LONG_MINT)
    else:
        with pytest.raises(errors.OrderIsLocked):
            play.cancel(epoch, LONG_MINT)


@pytest.mark.parametrize(
    ("kind", "owner", "sender", "reason"),
    [
        (6, "depositor", "depositor", errors.UnknownKind),
        (SHORT_MINT, "depositor", "depositor", errors.OrderIsUnknown),
        (LONG_MINT, "depositor", "attacker", errors.SenderIsNotAuthorised),
        (LONG_MINT, "attacker", "attacker", errors.OrderIsUnknown),
    ],
)
def test_each_wrong_cancellation_has_its_own_reason(
    kind: int, owner: str, sender: str, reason: type[Rejected]
) -> None:
    play = new_play()
    epoch = play.order(LONG_MINT, UNIT).epoch
    with pytest.raises(reason):
        play.act(orders.cancel, epoch, kind, owner, sender=sender)


@pytest.mark.parametrize("kind", KINDS)
def test_an_executed_order_cannot_be_cancelled(kind: int) -> None:
    play = new_play()
    owner = "deployer" if kind >= LONG_BURN else "depositor"
    epoch = play.order(kind, TOKENS if kind >= LONG_BURN else UNIT, owner).epoch
    play.settle(epoch, play.market.average)
    with pytest.raises(errors.OrderIsLocked):
        play.cancel(epoch, kind, owner)


@pytest.mark.parametrize("kind", KINDS)
def test_supplies_change_only_when_an_epoch_is_closed(kind: int) -> None:
    """RV B16: tokens are escrowed when ordered with, and burned when executed."""
    play = new_play()
    before = play.market.pool
    owner = "deployer" if kind >= LONG_BURN else "depositor"
    play.order(kind, TOKENS if kind >= LONG_BURN else UNIT, owner)
    assert play.market.pool == before
    assert sum(before.balances) == 2 * SEED
