"""A forecast is the protocol run ahead: where its assumption holds it is exact, to the unit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import escrow, forecast, orders, rebalancing, schedule
from perpools.spec.errors import (
    AmountIsZero,
    EventIsNotDue,
    MarketIsWoundDown,
    PriceIsZero,
    TokenBalanceIsTooLow,
    TriggerIsNotMet,
)
from perpools.spec.fixed_point import WAD
from perpools.spec.forecast import Assumed, Quote
from perpools.spec.kinds import (
    KINDS,
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    SHORT_BURN,
    SHORT_FLIP,
    SHORT_MINT,
    item_in,
    item_out,
)
from perpools.spec.orders import Order
from perpools.spec.pool import LOCKED
from perpools.spec.state import Call, Market, Step
from perpools.spec.triggers import PriceChange
from tests.spec.play import HOUR_S, NO_PAY, PAID, START, START_EPOCH, UNIT, Play, new_play
from tests.strategies import PERCENT

PRICE = 100 * WAD
FEES = {
    "mint_fee_wad": PERCENT,
    "mint_fee_step_wad": PERCENT // 4,
    "mint_fee_max_wad": 5 * PERCENT,
    "burn_fee_wad": PERCENT // 2,
    "management_fee_wad": 10 * PERCENT,
}
NOTICE = {"front_running_interval_s": 8 * HOUR_S, "sma_periods": 8}
prices = st.integers(50, 200).map(lambda part: PRICE * part // 100)


def busy(**changes: int) -> Play:
    """A market with holders on both sides, and orders that wait."""
    play = new_play(**changes)
    play.order(LONG_MINT, 500 * UNIT, "depositor")
    play.order(SHORT_MINT, 700 * UNIT, "hedger")
    for step in punctual(play.market, play.now, PRICE, play.market.earliest_waiting):
        play.market = step.market
    play.now = schedule.grid_point(play.market.last_epoch, HOUR_S) + 2
    for holder in ("depositor", "hedger"):
        play.claim(holder)
    return play


def punctual(market: Market, now: int, price: int, last: int, gas=NO_PAY) -> list[Step]:
    """Somebody tries an event a second after every grid point, as long as `last` is not closed."""
    steps: list[Step] = []
    while market.last_epoch < last:
        now = max(now, schedule.grid_point(schedule.latest_passed(now, HOUR_S) + 1, HOUR_S) + 1)
        try:
            step = rebalancing.rebalance(market, Call("keeper", now), Assumed(price), gas)
        except (EventIsNotDue, TriggerIsNotMet):
            continue
        steps.append(step)
        market = step.market
    return steps


def received(market: Market, owner: str, kind: int, quoted: Quote) -> int:
    """What a claim sends of what an order was for."""
    item = item_in(kind) if quoted.refunded else item_out(kind)
    return escrow.claimable(market, owner)[item]


@given(
    kind=st.sampled_from(KINDS),
    part=st.integers(1, 1_000),
    price=prices,
    terms=st.sampled_from([{}, FEES, NOTICE, FEES | NOTICE]),
    gas=st.sampled_from([NO_PAY, PAID]),
    wait_s=st.integers(0, 3 * HOUR_S),
)
def test_a_quote_is_what_the_claim_sends(kind, part, price, terms, gas, wait_s) -> None:
    play = busy(**terms)
    play.order(SHORT_MINT, 11 * UNIT, "latecomer")
    play.order(LONG_BURN, play.market.holdings[LONG]["depositor"] // 3)
    owner = "hedger" if kind % 2 else "depositor"
    at_hand = 10**9 if kind < LONG_BURN else play.market.holdings[kind % 2][owner]
    order = Order(kind, max(1, at_hand * part // 1_000), owner, "trader")
    now = play.now + wait_s
    play.market = replace(play.market, operators=frozenset({("trader", owner)}))

    quoted = forecast.quote(play.market, now, order, price, gas)

    market = orders.place(play.market, Call(owner, now), order).market
    assert quoted.executes_at == schedule.grid_point(quoted.epoch, HOUR_S) > now
    if now > schedule.grid_point(market.last_epoch + 1, HOUR_S):
        market = caught_up(market, now, price, gas)
    steps = punctual(market, now, price, quoted.epoch, gas)
    assert received(steps[-1].market, "trader", kind, quoted) == quoted.receives
    assert quoted.forecast.market.pool == steps[-1].market.pool
    assert quoted.pays == order.amount


def caught_up(market: Market, now: int, price: int, gas) -> Market:
    """Every event that is due at once."""
    while True:
        try:
            step = rebalancing.rebalance(market, Call("keeper", now), Assumed(price), gas)
        except EventIsNotDue:
            return market
        market = step.market


def test_the_cut_off_is_the_last_second_of_an_epoch() -> None:
    market = new_play(front_running_interval_s=8 * HOUR_S).market
    epoch = market.epoch_joined(START)
    last = forecast.cutoff_at(market, epoch)
    assert market.epoch_joined(last) == epoch
    assert market.epoch_joined(last + 1) == epoch + 1
    assert forecast.executes_at(market, epoch) == last + 1 + 8 * HOUR_S


def test_an_event_that_is_due_happens_at_once() -> None:
    play = busy()
    play.until(play.market.last_epoch + 5, late_s=100)
    step = forecast.next_event(play.market, play.now, 2 * PRICE, PAID)
    assert step == play_event(play, 2 * PRICE)
    assert forecast.rebalanced(step).reward > 0


def play_event(play: Play, price: int) -> Step:
    call = Call(forecast.KEEPER, play.now)
    return rebalancing.rebalance(play.market, call, Assumed(price), PAID)


def test_an_event_that_is_not_due_happens_a_second_after_the_next_grid_point() -> None:
    play = busy()
    step = forecast.next_event(play.market, play.now, PRICE)
    assert step is not None
    assert forecast.rebalanced(step).epoch == play.now // HOUR_S + 1


def test_a_trigger_that_is_not_met_waits_for_the_longest_wait_or_for_an_order() -> None:
    trigger = {"trigger": PriceChange(PERCENT), "max_interval_s": 12 * HOUR_S}
    play = busy(**trigger)
    last = play.market.last_epoch
    assert epoch_of_next(play, PRICE) == last + 12
    assert epoch_of_next(play, 2 * PRICE) == last + 1
    play.now += 3 * HOUR_S
    play.order(LONG_MINT, UNIT)
    assert epoch_of_next(play, PRICE) == last + 4


def test_the_longest_wait_need_not_be_a_whole_number_of_intervals() -> None:
    play = new_play(trigger=PriceChange(PERCENT), max_interval_s=HOUR_S * 3 // 2)
    assert epoch_of_next(play, PRICE) == START_EPOCH + 2


def epoch_of_next(play: Play, price: int) -> int:
    step = forecast.next_event(play.market, play.now, price)
    assert step is not None
    return forecast.rebalanced(step).epoch


def test_every_epoch_that_waits_is_executed_at_its_own_grid_point() -> None:
    play = busy(**NOTICE)
    for _ in range(3):
        play.order(LONG_MINT, 10 * UNIT, "trader")
        play.now += 2 * HOUR_S
    waiting = play.market.earliest_waiting
    seen = forecast.after_all(play.market, play.now, PRICE)
    assert seen.market.waiting == 0
    assert {waiting, waiting + 2, waiting + 4} <= {event.epoch for event in seen.events}
    assert seen.market == seen.steps[-1].market
    assert [event.epoch for event in seen.events] == sorted({e.epoch for e in seen.events})


def test_without_orders_a_forecast_is_the_next_event() -> None:
    play = busy()
    seen = forecast.after_all(play.market, play.now, 2 * PRICE)
    assert seen.steps == (forecast.next_event(play.market, play.now, 2 * PRICE),)


def test_a_market_that_is_wound_down_has_no_next_event() -> None:
    market = replace(new_play().market, wound_down=True)
    assert forecast.next_event(market, START, PRICE) is None
    assert forecast.after_all(market, START, PRICE) == forecast.Forecast((), market)
    with pytest.raises(MarketIsWoundDown):
        forecast.quote(market, START, Order(LONG_MINT, 1, "depositor", "depositor"), PRICE)


def test_a_quote_is_refused_as_the_order_would_be() -> None:
    play = busy()
    for refusal, kind, amount in (
        (AmountIsZero, LONG_MINT, 0),
        (TokenBalanceIsTooLow, SHORT_BURN, 1),
    ):
        with pytest.raises(refusal):
            forecast.quote(
                play.market, play.now, Order(kind, amount, "depositor", "depositor"), PRICE
            )
    with pytest.raises(PriceIsZero):
        forecast.next_event(play.market, play.now, 0)


def test_a_mint_at_an_unmoved_price_costs_its_fee_alone() -> None:
    play = busy(mint_fee_wad=PERCENT, mint_fee_max_wad=PERCENT)
    quoted = quote(play, LONG_MINT, 100 * UNIT)
    assert quoted.fee_assets == UNIT
    assert quoted.rate_now == quoted.rate_then
    assert PERCENT <= quoted.slippage_wad <= PERCENT + 10**6
    assert not quoted.refunded


def test_a_flip_pays_both_fees() -> None:
    play = busy(mint_fee_wad=PERCENT, mint_fee_max_wad=PERCENT, burn_fee_wad=2 * PERCENT)
    worth = 100 * UNIT
    tokens = worth * play.market.pool.supplies[LONG] // play.market.pool.balances[LONG]
    quoted = quote(play, LONG_FLIP, tokens)
    assert abs(quoted.fee_assets - worth * (1 - 0.98 * 0.99)) <= 3
    assert abs(quoted.slippage_wad - WAD * (1 - 0.98 * 0.99)) < WAD // 10**6


def test_a_price_that_moves_against_an_order_slips() -> None:
    play = busy()
    loses, gains = quote(play, LONG_MINT, UNIT, 2 * PRICE), quote(play, LONG_MINT, UNIT, PRICE // 2)
    assert loses.slippage_wad > 0 > gains.slippage_wad
    assert loses.rate_then > loses.rate_now > gains.rate_then


def test_an_order_worth_nothing_is_quoted_as_refunded() -> None:
    play = busy(burn_fee_wad=PERCENT)
    quoted = quote(play, LONG_BURN, LOCKED // 10**3)
    assert quoted.refunded
    assert (quoted.receives, quoted.fee_assets, quoted.slippage_wad) == (quoted.pays, 0, 0)


def test_an_order_that_joins_another_receives_at_most_a_unit_more_than_quoted() -> None:
    play = busy()
    play.order(SHORT_FLIP, 10**18 // 3, "hedger")
    order = Order(SHORT_FLIP, 10**18 // 7, "hedger", "hedger")
    quoted = forecast.quote(play.market, play.now, order, PRICE * 11 // 10)
    due = escrow.claimable(quoted.forecast.market, "hedger")[item_out(SHORT_FLIP)]
    first = due - quoted.receives
    batch = quoted.forecast.market.batches[quoted.epoch, SHORT_FLIP]
    assert 0 <= first - 10**18 // 3 * batch.paid_out // batch.paid_in <= 1


def quote(play: Play, kind: int, amount: int, price: int = PRICE) -> Quote:
    return forecast.quote(
        play.market, play.now, Order(kind, amount, "depositor", "depositor"), price
    )
