"""`perpools quote`: what an order would come to, without placing it."""

from dataclasses import replace
from typing import Annotated

import typer

from perpools import values
from perpools.chain import order_plan
from perpools.chain.order_plan import Action, Side
from perpools.chain.subject import Subject
from perpools.cli import output
from perpools.cli.options import reading
from perpools.cli.session import Session
from perpools.spec import kinds, tokens
from perpools.spec.kinds import ASSETS, LONG_TOKENS
from perpools.spec.orders import Order
from perpools.spec.terms import NOBODY

Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="Collateral to mint with, else tokens.")
]
Price = Annotated[
    str | None,
    typer.Option(metavar="PRICE", help="Of the moment it executes; the present if not given."),
]


@reading
def quote(
    session: Session,
    action: Annotated[Action, typer.Argument(help="What to do.")],
    side: Annotated[Side, typer.Argument(help="Of which side.")],
    amount: Amount,
    price: Price = None,
) -> None:
    """What an order would come to at a price: needs no account, and sends nothing.

    For example: perpools quote mint long 100 --price 2100

    Every order that waits is reckoned with, and the specification itself does the reckoning.
    """
    subject = session.subject()
    kind = order_plan.kind_of(action, side)
    units = values.parse(amount, subject.item(kinds.item_in(kind), 0).decimals, "amount")
    wad = values.parse(price, 18, "price") if price else None
    asker = _with_tokens(subject, kinds.item_in(kind), units)
    plan = order_plan.make(asker, Order(kind, units, NOBODY, NOBODY), price=wad)
    if session.as_json:
        output.print_json(plan.facts)
    else:
        output.print_facts(plan.facts, "quote")


def _with_tokens(subject: Subject, item: int, units: int) -> Subject:
    """The market as if whoever asks had what the order is paid with."""
    if item == ASSETS:
        return subject
    side = item - LONG_TOKENS
    held = tokens.credit(subject.market.holdings[side], NOBODY, units)
    lent = tokens.with_holdings(subject.market, side, held)
    return replace(subject, seen=subject.seen._replace(market=lent))
