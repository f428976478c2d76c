"""`perpools order`: mint, burn or flip at the next grid point that nobody can foresee."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from perpools import values
from perpools.chain import order_plan
from perpools.chain.market import ANY_EPOCH, Outcome
from perpools.chain.order_plan import Action, OrderPlan, Side
from perpools.chain.subject import Subject, checksummed
from perpools.cli.options import sending
from perpools.cli.payment import Payment
from perpools.cli.session import Session
from perpools.spec import kinds, orders, schedule
from perpools.spec.events import OrderPlaced
from perpools.spec.orders import Order
from perpools.spec.state import Call
from perpools.spec.units import Address, Epoch
from perpools.values import Moment, Name

Amount = Annotated[
    str, typer.Argument(metavar="AMOUNT", help="Collateral to mint with, else tokens; or all.")
]
FromEscrow = Annotated[
    str | None,
    typer.Option(
        metavar="AMOUNT", help="The part paid from what the market holds for you; or all."
    ),
]
Tip = Annotated[
    str | None,
    typer.Option(
        metavar="ETH", help="For whoever claims for you afterwards; comes back if you do."
    ),
]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ADDRESS",
        help="Who owns the order and what comes of it; who pays if not given.",
    ),
]
Payer = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Who pays, if it appointed you its operator; else you."),
]
LastEpoch = Annotated[
    int | None,
    typer.Option(metavar="EPOCH", help="Refuse the order if it joins a later epoch than this."),
]


@sending
def order(
    session: Session,
    action: Annotated[Action, typer.Argument(help="What to do.")],
    side: Annotated[Side, typer.Argument(help="Of which side.")],
    amount: Amount,
    from_escrow: FromEscrow = None,
    tip: Tip = None,
    payer: Payer = None,
    controller: For = None,
    last_epoch: LastEpoch = None,
) -> None:
    """Mint, burn or flip at the first grid point more than the front-running interval away.

    For example: perpools order mint long 100 --yes

    A mint pays collateral for tokens, a burn tokens for collateral, a flip tokens of one side for
    those of the other. What you get is decided by the price of the moment that you are shown;
    until shortly before it the order can be cancelled.
    """
    sender = session.sender
    owner = checksummed(payer) if payer else sender
    whose = checksummed(controller) if controller else owner
    subject = session.subject(None, owner, whose)
    kind = order_plan.kind_of(action, side)
    paid = _amounts(subject, owner, kind, (amount, from_escrow))
    latest = ANY_EPOCH if last_epoch is None else last_epoch
    placed = Order(kind, paid[0], owner, whose, paid[1], latest)
    sent = values.parse(tip, 18, "tip") if tip else 0
    payment = Payment(subject, owner, kinds.item_in(kind), paid[0] - paid[1])
    payment.check()
    plan = order_plan.make(subject, placed, tip=sent)
    orders.place(subject.market, Call(sender, subject.now, sent), placed)
    payment.check_approval(sender)
    facts = {**plan.facts, **_others(sender, placed)}
    session.agree("order", facts, [*_remarks(plan), *payment.remarks])
    outcomes = _place(session, plan, payment, _limit(session, plan))
    session.report("ordered", facts, {**_joined(plan, outcomes), **subject.told(*outcomes)})


def _amounts(
    subject: Subject, owner: Address, kind: int, texts: tuple[str, str | None]
) -> tuple[int, int]:
    """The whole amount, and the part of it that is paid from escrow."""
    item = kinds.item_in(kind)
    due = subject.due(owner)[item]
    part = 0
    if texts[1]:
        part = order_plan.amount_of(subject, item, texts[1], due, "from-escrow")
    available = subject.wallet(owner)[item] + part
    return order_plan.amount_of(subject, item, texts[0], available), part


def _others(sender: Address, order: Order) -> dict[str, Address]:
    """Whom it concerns beside who sends it."""
    roles = {"payer": order.owner, "owner": order.controller}
    return {role: account for role, account in roles.items() if account != sender}


def _remarks(plan: OrderPlan) -> list[str]:
    remarks = ["what it receives depends on the price then, which nobody knows yet"]
    if plan.subject.feed is None:
        remarks.append("the feed gives no valid price now: reckoned at the last executed one")
    return remarks


def _joined(plan: OrderPlan, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The moment of an order that was mined later than was reckoned with, and so joined another."""
    subject, events = plan.subject, (event for done in outcomes for event in done.events)
    for epoch in (event.epoch for event in events if isinstance(event, OrderPlaced)):
        if epoch != plan.quote.epoch:
            executes_at = schedule.grid_point(epoch, subject.market.terms.interval_s)
            return {
                "epoch": Name(epoch),
                "executes_at": Moment(executes_at, subject.now),
                "can_be_cancelled_until": subject.cutoff(epoch),
            }
    return {}


def _limit(session: Session, plan: OrderPlan) -> Epoch:
    """Who agreed to a moment gets that moment or nothing; who said --yes saw none."""
    agreed = ANY_EPOCH if session.yes else plan.quote.epoch
    return min(agreed, plan.order.last_epoch)


def _place(session: Session, plan: OrderPlan, payment: Payment, last_epoch: Epoch) -> list[Outcome]:
    hand, sender = session.hand, session.sender
    with session.waiting("waiting for a block"):
        if payment.approve(hand) and session.dry_run:
            return []
        order = plan.order._replace(last_epoch=last_epoch)
        return [plan.subject.client(hand).place_order(order, sender=sender, tip=plan.tip)]
