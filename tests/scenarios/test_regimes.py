"""The same story in every regime of interval and front-running interval (GH #60, C4 N-06)."""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import KINDS, LONG, LONG_BURN, LONG_MINT, SHORT
from tests.scenarios.stage import DEPOSITOR, KEEPER, START_PRICE, TOKEN, UNIT, WAD, Stage
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

FRONT_RUNNING_S = [
    0,
    300,
    HOUR_S - 1,
    HOUR_S,
    HOUR_S + 1,
    8 * HOUR_S,
    8 * HOUR_S + 600,
    26 * HOUR_S,
]


@pytest.mark.parametrize("front_running_s", FRONT_RUNNING_S)
def test_orders_of_all_kinds_are_executed_in_every_regime(
    new_stage: NewStage, front_running_s: int
) -> None:
    stage = new_stage(front_running_interval_s=front_running_s)
    for side in (LONG, SHORT):
        stage.give_tokens(side, 50 * TOKEN, DEPOSITOR)
    for kind in KINDS:
        stage.order(kind, UNIT if kind < LONG_BURN else TOKEN)
        stage.advance(HOUR_S // 2)
    while stage.market.waiting:
        stage.settle()
    due = stage.owed()
    assert due[:3] == (2 * UNIT, 2 * TOKEN, 2 * TOKEN)


@pytest.mark.parametrize("front_running_s", FRONT_RUNNING_S)
def test_an_orders_cut_off_is_its_cancellations_too(
    new_stage: NewStage, front_running_s: int
) -> None:
    """
    R3, R4: the last second in which an order joins an epoch is the last in which it may be taken
    back.
    """
    stage = new_stage(front_running_interval_s=front_running_s)
    epoch = stage.order(LONG_MINT, UNIT).epoch
    stage.advance(epoch * HOUR_S - front_running_s - 1 - stage.now)
    assert stage.order(LONG_MINT, UNIT).epoch == epoch
    stage.do("cancel_order", epoch, LONG_MINT, sender=DEPOSITOR)
    stage.order(LONG_MINT, UNIT)
    stage.advance(1)
    late = stage.refused("cancel_order", epoch, LONG_MINT, sender=DEPOSITOR)
    assert late == "order: past its cut-off"
    assert stage.order(LONG_MINT, UNIT).epoch == epoch + 1


def test_an_order_is_never_executed_in_its_own_block(new_stage: NewStage) -> None:
    """Order, event and claim in one block: the order waits for its own grid point."""
    stage = new_stage(front_running_interval_s=0)
    stage.until(stage.market.last_epoch + 1)
    stage.order(LONG_MINT, UNIT)
    stage.event()
    assert stage.refused("claim", sender=DEPOSITOR) == "claim: nothing"


@pytest.mark.parametrize("interval_s", [1, 60, 86_400, 365 * 86_400])
def test_the_shortest_and_the_longest_interval(new_stage: NewStage, interval_s: int) -> None:
    stage = new_stage(
        interval_s=interval_s, front_running_interval_s=0, wind_down_after_s=365 * 86_400
    )
    stage.order(LONG_MINT, UNIT)
    stage.settle(START_PRICE + WAD)
    assert stage.claim().long_tokens > 0
    assert stage.refused("rebalance", sender=KEEPER) == "event: not due"


@pytest.mark.parametrize("leverage_wad", [WAD // 10, WAD * 3 // 2, 100 * WAD])
@pytest.mark.parametrize("decimals", [0, 6, 18])
def test_any_leverage_in_any_decimals(
    new_stage: NewStage, leverage_wad: int, decimals: int
) -> None:
    """TCR-06, Sherlock 008-H: whole units behave alike."""
    stage = new_stage(leverage_wad=leverage_wad, decimals=decimals)
    one = 10**decimals
    stage.order(LONG_MINT, 100 * one)
    for price in (11, 9, 10):
        stage.settle(START_PRICE * price // 10)
    stage.order(LONG_BURN, stage.owed().long_tokens, from_escrow=stage.owed().long_tokens)
    stage.settle()
    assert 0 <= stage.claim().assets <= 2 * 100 * one
