"""What happened, in a line for people."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from perpools.chain import order_plan
from perpools.spec.kinds import ASSETS, LONG, LONG_TOKENS, SHORT, item_in
from perpools.spec.terms import NOBODY
from perpools.values import Amount, Number, coin, short
from perpools.web.sight import Sight

Fields = Mapping[str, Any]
Phrase = Callable[[Sight, Fields], str]


def phrase(sight: Sight, name: str, fields: Fields) -> str:
    """An event of the specification, by its name and fields."""
    return _PHRASES[name](sight, fields)


def amounts(sight: Sight, name: str, fields: Fields) -> Iterator[Amount]:
    """What it moved."""
    if name in ("OrderPlaced", "OrderCancelled"):
        yield sight.item(item_in(fields["kind"]), fields["amount"])
    elif name == "Withdrawn":
        yield sight.item(fields["item"], fields["amount"])
    elif name in ("Transfer", "Redeemed"):
        yield sight.tokens(fields["side"], fields["tokens"])
    for key in ("assets", "reward"):
        if key in fields:
            yield sight.assets(fields[key])
    if "long_assets" in fields:
        yield sight.assets(fields["long_assets"] + fields["short_assets"])
    for side, key in enumerate(("long_tokens", "short_tokens")):
        if key in fields:
            yield sight.tokens(side, fields[key])


def _ordered(sight: Sight, told: Fields) -> str:
    paid = sight.item(item_in(told["kind"]), told["amount"])
    tip = f", with a tip of {coin(told['tip']).text}" if told["tip"] else ""
    return f"ordered to {order_plan.name(told['kind'])} for {paid.text}{tip}"


def _cancelled(sight: Sight, told: Fields) -> str:
    back = sight.item(item_in(told["kind"]), told["amount"])
    return f"cancelled {order_plan.name(told['kind'])}: {back.text} back into escrow"


def _claimed(sight: Sight, told: Fields) -> str:
    items = (told["assets"], told["long_tokens"], told["short_tokens"])
    sent = [sight.item(item, units).text for item, units in enumerate(items) if units]
    return "claimed " + (", ".join(sent) or "nothing but tips")


def _withdrawn(sight: Sight, told: Fields) -> str:
    sent = sight.item(told["item"], told["amount"])
    return f"withdrew {sent.text} to {_who(told['receiver'])}"


def _pair(sight: Sight, told: Fields, verb: str) -> str:
    assets = sight.assets(told["long_assets"] + told["short_assets"])
    tokens = (
        sight.tokens(LONG, told["long_tokens"]).text,
        sight.tokens(SHORT, told["short_tokens"]).text,
    )
    return f"{verb} a pair: {assets.text} for {tokens[0]} and {tokens[1]}"


def _transferred(sight: Sight, told: Fields) -> str:
    sent = sight.item(LONG_TOKENS + told["side"], told["tokens"])
    return f"{sent.text} from {_who(told['sender'])} to {_who(told['receiver'])}"


def _rebalanced(sight: Sight, told: Fields) -> str:
    price, reward = Number(told["new_price"]).text, sight.assets(told["reward"]).text
    return f"epoch {told['epoch']} closed at {price}; its keeper was paid {reward}"


def _batch(sight: Sight, told: Fields) -> str:
    done = "executed" if told["paid_out"] else "refunded"
    return f"orders to {order_plan.name(told['kind'])} of epoch {told['epoch']} {done}"


def _redeemed(sight: Sight, told: Fields) -> str:
    given = sight.item(LONG_TOKENS + told["side"], told["tokens"])
    return f"redeemed {given.text} for {sight.item(ASSETS, told['assets']).text}"


def _operator(sight: Sight, told: Fields) -> str:
    verb = "appointed" if told["approved"] else "dismissed"
    return f"{_who(told['controller'])} {verb} {_who(told['operator'])} as an operator"


def _which(told: Fields) -> str:
    return ("primary", "secondary")[told["which"]]


def _fees(sight: Sight, told: Fields) -> str:
    return f"{_which(told)} fees paid: {sight.assets(told['assets']).text}"


def _who(account: str) -> str:
    if account == NOBODY:
        return "nobody"
    return short(account) if account.startswith("0x") else f"the {account}"


_PHRASES: Mapping[str, Phrase] = {
    "OrderPlaced": _ordered,
    "OrderCancelled": _cancelled,
    "BatchExecuted": _batch,
    "Rebalanced": _rebalanced,
    "Claimed": _claimed,
    "Withdrawn": _withdrawn,
    "PairMinted": lambda sight, told: _pair(sight, told, "minted"),
    "PairRedeemed": lambda sight, told: _pair(sight, told, "redeemed"),
    "WoundDown": lambda _, told: f"wound down at the rates of epoch {told['epoch']}",
    "Redeemed": _redeemed,
    "OperatorSet": _operator,
    "FeesPaid": _fees,
    "RecipientProposed": lambda _, told: (
        f"{_who(told['proposed'])} proposed as {_which(told)} fee recipient"
    ),
    "RecipientChanged": lambda _, told: (
        f"{_who(told['recipient'])} became {_which(told)} fee recipient"
    ),
    "Transfer": _transferred,
}
