"""
What comes next, at an assumed price: the specification itself, run ahead.

A forecast assumes that the price as of every grid point is the one given, that a keeper comes one
second after each of them (and at once where one has passed already), and that nobody orders,
cancels, mints or redeems a pair until then. Where that holds it is exact, to the unit: fees, the
keeper's pay, refused and merged orders included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from . import orders, rates, schedule
from .errors import EventIsNotDue, TriggerIsNotMet
from .events import Rebalanced
from .fixed_point import WAD
from .kinds import LONG_BURN, LONG_FLIP
from .measures import order_fee, order_worth
from .orders import Order
from .pool import Pool
from .rebalancing import Gas, rebalance
from .replay import settled
from .state import Call, Market, Step
from .units import Address, Assets, Epoch, Timestamp, Wad

KEEPER: Address = "keeper"
"""Who closes the epochs of a forecast."""

FREE = Gas()
"""Gas that costs nothing: keepers are paid nothing."""


class Forecast(NamedTuple):
    """Events that come, one step each, and the market after the last of them."""

    steps: tuple[Step, ...]
    market: Market

    @property
    def events(self) -> tuple[Rebalanced, ...]:
        """The events themselves, in their order."""
        return tuple(rebalanced(step) for step in self.steps)


class Quote(NamedTuple):
    """What becomes of an order, and when."""

    epoch: Epoch
    executes_at: Timestamp
    """The grid point whose price executes it."""
    cutoff_at: Timestamp
    """The last second in which it can be placed for this epoch, and cancelled."""
    pays: int
    """Collateral or tokens, as its kind says (`kinds.item_in`)."""
    receives: int
    """
    What it can claim then: `kinds.item_out`, or all of `pays` where it is refunded. One unit more
    where it joins an earlier order of its controller's and the parts add up.
    """
    refunded: bool
    fee_assets: Assets
    """Mint and burn fee, rounded up each: they stay in the sides."""
    rate_now: Wad
    """Present price of one whole token of the order's side in whole units of collateral."""
    rate_then: Wad
    """The same when it is executed."""
    slippage_wad: int
    """
    By which part less it receives than at the present rates without fees; negative where it
    receives more. Rounded up.
    """
    forecast: Forecast
    """All events up to the one that executes it."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A feed that always answers the same."""

    price: Wad

    def as_of(self, time: Timestamp) -> Wad | None:
        """The price assumed."""
        return self.price


def executes_at(market: Market, epoch: Epoch) -> Timestamp:
    """The grid point whose price executes the orders of an epoch."""
    return schedule.grid_point(epoch, market.terms.interval_s)


def cutoff_at(market: Market, epoch: Epoch) -> Timestamp:
    """The last second in which an order can be placed for an epoch, and cancelled."""
    return executes_at(market, epoch) - market.terms.front_running_interval_s - 1


def rebalanced(step: Step) -> Rebalanced:
    """The event itself among those of a step that closed an epoch."""
    [event] = (event for event in step.events if isinstance(event, Rebalanced))
    return event


def next_event(market: Market, now: Timestamp, price: Wad, gas: Gas = FREE) -> Step | None:
    """
    The next event, at once where one is due; None where the market is wound down.

    Where no order waits and a trigger is not met at this price, that is the one of the longest
    wait. Refuses a price that is none (`errors.PriceIsZero`, `errors.PriceIsTooLarge`).
    """
    if market.wound_down:
        return None
    for moment in _moments(market, now):
        try:
            return rebalance(market, Call(KEEPER, moment), Assumed(price), gas)
        except (EventIsNotDue, TriggerIsNotMet):
            continue
    return None


def after_all(market: Market, now: Timestamp, price: Wad, gas: Gas = FREE) -> Forecast:
    """Every event until no order waits any more, and one at least; none once wound down."""
    return _until(market, now, price, gas, 0)


def quote(market: Market, now: Timestamp, order: Order, price: Wad, gas: Gas = FREE) -> Quote:
    """
    What an order placed now comes to. Refused as the order would be if its owner placed it: what
    it is paid with must be there, but for collateral in a wallet, of which a market knows nothing.
    """
    epoch = market.epoch_joined(now)
    placed = orders.place(market, Call(order.owner, now), order).market
    forecast = _until(placed, now, price, gas, epoch)
    before = [placed, *(step.market for step in forecast.steps)][-2]
    event, then = forecast.events[-1], settled(before, forecast.events[-1])
    batch = forecast.market.batches[epoch, order.kind]
    refunded = batch.paid_out == 0
    costs = (event.mint_fee_wad, market.terms.burn_fee_wad)
    receives = order.amount if refunded else rates.payout(order.amount, *batch)
    return Quote(
        epoch=epoch,
        executes_at=executes_at(market, epoch),
        cutoff_at=cutoff_at(market, epoch),
        pays=order.amount,
        receives=receives,
        refunded=refunded,
        fee_assets=0 if refunded else order_fee(order.kind, order.amount, then, costs),
        rate_now=_rate(market, market.pool, order.kind),
        rate_then=_rate(market, then, order.kind),
        slippage_wad=0 if refunded else _slippage(market.pool, order, receives),
        forecast=forecast,
    )


def _moments(market: Market, now: Timestamp) -> Iterator[Timestamp]:
    """
    When an event may happen: now; a second after the next grid point; a second after the one at
    which an event is due whatever a trigger says, which is the last of two where the longest wait
    is no whole number of intervals.
    """
    yield now
    upcoming = schedule.latest_passed(now, market.terms.interval_s) + 1
    for epoch in (upcoming, market.due_epoch, market.due_epoch + 1):
        yield max(now, executes_at(market, epoch) + 1)


def _until(market: Market, now: Timestamp, price: Wad, gas: Gas, epoch: Epoch) -> Forecast:
    """Events until `epoch` is closed; all that wait where it is 0."""
    steps: list[Step] = []
    while not steps or (market.last_epoch < epoch if epoch else market.waiting):
        step = next_event(market, now, price, gas)
        if step is None:
            break
        steps.append(step)
        market = step.market
        now = max(now, executes_at(market, market.last_epoch) + 1)
    return Forecast(tuple(steps), market)


def _rate(market: Market, pool: Pool, kind: int) -> Wad:
    """Price of one whole token of an order's side."""
    side = kind % 2
    return rates.price_wad(pool.balances[side], pool.supplies[side], market.terms.asset_scale)


def _slippage(pool: Pool, order: Order, receives: int) -> int:
    """The part lost against the rates of `pool`; 0 where the order is worth nothing at them."""
    side = (order.kind + 1) % 2 if order.kind >= LONG_FLIP else order.kind % 2
    ideal = order_worth(order.kind, order.amount, pool)
    if not LONG_BURN <= order.kind < LONG_FLIP:
        ideal = rates.tokens_for_assets(ideal, pool.balances[side], pool.supplies[side])
    return -((receives - ideal) * WAD // ideal) if ideal else 0
