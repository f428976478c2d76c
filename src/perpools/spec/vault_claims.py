"""What came of a controller's requests of a vault, claimed from the oldest to the newest (R17)."""

from typing import NamedTuple

from . import errors, portions
from . import vault_events as told
from .side_vault import VaultStep, pay
from .state import Call, Market, replace
from .units import Address
from .vault_events import VaultEvent
from .vault_state import MOST, REDEEM, Request, Vault, batch, due_to


class Claim(NamedTuple):
    """What is claimed of the requests of `controller`, and who receives it."""

    flow: int
    wanted: int
    receiver: Address
    controller: Address
    by_due: bool = False
    """Whether `wanted` is meant in what is due: `mint` and `withdraw`."""


def claim(vault: Vault, market: Market, call: Call, claimed: Claim) -> VaultStep:
    """
    Receive what came of a controller's requests, oldest first: so much of what was given
    (`deposit`, `redeem`) or of what is due (`mint`, `withdraw`).
    """
    flow, wanted, receiver, controller, _ = claimed
    if not vault.allows(controller, call.sender):
        raise errors.SenderIsNotAuthorised
    if wanted == 0:
        raise errors.AmountIsZero
    vault, given, received = _consume(vault, market, claimed)

    market, paid = pay(vault, market, call, (vault.item_out(flow), received), receiver)
    event: VaultEvent = told.Deposit(controller, receiver, given, received)
    if flow == REDEEM:
        event = told.Withdraw(call.sender, receiver, controller, received, given)
    return VaultStep(vault, market, (*paid, event))


def skip_refunded(vault: Vault, market: Market, flow: int, controller: Address) -> VaultStep:
    """
    Take refunded requests in front of a controller's executed ones out of the way, as many as one
    claim looks at; anybody may. They stay claimable like requests that were taken back.
    """
    for epoch in vault.epochs(flow, controller)[:MOST]:
        done, closed = batch(vault, market, flow, epoch)
        if done.paid_out or not closed:
            break
        vault = vault.with_returned((flow, controller, epoch))
    return VaultStep(vault, market)


def _consume(vault: Vault, market: Market, claimed: Claim) -> tuple[Vault, int, int]:
    """
    The vault without what is claimed, and without refunded requests before it; what had been given
    for it, and what it receives.
    """
    flow, missing, _, controller, by_due = claimed
    given = received = 0
    portion = portions.by_due if by_due else portions.by_given
    for epoch in vault.epochs(flow, controller)[:MOST]:
        done, closed = batch(vault, market, flow, epoch)
        if missing == 0 or not closed:
            break
        key = (flow, controller, epoch)
        if not done.paid_out:
            vault = vault.with_returned(key)
            continue
        amount, due = vault.requests[key].amount, due_to(vault.requests[key], done)
        taken, paid = portion(amount, due, missing)
        vault = vault.without(key)
        if taken < amount:
            rest = {**vault.requests, key: Request(amount - taken, due - paid)}
            vault = replace(vault, requests=rest)
        given, received = given + taken, received + paid
        missing -= paid if by_due else taken
    if missing:
        raise errors.ClaimIsTooLarge
    return vault, given, received
