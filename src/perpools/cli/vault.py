"""`perpools vault`: a side of a market for whoever speaks ERC-7540."""

from typing import Annotated

import typer

from perpools import artifacts
from perpools.chain.contract import Contract
from perpools.chain.order_plan import Side
from perpools.chain.subject import parse_side
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import ConfigError


@sending
def vault(
    session: Session, side: Annotated[Side, typer.Argument(help="Which side it is of.")]
) -> None:
    """Deploy an asynchronous vault (ERC-7540) of one side of a market.

    For example: perpools vault long --yes

    Wallets and vaults that speak the standard request deposits and redemptions there; the side's
    own token is its share. Anybody may deploy one, it has no owner, and your wallet needs none.
    """
    if session.dry_run:
        raise ConfigError("dry-run: a deployment cannot be tried without sending it")
    sender, subject = session.sender, session.subject()
    number = parse_side(side)
    share = subject.seen.tokens[number]
    plan = {"market": subject.title, "side": side, "share": share}
    session.agree("deploy a vault", plan, ["it can never be changed, and nobody owns it"])
    artifact = artifacts.load("SideVault")
    with session.waiting("waiting for a block"):
        made = Contract.deploy(session.hand, artifact, subject.address, number, sender=sender)
    session.report("deployed", plan, {"address": made.address})
