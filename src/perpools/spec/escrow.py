"""
Escrow and claims (R10): what was executed waits here until its owner takes it or orders with it.
"""

from . import checks, errors, kinds, rates, tokens
from .events import Claimed, Withdrawn
from .kinds import ITEMS, KINDS
from .pool import LIMIT
from .schedule import WINDOW
from .state import MARKET, Batch, Call, Escrow, Market, Step, replace
from .units import Address, Epoch


def holding(item: int, amount: int) -> Escrow:
    """An escrow that holds nothing but `amount` of one item."""
    return Escrow(**{Escrow._fields[item]: amount})


def claimable(market: Market, owner: Address) -> Escrow:
    """
    Everything that `owner` could take now: escrow, and the executed or refundable orders
    behind it.
    """
    return _due(market, owner, _settled_epochs(market, owner))


def settle(market: Market, owner: Address) -> Market:
    """
    Move what `owner`'s executed orders received into escrow; nothing that anybody owns
    changes.
    """
    return _settle(market, owner, _settled_epochs(market, owner))


def make_room(market: Market, owner: Address, epoch: Epoch) -> Market:
    """
    Let `owner` join `epoch`: what executed orders a window before it or more received moves
    into escrow, and must fit it.
    """
    old = {joined for joined in _settled_epochs(market, owner) if joined + WINDOW <= epoch}
    return credit(_settle(market, owner, old), owner, Escrow()) if old else market


def _due(market: Market, owner: Address, epochs: set[Epoch]) -> Escrow:
    total = market.escrow.get(owner, Escrow())
    for epoch in epochs:
        for kind in KINDS:
            total = total.plus(_proceeds(market, owner, epoch, kind))
        total = total.plus(Escrow(tip=market.tips.get((owner, epoch), 0)))
    return total


def _settle(market: Market, owner: Address, epochs: set[Epoch]) -> Market:
    total = _due(market, owner, epochs)
    orders = {
        k: amount for k, amount in market.orders.items() if k[0] != owner or k[1] not in epochs
    }
    tips = {k: tip for k, tip in market.tips.items() if k[0] != owner or k[1] not in epochs}
    return replace(market, orders=orders, tips=tips, escrow={**market.escrow, owner: total})


def credit(market: Market, owner: Address, amounts: Escrow) -> Market:
    """The market after `amounts` became `owner`'s."""
    total = market.escrow.get(owner, Escrow()).plus(amounts)
    if total.assets >= LIMIT:
        raise errors.EscrowIsFull
    return replace(market, escrow={**market.escrow, owner: total})


def claim(market: Market, call: Call, owner: Address) -> Step:
    """
    Send `owner` everything that is due; the tips go to whoever calls.

    The owner and its operators may always call, anybody else where an executed order was
    tipped for it.
    """
    due = claimable(market, owner)
    if not market.allows(owner, call.sender) and due.tip == 0:
        raise errors.ClaimIsNotTipped
    if due == Escrow():
        raise errors.NothingToClaim

    market = settle(market, owner)
    market = replace(
        market, escrow={**market.escrow, owner: Escrow()}, tips_held=market.tips_held - due.tip
    )
    for item in ITEMS:
        market = _pay_out(market, owner, item, due[item])
    return Step(market, (Claimed(owner, call.sender, *due),))


def withdraw(
    market: Market, call: Call, item: int, amount: int, parties: tuple[Address, Address]
) -> Step:
    """
    Send part of one thing that is due to an owner to a receiver of its choice; `parties` are
    both, in that order. The owner and its operators may call.
    """
    owner, receiver = parties
    if not market.allows(owner, call.sender):
        raise errors.SenderIsNotAuthorised
    if item not in ITEMS:
        raise errors.UnknownItem
    checks.check_amount(amount, LIMIT - 1)
    market = settle(market, owner)
    if amount > market.escrow[owner][item]:
        raise errors.EscrowIsTooLow

    market = credit(market, owner, holding(item, -amount))
    market = _pay_out(market, receiver, item, amount)
    return Step(market, (Withdrawn(owner, receiver, item, amount),))


def _settled_epochs(market: Market, owner: Address) -> set[Epoch]:
    """Epochs in which `owner` has orders that were executed, or never will be."""
    joined = {epoch for who, epoch, _ in market.orders if who == owner}
    return (
        joined if market.wound_down else {epoch for epoch in joined if epoch <= market.last_epoch}
    )


def _proceeds(market: Market, owner: Address, epoch: Epoch, kind: int) -> Escrow:
    """
    What one order received: its part of the batch, or itself where the batch is refunded
    (R12, R13).
    """
    amount = market.orders.get((owner, epoch, kind), 0)
    batch = market.batches.get((epoch, kind), Batch())
    if batch.paid_out == 0:
        return holding(kinds.item_in(kind), amount)
    return holding(kinds.item_out(kind), rates.payout(amount, batch.paid_in, batch.paid_out))


def _pay_out(market: Market, receiver: Address, item: int, amount: int) -> Market:
    if item == kinds.ASSETS:
        return replace(market, held=market.held - amount)
    return tokens.transfer(market, item - kinds.LONG_TOKENS, MARKET, receiver, amount)
