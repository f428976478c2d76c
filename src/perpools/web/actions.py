"""What each action of a user sends, and whether the specification allows it now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from perpools.chain import feeds, order_plan
from perpools.chain.market import ANY_EPOCH
from perpools.chain.market import Market as Client
from perpools.chain.tokens import Token
from perpools.errors import ConfigError
from perpools.spec import errors, escrow, kinds, orders, pairs, roles, schedule, tokens, wind_down
from perpools.spec.kinds import LONG, SIDES
from perpools.spec.orders import Order
from perpools.spec.state import Market
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Epoch
from perpools.values import Moment, Name, coin, short
from perpools.web.asking import Asked


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that users do."""

    check: Callable[[Asked], object]
    """By the specification; raises what the market would refuse."""
    send: Callable[[Asked, Client], object]
    text: Callable[[Asked], str]
    gas: int
    """What it takes at most where nobody could estimate it."""
    pays: Callable[[Asked], int] = lambda _: 0
    """Collateral that it takes from a wallet."""
    payer: Callable[[Asked], Address] = lambda asked: asked.sender
    """Whose; an operator can spend another's, and cannot approve it."""


def order(asked: Asked) -> Order:
    """The order that is asked for."""
    latest = asked.arguments.get("last_epoch")
    return Order(
        kind=asked.number("kind"),
        amount=asked.number("amount"),
        owner=asked.account("owner", asked.sender),
        controller=asked.account("controller", asked.sender),
        from_escrow=asked.number("from_escrow", 0),
        last_epoch=ANY_EPOCH if latest is None else asked.number("last_epoch"),
    )


def _check_order(asked: Asked) -> None:
    call = asked.call._replace(tip=asked.number("tip", 0))
    orders.place(asked.sight.market, call, order(asked))


def _order_text(asked: Asked) -> str:
    placed, sight = order(asked), asked.sight
    paid = sight.item(kinds.item_in(placed.kind), placed.amount)
    tip = asked.number("tip", 0)
    added = f", with a tip of {coin(tip).text}" if tip else ""
    when = Moment(sight.moment(sight.joined).unix).text
    return f"order to {order_plan.name(placed.kind)} for {paid.text} at {when}{added}"


def _order_pays(asked: Asked) -> int:
    placed = order(asked)
    return placed.amount - placed.from_escrow if placed.kind in SIDES else 0


def _cancelled(asked: Asked) -> tuple[Epoch, int, Address]:
    return (
        asked.number("epoch"),
        asked.number("kind"),
        asked.account("controller", asked.sender),
    )


def _cancel_text(asked: Asked) -> str:
    epoch, kind, _ = _cancelled(asked)
    return f"cancel {order_plan.name(kind)} of epoch {Name(epoch).text}, back into escrow"


def _owner(asked: Asked) -> Address:
    return asked.account("owner", asked.sender)


def _claim_text(asked: Asked) -> str:
    owner = _owner(asked)
    due = asked.sight.due_amounts(owner).values()
    sent = ", ".join(amount.text for amount in due) or "tips"
    return f"claim {sent}" + ("" if owner == asked.sender else f" for {short(owner)}")


def _withdrawn(asked: Asked) -> tuple[int, int, tuple[Address, Address]]:
    parties = _owner(asked), asked.account("receiver", asked.sender)
    return asked.number("item"), asked.number("amount"), parties


def _withdraw_text(asked: Asked) -> str:
    item, amount, (_, receiver) = _withdrawn(asked)
    return f"send {asked.sight.item(item, amount).text} from escrow to {short(receiver)}"


def _redeem_pair_text(asked: Asked) -> str:
    tokens_ = asked.sight.tokens(LONG, asked.number("long_tokens"))
    return f"redeem a pair of {tokens_.text} and as large a part of the other side"


def _side(asked: Asked) -> int:
    side = asked.number("side")
    if side not in SIDES:
        raise errors.UnknownSide
    return side


def _held(asked: Asked, name: str) -> str:
    return asked.sight.tokens(_side(asked), asked.number(name)).text


def _check_wind_down(asked: Asked) -> None:
    alive = asked.sight.feed is not None
    wind_down.wind_down(asked.sight.market, asked.call, feed_alive=alive)


def due(market: Market, now: int) -> Epoch:
    """The epoch that an event would close now; refused where none is due."""
    if market.wound_down:
        raise errors.MarketIsWoundDown
    passed = schedule.latest_passed(now, market.terms.interval_s)
    epoch, _ = schedule.next_to_close(passed, market.earliest_waiting, market.waiting)
    if epoch <= market.last_epoch:
        raise errors.EventIsNotDue
    return epoch


def _rebalance(asked: Asked, client: Client) -> object:
    given = asked.arguments.get("hint")
    hint = _hint(asked) if given is None else asked.number("hint")
    return client.rebalance(hint, sender=asked.sender)


def _hint(asked: Asked) -> int:
    market, feed = asked.sight.market, asked.sight.fixed.contracts.feed
    point = schedule.grid_point(due(market, asked.sight.now), market.terms.interval_s)
    return feeds.hint(asked.node, feed, point)


def _check_transfer(asked: Asked) -> None:
    receiver = asked.account("receiver")
    if receiver == NOBODY:
        raise errors.ReceiverIsZero
    side, amount = _side(asked), asked.number("tokens")
    tokens.transfer(asked.sight.market, side, asked.sender, receiver, amount)


def _transfer(asked: Asked, client: Client) -> object:
    token = Token(client.contract.node, asked.sight.fixed.tokens[_side(asked)])
    return token.transfer(asked.account("receiver"), asked.number("tokens"), sender=asked.sender)


def _fees_text(asked: Asked) -> str:
    paid = asked.sight.fee_accounts[asked.number("which")]
    to = short(str(paid.account))
    return f"pay the {paid.name} recipient, {to}, its management fees of {paid.owed.text}"


def _heir(asked: Asked) -> Address:
    return asked.account("proposed", NOBODY)


def _propose_text(asked: Asked) -> str:
    one, heir = asked.sight.fee_accounts[asked.number("which")], _heir(asked)
    if heir == NOBODY:
        return f"let nobody take the place of the {one.name} recipient"
    return f"let {short(heir)} take the place of the {one.name} recipient, once it accepts"


def _accept_text(asked: Asked) -> str:
    one = asked.sight.fee_accounts[asked.number("which")]
    return f"become the {one.name} recipient in place of {short(str(one.account))}"


def _approve(asked: Asked, client: Client) -> object:
    token = Token(client.contract.node, asked.sight.fixed.contracts.collateral)
    return token.approve(client.address, asked.number("units"), sender=asked.sender)


def _operator(asked: Asked) -> bool:
    approved = asked.arguments.get("approved")
    if not isinstance(approved, bool):
        raise ConfigError("approved: write true or false")
    return approved


ACTIONS: Mapping[str, Action] = {
    "approve": Action(
        lambda asked: asked.number("units"),
        _approve,
        lambda a: f"let the market take {a.sight.assets(a.number('units')).text}, and no more",
        80_000,
    ),
    "order": Action(
        _check_order,
        lambda a, client: client.place_order(order(a), sender=a.sender, tip=a.number("tip", 0)),
        _order_text,
        260_000,
        _order_pays,
        lambda a: order(a).owner,
    ),
    "cancel": Action(
        lambda a: orders.cancel(a.sight.market, a.call, *_cancelled(a)),
        lambda a, client: client.cancel_order(*_cancelled(a), sender=a.sender),
        _cancel_text,
        160_000,
    ),
    "claim": Action(
        lambda a: escrow.claim(a.sight.market, a.call, _owner(a)),
        lambda a, client: client.claim(_owner(a), sender=a.sender),
        _claim_text,
        400_000,
    ),
    "withdraw": Action(
        lambda a: escrow.withdraw(a.sight.market, a.call, *_withdrawn(a)),
        lambda a, client: client.withdraw(*_withdrawn(a), sender=a.sender),
        _withdraw_text,
        400_000,
    ),
    "mint-pair": Action(
        lambda a: pairs.mint(a.sight.market, a.call, a.number("assets")),
        lambda a, client: client.mint_pair(a.number("assets"), sender=a.sender),
        lambda a: f"mint a pair for {a.sight.assets(a.number('assets')).text}",
        300_000,
        lambda a: a.number("assets"),
    ),
    "redeem-pair": Action(
        lambda a: pairs.redeem(a.sight.market, a.call, a.number("long_tokens")),
        lambda a, client: client.redeem_pair(a.number("long_tokens"), sender=a.sender),
        _redeem_pair_text,
        300_000,
    ),
    "set-operator": Action(
        lambda a: roles.set_operator(
            a.sight.market, a.call, a.account("operator"), approved=_operator(a)
        ),
        lambda a, client: client.set_operator(
            a.account("operator"), approved=_operator(a), sender=a.sender
        ),
        lambda a: (
            f"{'let' if _operator(a) else 'no longer let'} {short(a.account('operator'))} "
            "act for you in everything"
        ),
        80_000,
    ),
    "rebalance": Action(
        lambda a: due(a.sight.market, a.sight.now),
        _rebalance,
        lambda a: f"close epoch {due(a.sight.market, a.sight.now)}, and be paid for it",
        900_000,
    ),
    "pay-fees": Action(
        lambda a: roles.pay_fees(a.sight.market, a.number("which")),
        lambda a, client: client.pay_fees(a.number("which"), sender=a.sender),
        _fees_text,
        150_000,
    ),
    "propose-recipient": Action(
        lambda a: roles.propose_recipient(a.sight.market, a.call, a.number("which"), _heir(a)),
        lambda a, client: client.propose_recipient(a.number("which"), _heir(a), sender=a.sender),
        _propose_text,
        80_000,
    ),
    "accept-recipient": Action(
        lambda a: roles.accept_recipient(a.sight.market, a.call, a.number("which")),
        lambda a, client: client.accept_recipient(a.number("which"), sender=a.sender),
        _accept_text,
        80_000,
    ),
    "redeem": Action(
        lambda a: wind_down.redeem(a.sight.market, a.call, _side(a), a.number("tokens")),
        lambda a, client: client.redeem(_side(a), a.number("tokens"), sender=a.sender),
        lambda a: f"redeem {_held(a, 'tokens')}",
        200_000,
    ),
    "wind-down": Action(
        _check_wind_down,
        lambda a, client: client.wind_down(sender=a.sender),
        lambda _: "wind the market down: it stops for good, for everybody",
        300_000,
    ),
    "transfer": Action(
        _check_transfer,
        _transfer,
        lambda a: f"send {_held(a, 'tokens')} to {short(a.account('receiver'))}",
        100_000,
    ),
}
"""By the names that the API knows them by."""
