"""
What an order pays depends on what it is, not on how it is cut up, where it is paid from, or how
often it is tried.
"""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import (
    ASSETS,
    KINDS,
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    LONG_TOKENS,
    SHORT,
    SHORT_MINT,
    item_in,
)
from perpools.spec.state import Escrow
from tests.scenarios.stage import DEPOSITOR, OTHER, START_PRICE, TOKEN, UNIT, WAD, Stage
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]


def two_burns_in_two_epochs(new_stage: NewStage, *, at_once: bool) -> tuple[Stage, int, int]:
    """A sixth and a half of a side whose tokens are no longer worth one; what both are paid."""
    stage = new_stage(seed_units=30, front_running_interval_s=2 * HOUR_S)
    stage.give_tokens(LONG, 5 * TOKEN, DEPOSITOR)
    stage.give_tokens(LONG, 15 * TOKEN, OTHER)
    stage.order(SHORT_MINT, 600 * UNIT, "latecomer")
    stage.settle()
    stage.settle(START_PRICE * 6 // 5)
    first = stage.order(LONG_BURN, 5 * TOKEN, DEPOSITOR).epoch
    stage.advance(HOUR_S)
    second = stage.order(LONG_BURN, 15 * TOKEN, OTHER).epoch
    assert second == first + 1
    for epoch in (first, second):
        stage.until(second if at_once else epoch)
        assert stage.event().epoch == epoch
    return stage, stage.claim(DEPOSITOR).assets, stage.claim(OTHER).assets


def test_burns_that_queue_in_two_epochs_are_paid_alike(new_stage: NewStage) -> None:
    """
    Scenario 1 (A08, SB 5.1.1). Each token of a side is worth the same in either epoch, and it does
    not matter whether both are closed in one go.
    """
    late, first, second = two_burns_in_two_epochs(new_stage, at_once=True)
    punctual, *paid = two_burns_in_two_epochs(new_stage, at_once=False)
    assert [first, second] == paid
    assert 3 * first <= second <= 3 * first + 3
    assert late.market.pool == punctual.market.pool
    long_left, supply_left = late.market.pool.balances[LONG], late.market.pool.supplies[LONG]
    assert abs(long_left * 5 * TOKEN - first * supply_left) <= 2 * supply_left


@pytest.mark.parametrize("parts", range(1, 11))
def test_a_burn_split_over_epochs_pays_the_same(new_stage: NewStage, parts: int) -> None:
    """
    Scenario 2 (SB 5.1.1): half a side, in up to ten orders before and after cut-offs; never 1111.
    """
    stage = new_stage(seed_units=2_000)
    stage.give_tokens(LONG, 1_000 * TOKEN, DEPOSITOR)
    rest = 1_000 * TOKEN
    for number in range(parts, 0, -1):
        stage.order(LONG_BURN, rest // number)
        rest -= rest // number
        if number % 2:
            stage.advance(HOUR_S)
    while stage.market.waiting:
        stage.settle()
    assert 1_000 * UNIT - parts <= stage.claim().assets <= 1_000 * UNIT


def stocked(stage: Stage) -> Stage:
    """A depositor with 10 of everything in its wallet and 10 of everything in escrow."""
    for side in (LONG, SHORT):
        stage.give_tokens(side, 10 * TOKEN, DEPOSITOR)
        stage.order(LONG_MINT + side, 10 * UNIT)
    stage.settle()
    epoch = stage.order(LONG_MINT, 10 * UNIT).epoch
    stage.do("cancel_order", epoch, LONG_MINT, sender=DEPOSITOR)
    assert stage.owed()[:3] == (10 * UNIT, 10 * TOKEN, 10 * TOKEN)

    return stage


def wallet(stage: Stage, item: int) -> int:
    if item == ASSETS:
        return stage.coin.balances[DEPOSITOR]
    return stage.held(DEPOSITOR, item - LONG_TOKENS)


@pytest.mark.parametrize("from_escrow", [0, 4, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_is_paid_once_from_wallet_escrow_or_both(
    stage: Stage, kind: int, from_escrow: int
) -> None:
    """
    Scenario 24 (TPP-01, SB 5.2.3): what leaves wallet and escrow together is the amount, exactly.
    """
    stocked(stage)
    item = item_in(kind)
    one = UNIT if item == ASSETS else TOKEN
    before = wallet(stage, item), stage.owed()[item]
    stage.order(kind, 10 * one, from_escrow=from_escrow * one)
    paid = before[0] - wallet(stage, item), before[1] - stage.owed()[item]
    assert paid == ((10 - from_escrow) * one, from_escrow * one)
    stage.check()


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_from_escrow_never_falls_back_on_the_wallet(stage: Stage, kind: int) -> None:
    """Scenario 24: one unit more than escrow holds is refused, whatever the wallet holds."""
    stocked(stage)
    amount = stage.owed()[item_in(kind)] + 1
    refused = stage.refused("place_order", kind, amount, amount, sender=DEPOSITOR)
    assert refused == "escrow: too low"


def test_no_token_is_spent_twice(stage: Stage) -> None:
    """
    Scenario 25: 20 tokens, half of them in escrow, are worth 20 units however they are juggled.
    """
    stocked(stage)
    stage.order(LONG_BURN, 10 * TOKEN, from_escrow=10 * TOKEN)
    again = stage.refused("place_order", LONG_FLIP, 10 * TOKEN, 10 * TOKEN, sender=DEPOSITOR)
    assert again == "escrow: too low"
    stage.order(LONG_FLIP, 10 * TOKEN)
    for name, args in (("place_order", (LONG_BURN, 1)), ("transfer", (LONG, OTHER, 1))):
        assert stage.refused(name, *args, sender=DEPOSITOR) == "token: balance too low"
    stage.claim()
    again = stage.refused("place_order", LONG_BURN, 1, 1, sender=DEPOSITOR)
    assert again == "escrow: too low"
    stage.settle()
    assert stage.owed()[:3] == (10 * UNIT, 0, 10 * TOKEN)


def test_claiming_between_orders_changes_nothing(new_stage: NewStage) -> None:
    """Scenario 25: the same orders with and without claims in between pay the same."""
    ends = []
    for claims in (True, False):
        stage = new_stage()
        stage.order(LONG_MINT, 10 * UNIT)
        stage.settle(START_PRICE)
        if claims:
            stage.claim()
        stage.order(LONG_BURN, 4 * TOKEN, from_escrow=0 if claims else 4 * TOKEN)
        stage.settle(START_PRICE + WAD)
        stage.claim()
        ends.append((stage.market.holdings[LONG][DEPOSITOR], stage.coin.balances[DEPOSITOR]))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("amount", [0, 2**128, 2**256 - 1])
def test_amounts_that_are_nothing_or_too_much_are_refused_for_every_kind(
    stage: Stage, amount: int
) -> None:
    for kind in KINDS:
        reason = stage.refused("place_order", kind, amount, sender=DEPOSITOR)
        assert reason == ("amount: zero" if amount == 0 else "amount: too large")
    assert stage.owed() == Escrow()
