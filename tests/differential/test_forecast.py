"""What the lens foretells is what the specification says, and what the market then does."""

from typing import Any

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perpools.spec import errors, events, upkeep
from perpools.spec.kinds import KINDS
from perpools.spec.rebalancing import Gas, rebalance
from perpools.spec.state import Batch, Call, Market, Step, replace
from tests.evm import deployer
from tests.stateful.played import (
    Fixed,
    epoch_due,
    first_second,
    moments,
    opened,
    play,
)
from tests.stateful.surroundings import ANSWERS, SILENT
from tests.strategies import TRIGGERED, V1, V2, Setup, setups
from tests.world import World

WAD = 10**18
MOST = 2**120 - 1
NO_PAY = Gas()

gases = st.builds(
    Gas,
    used=st.sampled_from([0, 120_000, 10**7]),
    price=st.sampled_from([0, 30 * 10**9, 2**90]),
    fast=st.sampled_from([0, 25 * 10**9, 2**100]),
    assets_per_eth_wad=st.sampled_from([0, 2_000 * WAD, MOST, 2**120]),
)


@pytest.fixture(scope="module")
def lens() -> Any:
    return deployer("contracts/Lens.vy").deploy()


def as_if_met(market: Market, call: Call, price: int, gas: Gas) -> Step:
    """The event, even where a trigger would rather wait."""
    try:
        return rebalance(market, call, Fixed(price), gas)
    except errors.TriggerIsNotMet:
        terms = replace(market.terms, trigger=None)
        return rebalance(replace(market, terms=terms), call, Fixed(price), gas)


def compare(told: Any, market: Market, now: int, price: int, gas: Gas) -> None:
    """Field by field, the lens and the specification."""
    step = as_if_met(market, Call("keeper", first_second(market, now)), price, gas)
    after, event = step.market, step.events[-1]
    assert isinstance(event, events.Rebalanced)
    assert told.epoch == event.epoch
    assert (told.old_price, told.new_price) == (event.old_price, event.new_price)
    assert told.fraction == event.fraction
    assert (tuple(told.balances), tuple(told.supplies)) == after.pool
    assert (told.mint_fee_wad, told.next_mint_fee_wad) == (event.mint_fee_wad, after.mint_fee_wad)
    assert (told.fee, tuple(told.fees), told.reward) == (event.fee, after.fees, event.reward)
    batches = [after.batches.get((event.epoch, kind), Batch()) for kind in KINDS]
    assert [(one.paid_in, one.paid_out) for one in told.batches] == batches
    assert told.with_orders == bool(market.waiting and event.epoch == market.earliest_waiting)


@settings(max_examples=max(8, settings.default.max_examples // 4))
@given(setup=setups(), happened=moments(), price=st.sampled_from([1, 10**12, WAD, MOST]), gas=gases)
def test_a_forecast_is_the_next_event(
    lens: Any, setup: Setup, happened: tuple[Any, ...], price: int, gas: Gas
) -> None:
    played = opened(setup)
    world = play(played, happened)
    for at in (price, world.feed.price, max(1, world.feed.price * 2 // 3)):
        told = lens.forecast(world.chain.address, at, tuple(gas))
        compare(told, world.market, world.now, at, gas)
        assert told.due == upkeep.due(world.market, Call("keeper", world.now), Fixed(at))
    world.close()


@settings(max_examples=max(5, settings.default.max_examples // 8))
@given(setup=setups(), happened=moments())
def test_what_was_foretold_happens(lens: Any, setup: Setup, happened: tuple[Any, ...]) -> None:
    """No specification between them: the chain's word and the chain's deed."""
    played = opened(setup)
    world = play(played, happened)
    played.wait_for_a_grid_point()
    price = world.feed.as_of(epoch_due(world.market, world.now) * world.interval)
    foretold = lens.forecast(world.chain.address, price, tuple(NO_PAY))
    done = played.rebalance()
    if foretold.due:
        assert done
        event = done[-1]
        assert isinstance(event, events.Rebalanced)
        assert foretold.epoch == event.epoch
        assert foretold.fraction == event.fraction
        assert foretold.fee == event.fee
        assert sum(foretold.balances) == event.long_after + event.short_after + event.reward
        assert tuple(foretold.supplies) == (event.long_supply, event.short_supply)
        batches = [tuple(world.chain.batch(event.epoch, kind)) for kind in KINDS]
        assert [(one.paid_in, one.paid_out) for one in foretold.batches] == batches
        assert foretold.next_mint_fee_wad == world.chain.mint_fee_wad()
        assert tuple(foretold.fees) == tuple(world.chain.fees_accrued())
    else:
        assert done is None
    world.close()


@pytest.mark.parametrize("setup", [V1, V2, TRIGGERED], ids=["v1", "v2", "triggered"])
def test_the_keepers_pay_is_foretold_to_the_unit(lens: Any, setup: Setup) -> None:
    played = opened(setup)
    world = played.world
    for kind in KINDS:
        played.order("trader", kind)
    world.advance(10 * world.interval)
    price = world.feed.as_of(epoch_due(world.market, world.now) * world.interval)
    with world.what_if():
        event = events_of(world)
    gas = world.gas._replace(used=event.gas_used)
    told = lens.forecast(world.chain.address, price, tuple(gas))
    assert told.reward == event.reward > 0
    assert tuple(told.balances) == (event.long_after, event.short_after)
    assert tuple(told.supplies) == (event.long_supply, event.short_supply)
    world.close()


def events_of(world: World) -> events.Rebalanced:
    happened = world.act("rebalance")
    assert happened
    event = happened[-1]
    assert isinstance(event, events.Rebalanced)
    return event


@pytest.mark.parametrize("late_s", [0, 1, 12, 13, 60, 9_000])
def test_lateness_is_paid_for_as_it_will_be(lens: Any, late_s: int) -> None:
    """With so little gas that no cap hides the tip."""
    played = opened(V1)
    world = played.world
    played.wait_for_a_grid_point(late_s)
    gas = Gas(8_000, 30 * 10**9, 25 * 10**9, 2_000 * WAD)
    told = lens.forecast(world.chain.address, world.feed.price, tuple(gas))
    compare(told, world.market, world.now, world.feed.price, gas)
    assert 0 < told.reward < sum(told.balances) * V1.terms.reward_cap_wad // WAD
    world.close()


def test_a_full_average_drops_its_oldest_sample(lens: Any) -> None:
    played = opened(V2)
    world = played.world
    for _ in range(V2.terms.sma_periods + 2):
        told = lens.forecast(world.chain.address, world.feed.price, tuple(NO_PAY))
        compare(told, world.market, world.now, world.feed.price, NO_PAY)
        played.scale_price((11, 10))
        played.wait_for_a_grid_point()
        assert played.rebalance()
    world.close()


@pytest.mark.parametrize("setup", [V1, V2], ids=["v1", "v2"])
def test_an_overview_is_everything_at_once(lens: Any, setup: Setup) -> None:
    played = opened(setup)
    world = played.world
    for kind in (0, 3, 5):
        played.order("trader", kind)
        world.advance(2 * world.interval)
    market = world.chain.address
    told = lens.overview(market)
    assert told.state == lens.state(market)
    assert told.epochs == sorted({epoch for epoch, _ in world.market.batches})
    assert told.batches == lens.batches(market, told.epochs)
    gas = Gas(130_000, 25 * 10**9, 25 * 10**9, world.eth_feed.price)
    assert told.spot == world.feed.price
    assert told.forecast == lens.forecast(market, told.spot, tuple(gas))
    compare(told.forecast, world.market, world.now, told.spot, gas)
    world.feed_behaves("gas_feed", SILENT)
    told = lens.overview(market)
    gas = gas._replace(price=boa.env.evm.vm.state.base_fee, fast=boa.env.evm.vm.state.base_fee)
    assert told.forecast == lens.forecast(market, told.spot, tuple(gas))
    world.close()


def test_an_overview_without_a_price_has_no_forecast(lens: Any) -> None:
    world = opened(V1).world
    market = world.chain.address
    assert lens.overview(market).forecast.epoch
    for price in (0, 2**120):
        world.set_price(price)
        told = lens.overview(market)
        assert (told.spot, told.forecast.epoch, told.forecast.balances) == (0, 0, [0, 0])
    world.set_price(V1.first_price)
    world.feed_behaves("feed", SILENT)
    assert lens.overview(market).spot == 0
    world.close()


def test_a_market_that_is_wound_down_has_no_forecast(lens: Any) -> None:
    played = opened(V1)
    world, market = played.world, played.world.chain.address
    world.feed_behaves("feed", SILENT)
    played.wind_down()
    world.feed_behaves("feed", ANSWERS)
    told = lens.overview(market)
    assert (told.spot, told.forecast.epoch) == (V1.first_price, 0)
    assert told.state.progress.wound_down
    with boa.reverts("market: wound down"):
        lens.forecast(market, WAD, tuple(NO_PAY))
    world.close()


@pytest.mark.parametrize(("price", "reason"), [(0, "price: zero"), (2**120, "price: too large")])
def test_a_forecast_needs_a_price(lens: Any, price: int, reason: str) -> None:
    world = opened(V1).world
    with boa.reverts(reason):
        lens.forecast(world.chain.address, price, tuple(NO_PAY))
    world.close()
