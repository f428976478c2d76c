"""`perpools operator`: who may act for you."""

from typing import Annotated, Any, Literal

import typer

from perpools.chain.history import History
from perpools.chain.subject import Subject, checksummed
from perpools.cli import output
from perpools.cli.options import sending
from perpools.cli.session import NO_ACCOUNT, Session
from perpools.errors import ConfigError
from perpools.spec.units import Address

Action = Annotated[
    Literal["show", "set", "unset"], typer.Argument(help="Show whom, appoint, or dismiss.")
]
Whom = Annotated[
    str | None,
    typer.Argument(metavar="ADDRESS", help="The operator; to show: whose, your own if not given."),
]


@sending
def operator(session: Session, action: Action = "show", address: Whom = None) -> None:
    """Let another account order, cancel, claim and withdraw for you, or no longer; or show who may.

    For example: perpools operator unset 0x00000000000000000000000000000000000000Aa --yes

    An operator may move everything you have in the market, your tokens included: appoint only
    what you trust like yourself. Who may act for you is read from the markets' logs.
    """
    if action == "show":
        _show(session, address)
        return
    if address is None:
        raise ConfigError(f"operator: name the ADDRESS to {action}")
    _change(session, checksummed(address), approved=action == "set")


def _show(session: Session, address: str | None) -> None:
    whose = checksummed(address) if address else session.viewer
    if whose is None:
        raise ConfigError(NO_ACCOUNT)
    found = [_operators(session, market, whose) for market in session.whereabouts.markets()]
    if session.as_json:
        output.print_json({"owner": whose, "markets": found})
        return
    rows = [{**facts, "operator": one} for facts in found for one in facts["operators"]]
    if rows:
        output.print_rows(rows, f"Who may act for {whose}", ("operator", "name"), left=2)
    else:
        typer.echo(f"account {whose}\nnobody may act for it in {len(found)} markets")


def _operators(session: Session, market: Address, owner: Address) -> dict[str, Any]:
    """Those of one market."""
    subject = Subject.read(session.node, market, (), session.now)
    history = History(session.node, market, first_block=session.whereabouts.first_block)
    return {
        "market": market,
        "name": subject.title,
        "operators": list(history.operators(owner)),
    }


def _change(session: Session, whom: Address, *, approved: bool) -> None:
    sender, subject = session.sender, session.subject()
    plan = {"market": subject.title, "operator": whom, "may_act_for_you": approved}
    session.agree("operator", plan, _remarks() if approved else [])
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.set_operator(whom, approved=approved, sender=sender)
    session.report("operator set" if approved else "operator unset", plan, subject.told(outcome))


def _remarks() -> list[str]:
    return ["it may take everything you have in this market, your wallet's tokens included"]
