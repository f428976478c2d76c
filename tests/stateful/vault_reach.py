"""Situations that a walk among vaults must have been in to prove anything about them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perpools.spec import errors, events, vault_events
from perpools.spec.kinds import ITEMS
from perpools.spec.vault_invariants import surplus
from perpools.spec.vault_state import DEPOSIT, MOST, batch
from tests.stateful.surroundings import CALLS_BACK, SAYS_NOTHING

if TYPE_CHECKING:
    from tests.stateful.vault_model import Answer, Demand, VaultModel

OPERATIONS = {
    "requestDeposit",
    "requestRedeem",
    "cancelDepositRequest",
    "cancelRedeemRequest",
    "claimCancelDepositRequest",
    "claimCancelRedeemRequest",
    "deposit",
    "mint",
    "redeem",
    "withdraw",
    "skip_refunded",
    "setOperator",
}

REASONS = {
    error.reason
    for error in (
        errors.AllowanceIsTooLow,
        errors.AmountIsTooLarge,
        errors.AmountIsZero,
        errors.BatchIsFull,
        errors.ClaimIsTooLarge,
        errors.CollateralIsNotAsSent,
        errors.CollateralIsRefused,
        errors.EpochIsTooFarBehind,
        errors.EscrowIsFull,
        errors.MarketIsWoundDown,
        errors.NothingToClaim,
        errors.OrderIsLocked,
        errors.ReceiverIsZero,
        errors.RequestIsUnknown,
        errors.SenderIsNotAuthorised,
        errors.TokenBalanceIsTooLow,
    )
} | {"coin: allowance too low", "coin: balance too low", "coin: blocked"}

SITUATIONS = {
    "a request for another controller",
    "a request by an operator",
    "a request added to one of the same epoch",
    "a request made again after it was taken back",
    "requests of two controllers in one epoch",
    "requests of two epochs waiting",
    "more requests than one claim looks at",
    "taken back, others stay",
    "taken back, nobody else there",
    "taken back from between others",
    "a claim for another receiver",
    "a claim by an operator",
    "a claim of several requests",
    "a claim past a refunded request",
    "a whole request claimed",
    "a portion claimed by what was given",
    "a portion claimed by what is due",
    "the rest of a request claimed",
    "a request that receives nothing",
    "returned and claimed",
    "refunded and claimed",
    "refunded and claimed from between others",
    "refunded requests skipped",
    "refunded by a wound-down market",
    "claimed from a wound-down market",
    "an order for a vault by a stranger",
    "a gift to a vault",
    "more held than owed",
    "the coin said nothing",
    "the coin called back",
}

EVERYTHING = OPERATIONS | REASONS | SITUATIONS


def situations(model: "VaultModel", demand: "Demand", answer: "Answer") -> Iterator[str]:
    """What an accepted demand, not yet taken over by the model, is or leads to."""
    for event in answer.events:
        match event:
            case vault_events.DepositRequest() | vault_events.RedeemRequest():
                yield from of_request(model, demand, event)
            case vault_events.CancelDepositRequest() | vault_events.CancelRedeemRequest():
                yield from of_cancellation(model, demand, answer, event)
            case vault_events.CancelDepositClaim() | vault_events.CancelRedeemClaim():
                yield from of_recovery(model, demand, event)
            case vault_events.Deposit() | vault_events.Withdraw():
                yield from of_claim(model, demand, answer)
    if (
        demand.name == "skip_refunded"
        and answer.vault.returned != model.vaults[demand.vault].returned
    ):
        yield "refunded requests skipped"
    manners = {SAYS_NOTHING: "the coin said nothing", CALLS_BACK: "the coin called back"}
    if answer.collateral and model.coin.manner in manners:
        yield manners[model.coin.manner]
    if any(surplus(answer.vault, answer.market, item) > 0 for item in ITEMS):
        yield "more held than owed"


def of_request(
    model: "VaultModel",
    demand: "Demand",
    event: vault_events.DepositRequest | vault_events.RedeemRequest,
) -> Iterator[str]:
    vault = model.vaults[demand.vault]
    flow = int(isinstance(event, vault_events.RedeemRequest))
    key = (flow, event.controller, event.request_id)
    if event.controller != event.owner:
        yield "a request for another controller"
    if event.sender != event.owner:
        yield "a request by an operator"
    if key in vault.requests:
        yield "a request added to one of the same epoch"
    elif key in vault.returned:
        yield "a request made again after it was taken back"
    same_flow = [other for other in vault.requests if other[0] == flow]
    if any(other[2] == key[2] and other[1] != key[1] for other in same_flow):
        yield "requests of two controllers in one epoch"
    if any(model.market.last_epoch < other[2] < key[2] for other in same_flow):
        yield "requests of two epochs waiting"


def of_cancellation(
    model: "VaultModel",
    demand: "Demand",
    answer: "Answer",
    event: vault_events.CancelDepositRequest | vault_events.CancelRedeemRequest,
) -> Iterator[str]:
    placed = any(isinstance(other, events.OrderPlaced) for other in answer.events)
    yield "taken back, others stay" if placed else "taken back, nobody else there"
    flow = int(isinstance(event, vault_events.CancelRedeemRequest))
    if model.vaults[demand.vault].epochs(flow, event.controller)[0] < event.request_id:
        yield "taken back from between others"


def of_recovery(
    model: "VaultModel",
    demand: "Demand",
    event: vault_events.CancelDepositClaim | vault_events.CancelRedeemClaim,
) -> Iterator[str]:
    vault = model.vaults[demand.vault]
    flow = int(isinstance(event, vault_events.CancelRedeemClaim))
    key = (flow, event.controller, event.request_id)
    if key in vault.returned:
        yield "returned and claimed"
    if key in vault.requests:
        wound_down = event.request_id > model.market.last_epoch
        yield "refunded by a wound-down market" if wound_down else "refunded and claimed"
        queue = vault.epochs(flow, event.controller)
        if queue[0] < event.request_id < queue[-1]:
            yield "refunded and claimed from between others"


def of_claim(model: "VaultModel", demand: "Demand", answer: "Answer") -> Iterator[str]:
    _, receiver, controller = demand.arguments
    before, after = model.vaults[demand.vault], answer.vault
    flow = DEPOSIT if demand.name in ("deposit", "mint") else 1 - DEPOSIT
    queue = before.epochs(flow, controller)
    left = [epoch for epoch in queue if (flow, controller, epoch) not in after.requests]
    gone = [epoch for epoch in left if batch(before, model.market, flow, epoch)[0].paid_out]
    if receiver != controller:
        yield "a claim for another receiver"
    if demand.sender != controller:
        yield "a claim by an operator"
    if model.market.wound_down:
        yield "claimed from a wound-down market"
    if len(gone) > 1:
        yield "a claim of several requests"
    if len(queue) > MOST:
        yield "more requests than one claim looks at"
    if gone and any(
        not batch(before, model.market, flow, e)[0].paid_out for e in queue if e < gone[0]
    ):
        yield "a claim past a refunded request"
    if not any(isinstance(event, events.Withdrawn) for event in answer.events):
        yield "a request that receives nothing"
    yield from of_portions(model, demand, answer, gone)


def of_portions(
    model: "VaultModel", demand: "Demand", answer: "Answer", gone: list[int]
) -> Iterator[str]:
    _, _, controller = demand.arguments
    before, after = model.vaults[demand.vault], answer.vault
    flow = DEPOSIT if demand.name in ("deposit", "mint") else 1 - DEPOSIT
    for epoch in gone:
        rest = before.requests[flow, controller, epoch].rest
        yield "the rest of a request claimed" if rest else "a whole request claimed"
    for epoch in after.epochs(flow, controller):
        if after.requests[flow, controller, epoch] != before.requests[flow, controller, epoch]:
            by_due = demand.name in ("mint", "withdraw")
            yield f"a portion claimed by what {'is due' if by_due else 'was given'}"
