"""Unsigned transactions for every action of a user: any wallet can sign them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from perpools import market_file
from perpools.chain.factory import Factory
from perpools.chain.market import SPARE_GAS
from perpools.chain.market import Market as Client
from perpools.chain.node import GAS_PRICE, Node, Transaction
from perpools.chain.rehearsal import Draft, Rehearsal
from perpools.chain.steps import Done, Opening, Plan
from perpools.chain.tokens import Token
from perpools.errors import ConfigError, StrangeAnswer
from perpools.spec.errors import CollateralIsRefused, Rejected
from perpools.spec.units import Address, Wei
from perpools.web import actions
from perpools.web.advice import Declined, declined
from perpools.web.asking import Asked, checksummed
from perpools.web.live import Live
from perpools.web.views.purse import Purse

Action = Literal[
    "approve",
    "order",
    "cancel",
    "claim",
    "withdraw",
    "mint-pair",
    "redeem-pair",
    "set-operator",
    "rebalance",
    "pay-fees",
    "propose-recipient",
    "accept-recipient",
    "redeem",
    "wind-down",
    "transfer",
]


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A transaction for a wallet to sign; `json` is what EIP-1193 wallets take."""

    chain_id: int
    sender: Address
    to: Address | None
    """None: it creates a contract."""
    data: bytes
    value: Wei
    gas: int
    text: str
    """What it does, for people."""

    @property
    def json(self) -> dict[str, str]:
        """As `eth_sendTransaction` takes it: hexadecimal quantities."""
        told = {"from": self.sender, "data": "0x" + self.data.hex()}
        numbers = {"chainId": self.chain_id, "value": self.value, "gas": self.gas}
        return told | ({"to": self.to} if self.to else {}) | {k: hex(v) for k, v in numbers.items()}


def prepare(
    live: Live, address: Address, action: Action, sender: Address, arguments: Mapping[str, Any]
) -> Unsigned:
    """
    The transaction of an action in a market. Arguments, all in base units:

        approve       units (collateral that the market may take; exactly so much)
        order         kind, amount, from_escrow=0, owner=sender (who pays), controller=sender,
                      tip=0 (wei), last_epoch=None
        cancel        epoch, kind, controller=sender
        claim         owner=sender
        withdraw      item (0 collateral, 1 long, 2 short), amount, receiver=sender, owner=sender
        mint-pair     assets
        redeem-pair   long_tokens
        set-operator  operator, approved
        rebalance     hint=None (found where not given)
        pay-fees      which (0 the primary, 1 the secondary recipient)
        propose-recipient  which, proposed=nobody (takes a proposal back)
        accept-recipient   which
        redeem        side (0 long, 1 short), tokens
        wind-down
        transfer      side (0 long, 1 short), receiver, tokens

    Whatever the contract would refuse is refused first: `Refused` with its reason. `ConfigError`
    for arguments that are none, `ChainError` where the node cannot be asked, `KeyError` for a
    market that the index does not know.
    """
    asked = _asked(live, address, sender, arguments)
    chosen = _checked(action, asked)
    written = _written(chosen, asked)
    with _declining():
        _try(live.node, written)
        gas = live.node.gas_for(written, GAS_PRICE)
    spare = SPARE_GAS if action == "rebalance" else 0
    # others, or an earlier one of these, may make it dearer; what is not used is not paid
    return _unsigned(live, written, max(gas + spare, chosen.gas), chosen.text(asked))


def needed(
    live: Live, address: Address, action: Action, sender: Address, arguments: Mapping[str, Any]
) -> list[Unsigned]:
    """
    The same with the approval of exactly what it needs before it, where the allowance is short:
    to be signed one after the other. The later ones are checked by the specification alone.
    """
    asked = _asked(live, address, sender, arguments)
    chosen = _checked(action, asked)
    with _declining():
        wanted = chosen.pays(asked)
    token = Token(live.node, asked.sight.fixed.contracts.collateral)
    payer = chosen.payer(asked)
    allowed = token.allowance(payer, address) if wanted else 0
    if allowed >= wanted:
        return [prepare(live, address, action, sender, arguments)]
    if payer != asked.sender:
        amount = asked.sight.assets(wanted).text
        told = f"{payer} has to approve the market to take {amount} first."
        raise Declined(CollateralIsRefused.reason, told)
    approvals = [
        prepare(live, address, "approve", sender, {"units": units})
        # some coins change an allowance only from and to nothing
        for units in ((0, wanted) if allowed else (wanted,))
    ]
    written = _written(chosen, asked)
    return [*approvals, _unsigned(live, written, chosen.gas, chosen.text(asked))]


def deployment(
    live: Live, factory: Address | None, market_toml: str, sender: Address
) -> list[Unsigned]:
    """
    The transactions that deploy a market from a market file, to be signed one after the other with
    nothing of the same account in between: where a later one needs what an earlier one creates, its
    address is reckoned ahead. Without a factory, that of the deployment the server knows.
    `ConfigError` names the key that cannot work; `Refused` what the sender lacks.
    """
    node, known = live.node, live.deployment
    at = factory or (known.factory if known else None)
    if at is None:
        raise ConfigError("factory: missing: name the one that is meant")
    sender = checksummed("sender", sender)
    transfers = known.transfers if known and known.factory == at else {}
    file = market_file.parse(market_toml)
    found = Factory(node, checksummed("factory", at))
    with _declining():
        plan = found.plan(file, sender, transfers=transfers)
    if plan.lacks:
        raise Declined("account: too poor", f"{plan.lacks[0][0].upper()}{plan.lacks[0][1:]}.")
    return list(_steps(live, plan, Draft.of(node, node.nonce(sender, pending=True))))


def _steps(live: Live, plan: Plan, draft: Draft) -> Iterator[Unsigned]:
    done: list[Done] = []
    for step in plan.steps:
        if isinstance(step, Opening):
            asked = step.arguments(done)
            data = step.factory.interface.function("deploy", asked).encode(asked)
            written = Transaction(plan.sender, step.factory.address, data)
        else:
            done.append(step.send(draft, done, plan.sender))
            written = draft.written[-1]
        yield _unsigned(live, written, step.gas, step.text)


def _asked(live: Live, address: Address, sender: Address, arguments: Mapping[str, Any]) -> Asked:
    return Asked(live.sight(address), checksummed("sender", sender), arguments, live.node)


def _checked(action: str, asked: Asked) -> actions.Action:
    """The action, if the specification and the wallet allow it."""
    chosen = actions.ACTIONS[action]
    with _declining():
        chosen.check(asked)
        units = chosen.pays(asked)
    if units:
        contracts = asked.sight.fixed.contracts
        payer = chosen.payer(asked)
        held = asked.sight.assets(Token(asked.node, contracts.collateral).balance(payer))
        lacks = Purse(held, None, None).lacks(units)
        if lacks:
            raise Declined(CollateralIsRefused.reason, lacks)
    return chosen


def _written(chosen: actions.Action, asked: Asked) -> Transaction:
    draft = Draft.of(asked.node)
    with _declining():
        chosen.send(asked, Client(draft, asked.sight.address))
    return draft.written[-1]


def _try(node: Node, written: Transaction) -> None:
    """On the chain as it is: a coin or a feed may refuse for a reason of its own."""
    try:
        Rehearsal.of(node).send(written)
    except StrangeAnswer as strange:
        told = str(strange)
        raise Declined(told, f"{told[0].upper()}{told[1:]}.") from None


def _unsigned(live: Live, written: Transaction, gas: int, text: str) -> Unsigned:
    told = written.sender, written.to, written.data, written.value
    return Unsigned(live.node.chain_id, *told, gas, text)


@contextmanager
def _declining() -> Iterator[None]:
    """What the specification or the contract refuses, as users are told of it."""
    try:
        yield
    except Rejected as refused:
        raise declined(refused) from None
