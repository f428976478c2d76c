"""`perpools operator`: who may act for you."""

from typing import Annotated, Literal

import typer

from perpools.chain.subject import checksummed
from perpools.cli.options import sending
from perpools.cli.session import Session


@sending
def operator(
    session: Session,
    action: Annotated[Literal["set", "unset"], typer.Argument(help="Appoint, or dismiss.")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The operator.")],
) -> None:
    """Let another account order, cancel, claim and withdraw for you, or no longer.

    For example: perpools operator unset 0x00000000000000000000000000000000000000Aa --yes

    An operator may move everything you have in the market, your tokens included: appoint only
    what you trust like yourself.
    """
    sender, subject, whom = session.sender, session.subject(), checksummed(address)
    approved = action == "set"
    plan = {"market": subject.title, "operator": whom, "may_act_for_you": approved}
    session.agree("operator", plan, _remarks() if approved else [])
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.set_operator(whom, approved=approved, sender=sender)
    session.report("operator set" if approved else "operator unset", plan, subject.told(outcome))


def _remarks() -> list[str]:
    return ["it may take everything you have in this market, your wallet's tokens included"]
