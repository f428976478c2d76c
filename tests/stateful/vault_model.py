"""Vaults beside a market and everything around it, by the specification alone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NamedTuple

from perpools.spec import checks, errors, events, side_vault, vault_claims
from perpools.spec.errors import Rejected
from perpools.spec.events import Event
from perpools.spec.pool import LIMIT
from perpools.spec.side_vault import Asked, VaultStep
from perpools.spec.state import MARKET, Call, Market
from perpools.spec.vault_claims import Claim
from perpools.spec.vault_events import VaultEvent
from perpools.spec.vault_invariants import vault_broken
from perpools.spec.vault_state import DEPOSIT, REDEEM, Key, Vault
from tests.stateful.model import Model
from tests.stateful.operations import collateral_flow, flows
from tests.stateful.surroundings import Flow, Refused
from tests.stateful.vault_reach import situations
from tests.strategies import Setup

VAULTS = {"long vault": 0, "short vault": 1}
"""Their accounts in the market, and their sides."""


class Demand(NamedTuple):
    """Who asks which vault for what."""

    vault: str
    name: str
    arguments: tuple[Any, ...]
    sender: str


class Answer(NamedTuple):
    """What a demand comes to: new states, or the reason of its refusal."""

    vault: Vault
    market: Market
    events: tuple[Event | VaultEvent, ...] = ()
    collateral: tuple[Flow, ...] = ()
    refusal: str = ""


def _request(flow: int) -> Callable[..., VaultStep]:
    return lambda vault, market, call, amount, controller, owner: side_vault.request(
        vault, market, call, Asked(flow, amount, controller, owner)
    )


def _cancel(flow: int) -> Callable[..., VaultStep]:
    return lambda vault, market, call, epoch, controller: side_vault.cancel(
        vault, market, call, (flow, controller, epoch)
    )


def _claim_returned(flow: int) -> Callable[..., VaultStep]:
    return lambda vault, market, call, epoch, receiver, controller: side_vault.claim_returned(
        vault, market, call, (flow, controller, epoch), receiver
    )


def _claim(flow: int, *, by_due: bool) -> Callable[..., VaultStep]:
    return lambda vault, market, call, wanted, receiver, controller: vault_claims.claim(
        vault, market, call, Claim(flow, wanted, receiver, controller, by_due)
    )


TRANSITIONS: dict[str, Callable[..., VaultStep]] = {
    "requestDeposit": _request(DEPOSIT),
    "requestRedeem": _request(REDEEM),
    "cancelDepositRequest": _cancel(DEPOSIT),
    "cancelRedeemRequest": _cancel(REDEEM),
    "claimCancelDepositRequest": _claim_returned(DEPOSIT),
    "claimCancelRedeemRequest": _claim_returned(REDEEM),
    "deposit": _claim(DEPOSIT, by_due=False),
    "mint": _claim(DEPOSIT, by_due=True),
    "redeem": _claim(REDEEM, by_due=False),
    "withdraw": _claim(REDEEM, by_due=True),
    "skip_refunded": lambda vault, market, call, flow, controller: vault_claims.skip_refunded(
        vault, market, flow, controller
    ),
    "setOperator": lambda vault, market, call, operator, approved: side_vault.set_operator(
        vault, market, call, operator, approved=approved
    ),
}


class VaultModel(Model):
    """A model and its vaults."""

    vaults: Mapping[str, Vault] = {}

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.vaults = {name: Vault(name, side) for name, side in VAULTS.items()}
        self.seen: dict[str, set[Key]] = {name: set() for name in VAULTS}
        """Everything that was ever requested."""
        self.trusted: dict[str, set[tuple[str, str]]] = {name: set() for name in VAULTS}
        """Who appointed whom."""
        self.gifts = dict.fromkeys(VAULTS, 0)
        self.closed: set[tuple[str, str]] = set()
        """Who has not approved which vault."""

    def let(self, account: str, vault: str, *, approved: bool = True) -> None:
        """Approve a vault, for collateral and for its token, or no longer."""
        (self.closed.discard if approved else self.closed.add)((account, vault))

    def mint_coins(self, account: str, amount: int) -> None:
        super().mint_coins(account, amount)
        if account in VAULTS:
            self.gifts[account] += amount
            self.reached["a gift to a vault"] += 1

    @contextmanager
    def what_if(self) -> Iterator[None]:
        kept = deepcopy((self.seen, self.trusted, self.gifts, self.closed))
        vaults = self.vaults
        with super().what_if():
            yield
        self.vaults = vaults
        self.seen, self.trusted, self.gifts, self.closed = kept

    def ask(
        self, vault: str, name: str, *arguments: Any, sender: str
    ) -> tuple[Event | VaultEvent, ...] | None:
        """Demand something of a vault; None where it is refused, and then `refusal` says why."""
        demand = Demand(vault, name, arguments, sender)
        answer = self._answer(demand)
        self._demand(demand, answer)
        self.refusal = answer.refusal
        self.reached[answer.refusal or name] += 1
        if answer.refusal:
            return None
        self.reached.update(situations(self, demand, answer))
        self._take(demand, answer)
        return answer.events

    def _demand(self, demand: Demand, answer: Answer) -> None:
        """Do it for real, where there is anything real."""

    def _answer(self, demand: Demand) -> Answer:
        vault = self.vaults[demand.vault]
        try:
            return self._accepted_by(vault, demand)
        except (Rejected, Refused) as refusal:
            return Answer(vault, self.market, refusal=refusal.reason)

    def _accepted_by(self, vault: Vault, demand: Demand) -> Answer:
        paid = self._payment(vault, demand) if demand.name.startswith("request") else []
        call = Call(demand.sender, self.now)
        step = TRANSITIONS[demand.name](vault, self.market, call, *demand.arguments)
        found = paid + flows(collateral_flow(event) for event in step.events)
        coin = deepcopy(self.coin)
        for flow in found:
            if coin.received(flow) != flow.amount and flow.receiver == MARKET:
                raise errors.CollateralIsNotAsSent
            coin.move(flow)
        return Answer(step.vault, step.market, step.events, tuple(found))

    def _payment(self, vault: Vault, demand: Demand) -> list[Flow]:
        """What its owner pays a vault for a request, before the market is asked."""
        amount, _, owner = demand.arguments
        if not vault.allows(owner, demand.sender):
            raise errors.SenderIsNotAuthorised
        checks.check_amount(amount, LIMIT - 1)
        refuses = (owner, vault.address) in self.closed
        if demand.name == "requestRedeem":
            if refuses:
                raise errors.AllowanceIsTooLow
            return []
        if refuses:
            raise Refused("coin: allowance too low")
        paid = Flow(owner, vault.address, amount)
        self.coin.received(paid)
        return [paid]

    def _take(self, demand: Demand, answer: Answer) -> None:
        self.market = answer.market
        self.vaults = {**self.vaults, demand.vault: answer.vault}
        self.seen[demand.vault] |= {*answer.vault.requests, *answer.vault.returned}
        for flow in answer.collateral:
            self.coin.move(flow)
            self.donated += flow.amount if flow.receiver == flow.payer == MARKET else 0
            if flow.payer == MARKET and flow.receiver in VAULTS:
                self.gifts[flow.receiver] += flow.amount
        for event in answer.events:
            if isinstance(event, events.OperatorSet):
                self.trusted[demand.vault].add((event.controller, event.operator))
            else:
                self._remember(event)

    def _remember(self, event: Event) -> None:
        super()._remember(event)
        match event:
            case events.OrderPlaced(owner, controller) if (
                controller in VAULTS and owner != controller
            ):
                self.reached["an order for a vault by a stranger"] += 1

    def check(self) -> None:
        super().check()
        for name, vault in self.vaults.items():
            assert vault_broken(vault, self.market) == [], name
            assert self.coin.balances[name] >= self.gifts[name], name


__all__ = ["VAULTS", "Answer", "Demand", "VaultModel"]
