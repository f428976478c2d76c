"""`perpools pay-fees`: management fees, from a market to those who earn them."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from perpools.chain.in_units import RECIPIENT_NAMES, FeeAccount, RecipientName
from perpools.chain.market import Market as Client
from perpools.chain.market import Outcome
from perpools.chain.subject import Subject
from perpools.cli.options import sending
from perpools.cli.rehearsing import rehearse
from perpools.cli.session import Session
from perpools.spec.errors import NoFees
from perpools.spec.events import FeesPaid
from perpools.spec.units import Address


@sending
def pay_fees(
    session: Session,
    recipient: Annotated[
        RecipientName | None, typer.Argument(help="Only this one; else whoever is owed any.")
    ] = None,
) -> None:
    """Have a market send its fee recipients what they earned: anybody may, nobody else is paid.

    For example: perpools pay-fees --yes

    `perpools show` tells who they are, and what each is owed.
    """
    sender, subject = session.sender, session.subject()
    owed = _owed(subject, recipient)
    for one in owed:
        told = f"the {one.name} recipient, {one.account}, cannot be paid"
        rehearse(session, subject, partial(_pay, sender, one), told)
    plan = {"market": subject.title, **_plan(owed)}
    session.agree("pay fees", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcomes = [_pay(sender, one, client) for one in owed]
    session.report("fees paid", plan, {**_paid(subject, outcomes), **subject.told(*outcomes)})


def _owed(subject: Subject, recipient: RecipientName | None) -> list[FeeAccount]:
    """Those that are meant and owed something; refused where none is."""
    accounts = subject.fee_accounts
    found = [one for one in accounts if recipient in (None, one.name) and one.owed.units]
    if not found:
        raise NoFees
    return found


def _pay(sender: Address, one: FeeAccount, client: Client) -> Outcome:
    return client.pay_fees(one.which, sender=sender)


def _plan(owed: Sequence[FeeAccount]) -> dict[str, Any]:
    return {
        name: told
        for one in owed
        for name, told in ((one.name, one.owed), (f"{one.name}_recipient", one.account))
    }


def _paid(subject: Subject, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What they were sent: an event in between adds to it."""
    events = [event for outcome in outcomes for event in outcome.events]
    return {
        RECIPIENT_NAMES[event.which]: subject.assets(event.assets)
        for event in events
        if isinstance(event, FeesPaid)
    }
