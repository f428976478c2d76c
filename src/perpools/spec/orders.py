"""
Orders: placed into the one epoch their moment decides, cancelled while that epoch is open (R3,
R4).
"""

from typing import NamedTuple

from . import checks, errors, escrow, kinds, schedule, tokens
from .events import OrderCancelled, OrderPlaced
from .kinds import KINDS, LONG_BURN
from .pool import LIMIT
from .state import MARKET, Batch, Call, Market, Step, replace
from .units import Address, Epoch


class Order(NamedTuple):
    """What is ordered. `owner` pays, `controller` owns the order and what comes of it."""

    kind: int
    amount: int
    """Collateral to mint with, or tokens to burn or flip."""
    owner: Address
    controller: Address
    from_escrow: int = 0
    """
    The part of the amount that is paid from what the market holds for `owner`; the rest comes
    from the wallet.
    """
    last_epoch: Epoch = 2**256 - 1
    """The latest epoch the order may join."""


def place(market: Market, call: Call, order: Order) -> Step:
    """Pay now, be executed as of the first grid point more than the front-running interval away."""
    epoch = market.epoch_joined(call.now)
    _check(market, call, order, epoch)

    if order.from_escrow:
        market = escrow.settle(market, order.owner)
        market = _spend(market, order)
    market = escrow.make_room(market, order.controller, epoch)
    market = _book(market, order, epoch, call.tip)
    market = _collect(market, call, order)

    placed = OrderPlaced(
        order.owner, order.controller, epoch, order.kind, order.amount, order.from_escrow, call.tip
    )
    return Step(market, (placed,))


def cancel(market: Market, call: Call, epoch: Epoch, kind: int, controller: Address) -> Step:
    """
    Take a whole order back into escrow; possible as long as the same order placed now would
    join its epoch.
    """
    if market.wound_down:
        raise errors.MarketIsWoundDown
    checks.check_kind(kind)
    if not market.allows(controller, call.sender):
        raise errors.SenderIsNotAuthorised
    if epoch != market.epoch_joined(call.now):
        raise errors.OrderIsLocked
    amount = market.orders.get((controller, epoch, kind), 0)
    if amount == 0:
        raise errors.OrderIsUnknown

    orders = {
        key: value for key, value in market.orders.items() if key != (controller, epoch, kind)
    }
    batch = market.batches[epoch, kind]
    batches = {**market.batches, (epoch, kind): Batch(batch.paid_in - amount)}
    market = replace(market, orders=orders, batches=batches)
    market = escrow.credit(market, controller, escrow.holding(kinds.item_in(kind), amount))
    market, tip = _return_tip(market, controller, epoch)

    return Step(market, (OrderCancelled(controller, epoch, kind, amount, tip),))


def _check(market: Market, call: Call, order: Order, epoch: Epoch) -> None:
    if market.wound_down:
        raise errors.MarketIsWoundDown
    checks.check_kind(order.kind)
    checks.check_amount(order.amount, LIMIT - 1)
    if order.from_escrow > order.amount:
        raise errors.EscrowExceedsAmount
    if not market.allows(order.owner, call.sender):
        raise errors.SenderIsNotAuthorised
    if call.tip and not market.allows(order.controller, call.sender):
        raise errors.TipNeedsController
    if epoch > order.last_epoch:
        raise errors.EpochIsLater
    if market.waiting and epoch - market.earliest_waiting >= schedule.WINDOW:
        raise errors.EpochIsTooFarBehind


def _spend(market: Market, order: Order) -> Market:
    item = kinds.item_in(order.kind)
    if order.from_escrow > market.escrow[order.owner][item]:
        raise errors.EscrowIsTooLow
    return escrow.credit(market, order.owner, escrow.holding(item, -order.from_escrow))


def _book(market: Market, order: Order, epoch: Epoch, tip: int) -> Market:
    key, batch = (
        (order.controller, epoch, order.kind),
        market.batches.get((epoch, order.kind), Batch()),
    )
    if batch.paid_in + order.amount >= LIMIT:
        raise errors.BatchIsFull
    earliest, waiting = schedule.join(market.earliest_waiting, market.waiting, epoch)
    tips = market.tips
    if tip:
        tips = {**tips, key[:2]: tips.get(key[:2], 0) + tip}
    return replace(
        market,
        earliest_waiting=earliest,
        waiting=waiting,
        batches={**market.batches, (epoch, order.kind): Batch(batch.paid_in + order.amount)},
        orders={**market.orders, key: market.orders.get(key, 0) + order.amount},
        tips=tips,
        tips_held=market.tips_held + tip,
    )


def _collect(market: Market, call: Call, order: Order) -> Market:
    """Take the wallet's part: collateral must arrive in full, tokens need no approval."""
    part = order.amount - order.from_escrow
    if order.kind < LONG_BURN:
        if call.received not in (None, part):
            raise errors.CollateralIsNotAsSent
        return replace(market, held=market.held + part)
    side = order.kind % 2
    return tokens.transfer(market, side, order.owner, MARKET, part)


def _return_tip(market: Market, controller: Address, epoch: Epoch) -> tuple[Market, int]:
    """Give back the tip for an epoch in which `controller` has no order any more."""
    if any((controller, epoch, kind) in market.orders for kind in KINDS):
        return market, 0
    tip = market.tips.get((controller, epoch), 0)
    tips = {key: value for key, value in market.tips.items() if key != (controller, epoch)}
    return replace(market, tips=tips, tips_held=market.tips_held - tip), tip
