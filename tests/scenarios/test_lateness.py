"""
A late keeper changes when things happen, never what (R5). The price as of a moment contains the
moment.
"""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perpools.spec.events import BatchExecuted, Rebalanced
from perpools.spec.kinds import (
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    SHORT,
    SHORT_BURN,
    SHORT_FLIP,
    SHORT_MINT,
)
from perpools.spec.state import Escrow
from tests.scenarios.stage import (
    DEPOSITOR,
    KEEPER,
    OTHER,
    TOKEN,
    UNIT,
    WAD,
    Stage,
    setup,
)
from tests.stateful.model import Model
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

# Between 1000 and 1999 as of any moment, and by the moment alone: hourly moves of up to two thirds.
PATH = {"first_price": 1_000, "drift": 999, "seed_units": 1_000}
FEES = {
    "management_fee_wad": WAD // 10,
    "mint_fee_wad": WAD // 100,
    "mint_fee_max_wad": WAD // 10,
    "burn_fee_wad": WAD // 50,
}
STEP = {"mint_fee_step_wad": WAD // 500}
ORDERS = (
    (LONG_MINT, UNIT),
    (SHORT_MINT, UNIT),
    (LONG_BURN, TOKEN),
    (SHORT_BURN, TOKEN),
    (LONG_FLIP, TOKEN),
    (SHORT_FLIP, TOKEN),
)


def price_as_of(epoch: int) -> int:
    return 1_000 + epoch * HOUR_S % 1_000


def catch_up(stage: Model) -> list[Rebalanced]:
    """Close everything that is due."""
    closed = []
    while stage.due:
        happened = stage.act("rebalance", sender=KEEPER)
        assert happened is not None, stage.refusal
        closed.append(happened[-1])
    return closed


def live(stage: Model, comes: list[bool], *, gaps: bool = False) -> list[tuple[Rebalanced, bool]]:
    """
    An hour a step: an order is placed, and a keeper comes or not. Every hour carries an order
    unless there are gaps. What was closed, and whether orders were executed in it.
    """
    owners = (DEPOSITOR, OTHER)
    for side, owner in ((LONG, DEPOSITOR), (SHORT, DEPOSITOR), (LONG, OTHER), (SHORT, OTHER)):
        stage.act("transfer", side, owner, 200 * TOKEN, sender="deployer")
    closed: list[Rebalanced] = []
    for hour, keeper_comes in enumerate(comes):
        kind, amount = ORDERS[hour * 5 % 6]
        if not (gaps and hour % 3 == 1):
            placed = stage.act("place_order", kind, amount * (1 + hour), sender=owners[hour % 2])
            assert placed, stage.refusal
        stage.advance(HOUR_S)
        closed += catch_up(stage) if keeper_comes else []
    stage.advance(HOUR_S)
    closed += catch_up(stage)
    executed = {epoch for (epoch, _), batch in stage.market.batches.items() if batch.paid_in}
    return [(event, event.epoch in executed) for event in closed]


@given(comes=st.lists(st.booleans(), min_size=1, max_size=40), gaps=st.booleans())
def test_every_order_is_executed_at_the_price_as_of_its_own_grid_point(
    comes: list[bool], *, gaps: bool
) -> None:
    """The issue of lateness, and A07: for any delays of the keeper, by the specification."""
    model = Model(setup(**PATH))
    for event, with_orders in live(model, comes, gaps=gaps):
        assert event.spot == price_as_of(event.epoch)
        assert with_orders or gaps or event.epoch > model.market.last_epoch - 2


def outcome(model: Model) -> tuple[object, ...]:
    """Everything that anybody has, and every number that anything depends on."""
    market = model.market
    due = tuple(model.market.escrow.get(who, Escrow()) for who in (DEPOSITOR, OTHER))
    return (
        market.pool,
        market.samples,
        market.fees,
        market.batches,
        market.holdings,
        market.mint_fee_wad,
        due,
    )


@given(comes=st.lists(st.booleans(), min_size=1, max_size=30), periods=st.sampled_from([1, 3, 24]))
def test_a_late_run_ends_as_the_punctual_one_where_every_grid_point_carries_orders(
    comes: list[bool], periods: int
) -> None:
    """The issue of lateness: payouts, balances and the average, to the unit, fees and all."""
    runs = [Model(setup(**PATH, **FEES, **STEP, sma_periods=periods)) for _ in range(2)]
    live(runs[0], comes)
    live(runs[1], [True] * len(comes))
    assert outcome(runs[0]) == outcome(runs[1])


@pytest.mark.parametrize(
    "comes", [[False] * 12, [True, False, False] * 4, [False] * 7 + [True, False, False, True]]
)
def test_a_late_run_of_the_contracts_ends_as_the_punctual_one(
    new_stage: NewStage, comes: list[bool]
) -> None:
    """The issue of lateness on the contracts; scenario 13's slices are the keeper's visits."""
    ends = []
    for visits in (comes, [True] * len(comes)):
        stage = new_stage(**PATH, **FEES, sma_periods=3)
        live(stage, visits)
        stage.check()
        before = outcome(stage)
        ends.append((before, [stage.claim(who)[2:] for who in (DEPOSITOR, OTHER)]))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("front_running_s", [300, 8 * HOUR_S + 600])
def test_a_late_event_loses_no_order(new_stage: NewStage, front_running_s: int) -> None:
    """
    Scenario 3 (X-3): an order before a late event and one after it are both executed and claimed.
    """
    stage = new_stage(front_running_interval_s=front_running_s)
    stage.until(stage.market.last_epoch + 1, HOUR_S - 200)
    first = stage.order(LONG_MINT, 100 * UNIT).epoch
    stage.event()
    second = stage.order(LONG_MINT, 777 * UNIT).epoch
    assert second >= first
    while stage.market.waiting:
        stage.settle()
    assert stage.claim().long_tokens == 877 * TOKEN


def test_a_thousand_missed_intervals_are_caught_up_one_bounded_event_at_a_time(
    new_stage: NewStage,
) -> None:
    """
    Scenario 13 (A05, SB 5.3.9). Orders in forty epochs, then nobody for a thousand hours. The
    design closes one epoch an event: those with orders one by one, the rest in a last one.
    """
    ends, events = [], list[Rebalanced]()
    for punctual in (True, False):
        stage = new_stage()
        for hour in range(40):
            stage.order((LONG_MINT, SHORT_MINT)[hour % 2], (1 + hour) * UNIT)
            stage.advance(HOUR_S)
            if punctual:
                catch_up(stage)
        stage.advance(1_000 * HOUR_S)
        events = catch_up(stage)
        ends.append((stage.market.pool, stage.claim()[2:]))
    assert ends[0] == ends[1]
    assert len(events) == 41
    costs = [event.gas_used for event in events[5:40]]
    assert max(costs) - min(costs) < 25_000


def test_the_management_fee_does_not_depend_on_the_keeper(new_stage: NewStage) -> None:
    """Scenario 14 (X-10): forty hourly events or one, ten per cent a year of two million."""
    fees = []
    for hourly in (True, False):
        stage = new_stage(seed_units=1_000_000, management_fee_wad=WAD // 10)
        for _ in range(40):
            stage.advance(HOUR_S)
            if hourly:
                catch_up(stage)
        catch_up(stage)
        fees.append(sum(stage.market.fees))
    assert fees[0] > 900 * UNIT
    assert abs(fees[0] - fees[1]) <= 2 * 40


def test_a_late_exit_is_paid_what_its_own_grid_point_says(new_stage: NewStage) -> None:
    """
    Scenario 15 (X-15): a burn due at one price is not worth less because a keeper came five hours
    later.
    """
    paid = []
    for late_hours in (0, 5):
        stage = new_stage(**PATH)
        epoch = stage.order(LONG_BURN, 100 * TOKEN, "deployer").epoch
        stage.until(epoch + late_hours)
        catch_up(stage)
        paid.append(stage.claim("deployer").assets)
    assert paid[0] == paid[1]


def test_an_order_placed_while_an_event_is_overdue_does_not_get_its_price(
    new_stage: NewStage,
) -> None:
    """
    Scenario 16 (A07): the price of the overdue epoch can be seen; the order joins a later one.
    """
    stage = new_stage(**PATH)
    overdue = stage.order(LONG_MINT, UNIT).epoch
    stage.advance(HOUR_S * 8 // 5)
    placed_at = stage.now
    mine = stage.order(LONG_MINT, UNIT, OTHER).epoch
    assert mine * HOUR_S > placed_at + 300
    assert [event.epoch for event in catch_up(stage)][:1] == [overdue]
    assert stage.owed(OTHER) == Escrow()
    stage.until(mine)
    happened = stage.act("rebalance", sender=KEEPER)
    assert happened is not None
    assert isinstance(happened[0], BatchExecuted)
    assert happened[-1].spot == price_as_of(mine)


def test_orders_every_minute_for_three_front_running_intervals_are_all_executed(
    new_stage: NewStage,
) -> None:
    """GitHub #333: a front-running interval of many intervals never refuses or loses an order."""
    stage = new_stage(interval_s=300, front_running_interval_s=2_400)
    for _ in range(60):
        stage.order(LONG_MINT, UNIT)
        stage.advance(120)
        catch_up(stage)
    stage.advance(3_000)
    catch_up(stage)
    assert stage.claim().long_tokens == 60 * TOKEN


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(0, 3), min_size=3, max_size=6))
def test_who_closes_an_epoch_changes_nothing_but_who_is_paid(hours: list[int]) -> None:
    """R5: owners, keepers and strangers are alike."""
    ends = []
    for keepers in ((KEEPER,), (DEPOSITOR, OTHER, "treasury")):
        model = Model(setup(**PATH))
        for number, pause in enumerate(hours):
            model.act("place_order", LONG_MINT, UNIT, sender=DEPOSITOR)
            model.advance(pause * HOUR_S)
            while model.due:
                model.act("rebalance", sender=keepers[number % len(keepers)])
        ends.append((model.market.pool, model.market.batches))
    assert ends[0] == ends[1]
