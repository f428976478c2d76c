"""
Each side of a market as an asynchronous vault (R17). Mirrors `contracts/SideVault.vy`.

A request becomes an order of the vault: owner and controller of it is the vault, the request's id
is the epoch it joins, and the vault keeps who requested what. A request receives
`floor(request * batch_out / batch_in)`, the vault `floor(orders * batch_out / batch_in)` for all
its orders: the floors of parts never add up to more than the floor of the whole. Here is how
requests are made and taken back; how they are claimed is in `vault_claims`.
"""

from typing import NamedTuple

from . import checks, errors, escrow, orders, tokens
from . import vault_events as told
from .events import Event, OperatorSet, OrderCancelled
from .pool import LIMIT
from .state import Call, Market, replace
from .units import Address
from .vault_events import VaultEvent
from .vault_state import DEPOSIT, REDEEM, Key, Request, Vault, recoverable, refunded


class Asked(NamedTuple):
    """What is requested: `owner` pays and has approved the vault, `controller` owns the request."""

    flow: int
    amount: int
    controller: Address
    owner: Address


class VaultStep(NamedTuple):
    """The vault and its market after an operation, and the events of both that tell of it."""

    vault: Vault
    market: Market
    events: tuple[Event | VaultEvent, ...] = ()


def set_operator(
    vault: Vault, market: Market, call: Call, operator: Address, *, approved: bool
) -> VaultStep:
    """Let `operator` act for the caller in this vault, or no longer."""
    pair = {(call.sender, operator)}
    operators = vault.operators | pair if approved else vault.operators - pair
    event = OperatorSet(call.sender, operator, approved)
    return VaultStep(replace(vault, operators=operators), market, (event,))


def request(vault: Vault, market: Market, call: Call, asked: Asked) -> VaultStep:
    """Ask to enter with collateral, or to leave with tokens, at the rate of the epoch it joins."""
    flow, amount, controller, owner = asked
    if not vault.allows(owner, call.sender):
        raise errors.SenderIsNotAuthorised
    checks.check_amount(amount, LIMIT - 1)

    if flow == REDEEM:
        market = tokens.transfer(market, vault.side, owner, vault.address, amount)
    order = orders.Order(vault.kind(flow), amount, vault.address, vault.address)
    step = orders.place(market, as_vault(vault, call), order)
    epoch = market.epoch_joined(call.now)
    before = vault.amount(flow, controller, epoch)
    requests = {**vault.requests, (flow, controller, epoch): Request(before + amount)}

    tell = told.DepositRequest if flow == DEPOSIT else told.RedeemRequest
    event = tell(controller, owner, epoch, call.sender, amount)
    return VaultStep(replace(vault, requests=requests), step.market, (*step.events, event))


def cancel(vault: Vault, market: Market, call: Call, key: Key) -> VaultStep:
    """
    Take a whole request back, as long as the same one made now would join its epoch. The market
    gives back all orders of the vault; what others requested is ordered again at once.
    """
    flow, controller, epoch = key
    if not vault.allows(controller, call.sender):
        raise errors.SenderIsNotAuthorised
    amount = vault.amount(flow, controller, epoch)
    if amount == 0:
        raise errors.RequestIsUnknown

    kind, vault_call = vault.kind(flow), as_vault(vault, call)
    step = orders.cancel(market, vault_call, epoch, kind, vault.address)
    happened: list[Event | VaultEvent] = list(step.events)
    [cancelled] = step.events
    assert isinstance(cancelled, OrderCancelled)
    if others := cancelled.amount - amount:
        again = orders.Order(kind, others, vault.address, vault.address, from_escrow=others)
        step = orders.place(step.market, vault_call, again)
        happened += step.events
    vault = vault.with_returned(key)
    tell = told.CancelDepositRequest if flow == DEPOSIT else told.CancelRedeemRequest
    return VaultStep(vault, step.market, (*happened, tell(controller, epoch, call.sender)))


def claim_returned(
    vault: Vault, market: Market, call: Call, key: Key, receiver: Address
) -> VaultStep:
    """
    Receive what a request had paid that was taken back, or whose batch the market refunded or
    will never execute (R12, R13).
    """
    flow, controller, epoch = key
    if not vault.allows(controller, call.sender):
        raise errors.SenderIsNotAuthorised
    amount = recoverable(vault, market, flow, epoch, controller)
    if amount == 0:
        raise errors.NothingToClaim

    if refunded(vault, market, flow, epoch, controller):
        vault = vault.without(key)
    vault = replace(vault, returned={k: left for k, left in vault.returned.items() if k != key})
    market, paid = pay(vault, market, call, (vault.item_in(flow), amount), receiver)
    tell = told.CancelDepositClaim if flow == DEPOSIT else told.CancelRedeemClaim
    event = tell(controller, receiver, epoch, call.sender, amount)
    return VaultStep(vault, market, (*paid, event))


def pay(
    vault: Vault, market: Market, call: Call, due: tuple[int, int], receiver: Address
) -> tuple[Market, tuple[Event, ...]]:
    """Send an item that the market holds for the vault, and so much of it, straight on."""
    item, amount = due
    if amount == 0:
        return market, ()
    parties = (vault.address, receiver)
    step = escrow.withdraw(market, as_vault(vault, call), item, amount, parties)
    return step.market, step.events


def as_vault(vault: Vault, call: Call) -> Call:
    """The call that the vault makes in turn."""
    return call._replace(sender=vault.address, tip=0)
