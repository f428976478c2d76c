"""Situations that a walk must have been in to prove anything about them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perpools.spec import errors, events, schedule
from perpools.spec.errors import market as market_errors
from perpools.spec.errors.base import Rejected
from perpools.spec.events import Event
from perpools.spec.keeper_reward import cap
from perpools.spec.kinds import KINDS, LONG_BURN, SIDES
from perpools.spec.pool import LIMIT, LOCKED
from perpools.spec.state import Market
from tests.stateful.operations import PARAMETERS, Operation
from tests.stateful.surroundings import CALLS_BACK, FEE, RECLAIMS, SAYS_NOTHING

if TYPE_CHECKING:
    from tests.stateful.model import Model, Outcome

DUST = 10
"""Base units: less than anything is worth."""
LONG_LATE = 10
"""Intervals without a keeper."""

SITUATIONS = frozenset(
    {
        "a batch of two orders",
        "a batch refunded",
        "an order joined late",
        "an order paid by an operator",
        "an order paid from escrow",
        "an order paid from escrow and wallet",
        "an order for somebody else",
        "a cancelled batch executed",
        "a tip returned",
        "a tip kept by another order",
        "a whole exit",
        "a side of dust",
        "a side of locked tokens only",
        "a price leap up",
        "a price leap down",
        "a keeper much too late",
        "merged grid points",
        "two epochs waiting",
        "the longest wait",
        "trigger met",
        "both fees accrued",
        "mint fee up",
        "mint fee down",
        "keeper paid",
        "keeper capped",
        "keeper unpaid",
        "claimed by a stranger",
        "claimed by an operator",
        "claimed after wind-down",
        "more than a window of epochs joined",
        "withdrawn to another",
        "withdrawn to the market",
        "a donation",
        "wound down with orders",
        "wound down against a live feed",
        "the last token redeemed",
        "the recipient changed",
        "a keeper paid into another's escrow",
        "ordered in the last second of an epoch",
        "ordered in the first second of an epoch",
        "cancelled in the last second of an epoch",
        "a batch refunded for its size",
        "the purse called back",
        "the coin called back",
        "the coin took a fee",
        "the coin said nothing",
    }
)

REASONS = {
    error.reason
    for error in vars(market_errors).values()
    if isinstance(error, type) and error is not Rejected
}
REASONS |= {errors.TokenBalanceIsTooLow.reason, errors.ReceiverIsZero.reason}
REASONS |= {errors.FeedIsSilent.reason, errors.HintIsWrong.reason}
REASONS |= {"coin: allowance too low", "coin: balance too low", "coin: blocked"}

OPERATIONS = {*PARAMETERS, *(f"kind {kind}" for kind in KINDS)}

EVERYTHING = OPERATIONS | REASONS | SITUATIONS


def situations(model: "Model", asked: Operation, outcome: "Outcome") -> Iterator[str]:
    """What an accepted operation, not yet adopted by the model, is or leads to."""
    for event in outcome.events:
        yield from of_event(model, asked, event, outcome.market)
    manners = {
        FEE: "the coin took a fee",
        SAYS_NOTHING: "the coin said nothing",
        CALLS_BACK: "the coin called back",
    }
    if model.purse == RECLAIMS and any(flow.receiver == "purse" for flow in outcome.native):
        yield "the purse called back"
    if outcome.collateral and model.coin.manner in manners:
        yield manners[model.coin.manner]


def of_event(model: "Model", asked: Operation, event: Event, after: Market) -> Iterator[str]:
    match event:
        case events.OrderPlaced():
            yield from of_order(model, asked, event)
        case events.OrderCancelled():
            if second_of_epoch(model) == -1:
                yield "cancelled in the last second of an epoch"
            if model.tipped.get((event.controller, event.epoch)):
                yield "a tip returned" if event.tip else "a tip kept by another order"
        case events.BatchExecuted():
            yield from of_batch(model, event, after)
        case events.Rebalanced():
            yield from of_rebalancing(model, asked, event, after)
        case events.Claimed() | events.Withdrawn():
            yield from of_payout(model, event)
        case _:
            yield from of_the_end(model, event, after)


def second_of_epoch(model: "Model") -> int:
    """How long orders have been joining the epoch they join now; -1 in the last second."""
    terms = model.setup.terms
    passed = (model.now + terms.front_running_interval_s) % terms.interval_s
    return -1 if passed == terms.interval_s - 1 else passed


def of_order(model: "Model", asked: Operation, event: events.OrderPlaced) -> Iterator[str]:
    yield f"kind {event.kind}"
    seconds = {-1: "last", 0: "first"}
    if second_of_epoch(model) in seconds:
        yield f"ordered in the {seconds[second_of_epoch(model)]} second of an epoch"
    if event.epoch > schedule.latest_passed(model.now, model.interval) + 1 and model.due:
        yield "an order joined late"
    if asked.sender != event.owner:
        yield "an order paid by an operator"
    if event.owner != event.controller:
        yield "an order for somebody else"
    if event.from_escrow:
        yield "an order paid from escrow" + (
            " and wallet" if event.from_escrow < event.amount else ""
        )
    if event.kind >= LONG_BURN and event.amount == model.held(event.owner, event.kind % 2):
        yield "a whole exit"
    joined = {epoch for owner, epoch, _ in model.market.orders if owner == event.controller}
    if joined and event.epoch - min(joined) >= schedule.WINDOW:
        yield "more than a window of epochs joined"
    if model.market.waiting and model.market.earliest_waiting != event.epoch:
        yield "two epochs waiting"


def of_batch(model: "Model", event: events.BatchExecuted, after: Market) -> Iterator[str]:
    batch = (event.epoch, event.kind)
    if sum(1 for key, amount in model.placed.items() if amount and key[1:] == batch) > 1:
        yield "a batch of two orders"
    if event.paid_out == 0:
        yield "a batch refunded"
        side = event.kind % 2
        supply, balance = after.pool.supplies[side], after.pool.balances[side]
        if event.kind < LONG_BURN and event.paid_in * supply // balance >= LIMIT:
            yield "a batch refunded for its size"


def of_rebalancing(
    model: "Model", asked: Operation, event: events.Rebalanced, after: Market
) -> Iterator[str]:
    before, terms = model.market, model.setup.terms
    if asked.sender != event.keeper:
        yield "a keeper paid into another's escrow"
    late = model.now - schedule.grid_point(event.epoch, terms.interval_s)
    if late > LONG_LATE * terms.interval_s:
        yield "a keeper much too late"
    with_orders = before.waiting and before.earliest_waiting == event.epoch
    paid_in = [batch.paid_in for key, batch in before.batches.items() if key[0] == event.epoch]
    if with_orders and not any(paid_in):
        yield "a cancelled batch executed"
    if not with_orders and event.epoch - before.last_epoch > 1:
        yield "merged grid points"
    if terms.trigger is not None and not with_orders:
        waited = (event.epoch - before.last_epoch) * terms.interval_s
        yield "the longest wait" if waited >= terms.max_interval_s else "trigger met"
    yield from of_money(event, before, after)


def of_money(event: events.Rebalanced, before: Market, after: Market) -> Iterator[str]:
    if event.new_price >= 50 * event.old_price:
        yield "a price leap up"
    if event.old_price >= 50 * event.new_price:
        yield "a price leap down"
    if min(after.pool.balances) <= DUST:
        yield "a side of dust"
    if LOCKED in after.pool.supplies:
        yield "a side of locked tokens only"
    if min(after.fees) > min(before.fees):
        yield "both fees accrued"
    if after.mint_fee_wad != before.mint_fee_wad:
        yield "mint fee up" if after.mint_fee_wad > before.mint_fee_wad else "mint fee down"
    if event.reward == 0:
        yield "keeper unpaid"
    else:
        most = cap(event.long_after + event.short_after + event.reward, before.terms.reward_cap_wad)
        yield "keeper capped" if event.reward >= most - 1 else "keeper paid"


def of_payout(model: "Model", event: Event) -> Iterator[str]:
    if isinstance(event, events.Withdrawn):
        if event.receiver not in (event.owner, "market"):
            yield "withdrawn to another"
        if event.receiver == "market":
            yield "withdrawn to the market"
        return
    assert isinstance(event, events.Claimed)
    if event.caller != event.owner:
        known = (event.owner, event.caller) in model.market.operators
        yield "claimed by an operator" if known else "claimed by a stranger"
    if model.market.wound_down:
        yield "claimed after wind-down"


def of_the_end(model: "Model", event: Event, after: Market) -> Iterator[str]:
    match event:
        case events.WoundDown():
            if model.market.waiting:
                yield "wound down with orders"
            if model.feed.price_now:
                yield "wound down against a live feed"
        case events.Redeemed():
            if all(after.pool.supplies[side] == LOCKED for side in SIDES):
                yield "the last token redeemed"
        case events.RecipientChanged():
            yield "the recipient changed"
