"""`perpools withdraw`: part of what the market holds for somebody, to whomever they name."""

from typing import Annotated, Literal

import typer

from perpools.chain import order_plan
from perpools.chain.subject import checksummed
from perpools.cli.options import sending
from perpools.cli.rehearsing import rehearse
from perpools.cli.session import Session
from perpools.errors import ConfigError
from perpools.spec import escrow
from perpools.spec.state import Call
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address

ITEM_NAMES = ("collateral", "long", "short")

Item = Literal["collateral", "long", "short"]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="So much of it; or all.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="ADDRESS", help="Who receives it; the owner if not given."),
]
For = Annotated[
    str | None,
    typer.Option(
        "--for", metavar="ADDRESS", help="The owner, if it appointed you its operator; else you."
    ),
]


@sending
def withdraw(
    session: Session,
    item: Annotated[Item, typer.Argument(help="Collateral, or tokens of a side.")],
    amount: Amount = "all",
    receiver: To = None,
    owner: For = None,
) -> None:
    """Have the market send part of what it holds for you, to your wallet or to another account.

    For example: perpools withdraw collateral 1 --to 0x00000000000000000000000000000000000000Aa -y

    `perpools claim` sends everything, tips included, and to its owner alone.
    """
    sender = session.sender
    whose = checksummed(owner) if owner else sender
    to = _receiver(receiver) if receiver else whose
    subject, which = session.subject(None, whose, to), ITEM_NAMES.index(item)
    due = subject.due(whose)[which]
    units = order_plan.amount_of(subject, which, amount, due)
    escrow.withdraw(subject.market, Call(sender, subject.now), which, units, (whose, to))
    rehearse(
        session,
        subject,
        lambda client: client.withdraw(which, units, (whose, to), sender=sender),
        f"{to} cannot be sent {subject.item(which, units).text}",
    )
    plan = {
        "market": subject.title,
        "owner": whose,
        "receiver": to,
        "sends": subject.item(which, units),
        "leaves": subject.item(which, due - units),
    }
    session.agree("withdraw", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.withdraw(which, units, (whose, to), sender=sender)
    session.report("withdrawn", plan, subject.told(outcome))


def _receiver(address: str) -> Address:
    """Coins may let anything be sent to nobody, and nobody gives it back."""
    found = checksummed(address)
    if found == NOBODY:
        raise ConfigError("--to: nobody owns the zero address")
    return found
