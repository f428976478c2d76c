"""`perpools redeem`: tokens of a wound-down market for their share of what it holds."""

from typing import Annotated

import typer

from perpools.chain import order_plan
from perpools.chain.order_plan import Side
from perpools.chain.subject import parse_side
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.spec import wind_down
from perpools.spec.events import Redeemed
from perpools.spec.kinds import LONG_TOKENS
from perpools.spec.state import Call


@sending
def redeem(
    session: Session,
    side: Annotated[Side, typer.Argument(help="Whose tokens.")],
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="So many tokens; or all.")
    ] = "all",
) -> None:
    """Give tokens of a market that was wound down; receive their share of it at once.

    For example: perpools redeem long all --yes

    In a market that goes on, tokens are given back with `perpools order burn`.
    """
    owner, subject, which = session.sender, session.subject(), parse_side(side)
    item = LONG_TOKENS + which
    units = order_plan.amount_of(subject, item, amount, subject.wallet(owner)[item])
    [event] = wind_down.redeem(subject.market, Call(owner, subject.now), which, units).events
    assert isinstance(event, Redeemed)
    plan = {
        "market": subject.title,
        "gives": subject.item(item, units),
        "receives": subject.assets(event.assets),
    }
    session.agree("redeem", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.redeem(which, units, sender=owner)
    session.report("redeemed", plan, subject.told(outcome))
