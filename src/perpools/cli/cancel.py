"""`perpools cancel`: take orders back while an identical one would still join the same epoch."""

from typing import Annotated

import typer

from perpools.chain import order_plan
from perpools.chain.market import Outcome
from perpools.chain.order_plan import ACTIONS, Action, Side
from perpools.chain.subject import SIDE_NAMES, Subject
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import Refused
from perpools.spec import kinds
from perpools.spec.kinds import KINDS
from perpools.spec.units import Address
from perpools.values import Name


@sending
def cancel(
    session: Session,
    action: Annotated[Action | None, typer.Argument(help="Only orders of this sort.")] = None,
    side: Annotated[Side | None, typer.Argument(help="Only orders of this side.")] = None,
) -> None:
    """Take orders back into escrow; possible until their cut-off, and never after it.

    For example: perpools cancel mint long --yes
    """
    owner, subject = session.sender, session.subject()
    epoch = subject.market.epoch_joined(subject.now)
    found = [kind for kind in _orders(subject, owner, epoch) if _is_meant(kind, action, side)]
    if not found:
        raise Refused(_nothing(subject, owner))
    amounts = {
        order_plan.name(kind).replace(" ", "_"): subject.item(
            kinds.item_in(kind), subject.market.orders[owner, epoch, kind]
        )
        for kind in found
    }
    plan = {"market": subject.title, "epoch": Name(epoch), **amounts}
    session.agree("cancel, back into escrow", plan)
    outcomes = _cancel(session, subject, epoch, found)
    session.report("cancelled", plan, subject.told(*outcomes))


def _orders(subject: Subject, owner: Address, epoch: int) -> list[int]:
    return [kind for kind in KINDS if subject.market.orders.get((owner, epoch, kind), 0)]


def _is_meant(kind: int, action: str | None, side: str | None) -> bool:
    return action in (None, ACTIONS[kind // 2]) and side in (None, SIDE_NAMES[kind % 2])


def _nothing(subject: Subject, owner: Address) -> str:
    waiting = [
        epoch for who, epoch, _ in subject.market.orders if who == owner and subject.waits(epoch)
    ]
    if not waiting:
        return "there is no such order"
    executes = subject.moment(min(waiting)).text
    return f"no such order can be cancelled any more; the next one executes at {executes}"


def _cancel(session: Session, subject: Subject, epoch: int, found: list[int]) -> list[Outcome]:
    client, owner = subject.client(session.hand), session.sender
    with session.waiting("waiting for a block"):
        return [client.cancel_order(epoch, kind, owner, sender=owner) for kind in found]
