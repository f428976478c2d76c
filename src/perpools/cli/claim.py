"""`perpools claim`: everything executed, from the market to its owner."""

from typing import Annotated

import typer

from perpools.chain.subject import checksummed
from perpools.cli.options import sending
from perpools.cli.rehearsing import rehearse
from perpools.cli.session import Session
from perpools.spec import escrow
from perpools.spec.state import Call
from perpools.values import coin

For = Annotated[
    str | None,
    typer.Option("--for", metavar="ADDRESS", help="The owner; its tip is yours, the rest is not."),
]


@sending
def claim(session: Session, owner: For = None) -> None:
    """Have the market send everything that is due: to you, or to the owner you name.

    For example: perpools claim --yes

    Where the collateral coin shuts the owner out, `perpools withdraw` sends it to another account.
    """
    sender = session.sender
    whose = checksummed(owner) if owner else sender
    subject = session.subject(None, whose)
    escrow.claim(subject.market, Call(sender, subject.now), whose)
    rehearse(
        session,
        subject,
        lambda client: client.claim(whose, sender=sender),
        f"{whose} cannot be paid (`perpools withdraw --to ADDRESS` sends it elsewhere)",
    )
    due = subject.due(whose)
    plan = {
        "market": subject.title,
        "owner": whose,
        **subject.due_amounts(whose),
        **({"tip": coin(due.tip)} if due.tip else {}),
    }
    session.agree("claim", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.claim(whose, sender=sender)
    session.report("claimed", plan, subject.told(outcome))
