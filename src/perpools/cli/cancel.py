"""`perpools cancel`: take orders back while an identical one would still join the same epoch."""

from typing import Annotated

import typer

from perpools.chain import order_plan
from perpools.chain.order_plan import ACTIONS, Action, Side
from perpools.chain.subject import SIDE_NAMES, Subject, checksummed
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import Refused
from perpools.spec import kinds, orders
from perpools.spec.kinds import KINDS
from perpools.spec.state import Call
from perpools.spec.units import Address
from perpools.values import Name

For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ADDRESS",
        help="Whose orders, if it appointed you its operator; else yours.",
    ),
]


@sending
def cancel(
    session: Session,
    action: Annotated[Action | None, typer.Argument(help="Only orders of this sort.")] = None,
    side: Annotated[Side | None, typer.Argument(help="Only orders of this side.")] = None,
    controller: For = None,
) -> None:
    """Take orders back into escrow; possible until their cut-off, and never after it.

    For example: perpools cancel mint long --yes
    """
    sender = session.sender
    owner = checksummed(controller) if controller else sender
    subject = session.subject(None, owner)
    epoch = subject.market.epoch_joined(subject.now)
    found = [kind for kind in _orders(subject, owner, epoch) if _is_meant(kind, action, side)]
    if not found:
        raise Refused(_nothing(subject, owner))
    for kind in found:
        orders.cancel(subject.market, Call(sender, subject.now), epoch, kind, owner)
    amounts = {
        order_plan.name(kind).replace(" ", "_"): subject.item(
            kinds.item_in(kind), subject.market.orders[owner, epoch, kind]
        )
        for kind in found
    }
    of = {} if owner == sender else {"owner": owner}
    plan = {"market": subject.title, **of, "epoch": Name(epoch), **amounts}
    session.agree("cancel, back into escrow", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcomes = [client.cancel_order(epoch, kind, owner, sender=sender) for kind in found]
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
