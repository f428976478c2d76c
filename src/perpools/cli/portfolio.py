"""`perpools portfolio`: what an account has, what it waits for, what it cost and earned."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from perpools.chain import order_plan
from perpools.chain.history import History
from perpools.chain.subject import SIDE_NAMES, Subject, checksummed
from perpools.cli import output
from perpools.cli.options import reading
from perpools.cli.session import NO_ACCOUNT, Session
from perpools.errors import ChainError, ConfigError
from perpools.spec import kinds
from perpools.spec.fixed_point import WAD
from perpools.spec.positions import Holding, Position
from perpools.spec.units import Address
from perpools.values import Name, Number, Share, coin

Owner = Annotated[
    str | None, typer.Argument(metavar="ADDRESS", help="Whose; your own if not given.")
]


@reading
def portfolio(session: Session, owner: Owner = None) -> None:
    """Show an account's positions, waiting orders, escrow and fees in the markets there are.

    For example: perpools portfolio --json

    Entry price and profit are reckoned from the market's logs, at average cost; where the node
    does not keep them, they are left out.
    """
    whose = checksummed(owner) if owner else session.viewer
    if whose is None:
        raise ConfigError(NO_ACCOUNT)
    found = [_facts(session, address, whose) for address in session.whereabouts.markets()]
    if session.as_json:
        output.print_json({"owner": whose, "markets": found})
        return
    shown = [facts for facts in found if _is_something(facts)]
    typer.echo(f"account {whose}\n" + ("" if shown else f"nothing in {len(found)} markets"))
    for facts in shown:
        _print(facts)


def _facts(session: Session, market: Address, owner: Address) -> dict[str, Any]:
    """One market's part."""
    subject = session.subject(market, owner)
    position = _position(session, subject, owner)
    due = subject.due(owner)
    return {
        "market": market,
        "name": subject.title,
        "unit": subject.seen.collateral_symbol,
        "wallet": _amounts(subject, subject.wallet(owner)),
        "to_claim": _amounts(subject, due[:3]),
        "tips": coin(due.tip) if due.tip else None,
        "waiting": list(_waiting(subject, owner)),
        "fees": [one.facts for one in subject.fee_accounts if owner in (one.account, one.proposed)],
        "sides": [_side(subject, owner, side, position) for side in range(len(SIDE_NAMES))],
        **({} if position is None else _result(subject, position)),
    }


def _position(session: Session, subject: Subject, owner: Address) -> Position | None:
    """What the logs say it cost; None where the node does not keep them."""
    try:
        return _history(session, subject.address).position(owner)
    except ChainError as unknown:
        output.note(f"perpools: no entry price and profit: {unknown}")
        return None


def _history(session: Session, market: Address) -> History:
    """No factory is needed: what one announced is compared with the market itself."""
    return History(session.node, market, first_block=session.whereabouts.first_block)


def _amounts(subject: Subject, amounts: tuple[int, ...]) -> dict[str, Any]:
    names = ("assets", "long_tokens", "short_tokens")
    return {name: subject.item(item, amounts[item]) for item, name in enumerate(names)}


def _waiting(subject: Subject, owner: Address) -> Iterator[dict[str, Any]]:
    """Orders not executed yet, in the order of their execution."""
    for (who, epoch, kind), amount in sorted(subject.market.orders.items()):
        if who == owner and amount and subject.waits(epoch):
            yield {
                "order": order_plan.name(kind),
                "of": subject.item(kinds.item_in(kind), 0).symbol,
                "amount": subject.item(kinds.item_in(kind), amount),
                "epoch": Name(epoch),
                "executes_at": subject.moment(epoch),
                "can_be_cancelled_until": subject.cutoff(epoch),
            }


def _side(subject: Subject, owner: Address, side: int, position: Position | None) -> dict[str, Any]:
    """All tokens of a side, wherever they are."""
    holding = None if position is None else (position.long, position.short)[side]
    held = subject.wallet(owner)[1 + side] + subject.due(owner)[1 + side]
    tokens = held if holding is None else holding.tokens
    facts = {
        "side": SIDE_NAMES[side],
        "tokens": subject.tokens(side, tokens),
        "price": subject.token_price(side),
        "worth": subject.assets(subject.worth(side, tokens)),
    }
    return facts if holding is None else {**facts, **_profit(subject, holding)}


def _profit(subject: Subject, holding: Holding) -> dict[str, Any]:
    cost = holding.cost_assets
    return {
        "entry_price": Number(holding.entry_price_wad) if holding.tokens else None,
        "cost": subject.assets(cost),
        "unrealised": subject.assets(holding.unrealised),
        "unrealised_share": Share(holding.unrealised * WAD // cost, signed=True) if cost else None,
        "realised": subject.assets(holding.realised),
    }


def _result(subject: Subject, position: Position) -> dict[str, Any]:
    amounts = {
        "paid_in": position.paid_in,
        "taken_out": position.taken_out,
        "worth": position.worth,
        "profit": position.profit,
        "of_it_earned_as_keeper": position.earned,
        "fees_paid": position.fees,
    }
    return {name: subject.assets(amount) for name, amount in amounts.items()}


def _is_something(facts: dict[str, Any]) -> bool:
    """Whether the account has, or ever had, anything to do with a market."""
    amounts = [*facts["to_claim"].values(), *(side["tokens"] for side in facts["sides"])]
    amounts += [facts["paid_in"]] if "paid_in" in facts else []
    return bool(facts["waiting"] or any(a.units for a in amounts) or _earned(facts))


def _earned(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Management fees that the account is owed, or may have to accept."""
    return [fee for fee in facts["fees"] if fee["owed"].units or fee["proposed"]]


def _print(facts: dict[str, Any]) -> None:
    """Tables, the narrowest that say it."""
    shown = ("wallet", "to_claim", "tips", "paid_in", "taken_out", "worth", "profit")
    lines = {name: _line(facts[name]) for name in shown if facts.get(name) is not None}
    output.print_facts(lines, f"{facts['name']}  {facts['market']}")
    held = [side for side in facts["sides"] if side["tokens"].units]
    if held:
        columns = ("side", "tokens", "entry_price", "price", "worth", "unrealised")
        output.print_rows(held, f"Tokens, wherever they are; in {facts['unit']}", columns)
    if facts["waiting"]:
        waiting = ("executes_at", "order", "of", "amount")
        output.print_rows(facts["waiting"], "Waiting orders", waiting, left=3)
    if earned := _earned(facts):
        title = f"Management fees, in {facts['unit']}"
        output.print_rows(earned, title, ("recipient", "account", "owed"), left=2)


def _line(value: Any) -> str:
    """One cell; of several amounts those that are something."""
    if not isinstance(value, dict):
        return output.as_text(value)
    return ", ".join(amount.text for amount in value.values() if amount.units) or "-"
