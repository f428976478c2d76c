"""Every operation of a market: its arguments, what it does, whose money moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from perpools.spec import errors, escrow, events, orders, pairs, rebalancing, roles, wind_down
from perpools.spec import tokens as token
from perpools.spec.events import Event
from perpools.spec.kinds import ASSETS, LONG_BURN
from perpools.spec.state import MARKET, Call, Step
from tests.stateful.surroundings import Flow

if TYPE_CHECKING:
    from tests.stateful.model import Model

SENDER = "sender"
LATEST = 2**256 - 1

PARAMETERS: dict[str, dict[str, Any]] = {
    "place_order": {
        "kind": ...,
        "amount": ...,
        "from_escrow": 0,
        "owner": SENDER,
        "controller": SENDER,
        "last_epoch": LATEST,
    },
    "cancel_order": {"epoch": ..., "kind": ..., "controller": SENDER},
    "rebalance": {"hint": 0, "keeper": SENDER},
    "claim": {"owner": SENDER},
    "withdraw": {"item": ..., "amount": ..., "owner": SENDER, "receiver": SENDER},
    "mint_pair": {"assets": ...},
    "redeem_pair": {"long_tokens": ...},
    "wind_down": {},
    "redeem": {"side": ..., "amount": ...},
    "pay_fees": {"which": ...},
    "propose_recipient": {"which": ..., "proposed": ...},
    "accept_recipient": {"which": ...},
    "setOperator": {"operator": ..., "approved": ...},
    "transfer": {"side": ..., "receiver": ..., "tokens": ...},
}
"""Parameters in the contract's order and their defaults; `transfer` is the tokens' own."""

TOO_LITTLE_GAS = 500_000
"""Less than an operation needs that must leave a feed enough."""


class Operation(NamedTuple):
    """Who asks for what, with which arguments, and what comes with it."""

    name: str
    arguments: dict[str, Any]
    sender: str
    value: int = 0
    gas: int | None = None


def operation(name: str, given: tuple[Any, ...], sender: str, options: dict[str, Any]) -> Operation:
    """An operation with its defaults filled in."""
    extra = {key: options.pop(key) for key in ("value", "gas") if key in options}
    named = dict(zip(PARAMETERS[name], given, strict=False)) | options
    filled = {key: named.get(key, default) for key, default in PARAMETERS[name].items()}
    arguments = {key: sender if value == SENDER else value for key, value in filled.items()}
    assert ... not in arguments.values(), name
    assert named.keys() <= arguments.keys(), name
    return Operation(name, arguments, sender, **extra)


def _place(model: "Model", call: Call, **given: Any) -> Step:
    return orders.place(model.market, call, orders.Order(**given))


def _rebalance(model: "Model", call: Call, hint: int, keeper: str) -> Step:
    paid = call._replace(sender=keeper)
    return rebalancing.rebalance(model.market, paid, replace(model.feed, said=hint), model.gas)


def _withdraw(
    model: "Model", call: Call, item: int, amount: int, owner: str, receiver: str
) -> Step:
    return escrow.withdraw(model.market, call, item, amount, (owner, receiver))


def _wind_down(model: "Model", call: Call) -> Step:
    try:
        return wind_down.wind_down(model.market, call, feed_alive=True)
    except errors.FeedIsAlive:
        if model.starved:
            raise errors.TooLittleGas from None
        return wind_down.wind_down(model.market, call, feed_alive=model.feed.price_now != 0)


def _set_operator(model: "Model", call: Call, operator: str, approved: bool) -> Step:
    return roles.set_operator(model.market, call, operator, approved=approved)


TRANSITIONS: dict[str, Callable[..., Step]] = {
    "place_order": _place,
    "cancel_order": lambda m, call, **a: orders.cancel(m.market, call, **a),
    "rebalance": _rebalance,
    "claim": lambda m, call, owner: escrow.claim(m.market, call, owner),
    "withdraw": _withdraw,
    "mint_pair": lambda m, call, assets: pairs.mint(m.market, call, assets),
    "redeem_pair": lambda m, call, long_tokens: pairs.redeem(m.market, call, long_tokens),
    "wind_down": _wind_down,
    "redeem": lambda m, call, side, amount: wind_down.redeem(m.market, call, side, amount),
    "pay_fees": lambda m, call, which: roles.pay_fees(m.market, which),
    "propose_recipient": lambda m, call, **a: roles.propose_recipient(m.market, call, **a),
    "accept_recipient": lambda m, call, which: roles.accept_recipient(m.market, call, which),
    "setOperator": _set_operator,
    "transfer": lambda m, call, side, receiver, tokens: Step(
        token.transfer(m.market, side, call.sender, receiver, tokens)
    ),
}


def collateral_flow(event: Event) -> Flow | None:
    """The collateral that moves when this happens."""
    match event:
        case events.OrderPlaced() if event.kind < LONG_BURN:
            return Flow(event.owner, MARKET, event.amount - event.from_escrow)
        case events.PairMinted():
            return Flow(event.owner, MARKET, event.long_assets + event.short_assets)
        case events.PairRedeemed():
            return Flow(MARKET, event.owner, event.long_assets + event.short_assets)
        case events.Claimed() | events.Redeemed():
            return Flow(MARKET, event.owner, event.assets)
        case events.FeesPaid():
            return Flow(MARKET, event.recipient, event.assets)
        case events.Withdrawn() if event.item == ASSETS:
            return Flow(MARKET, event.receiver, event.amount)
    return None


def native_flow(event: Event, sender: str) -> Flow | None:
    """The native coin that moves when this happens."""
    match event:
        case events.OrderPlaced():
            return Flow(sender, MARKET, event.tip)
        case events.OrderCancelled() | events.Claimed():
            return Flow(MARKET, sender, event.tip)
    return None


def flows(found: Iterator[Flow | None]) -> list[Flow]:
    """Those of them that move anything."""
    return [flow for flow in found if flow is not None and flow.amount]
