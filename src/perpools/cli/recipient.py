"""`perpools recipient`: who earns a market's management fees passes that on, in two steps."""

from typing import Annotated, Any, Literal

import typer

from perpools.chain.in_units import RECIPIENT_NAMES, FeeAccount, RecipientName
from perpools.chain.market import Market as Client
from perpools.chain.market import Outcome
from perpools.chain.subject import checksummed
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import ConfigError, Refused
from perpools.spec import roles
from perpools.spec.state import Call, Market
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address

Step = Literal["propose", "accept", "cancel"]

DONE = {"propose": "proposed", "accept": "accepted", "cancel": "proposal taken back"}


@sending
def recipient(
    session: Session,
    action: Annotated[Step, typer.Argument(help="What to do; cancel takes a proposal back.")],
    which: Annotated[RecipientName, typer.Argument(help="Which recipient.")],
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help="Who is proposed.")
    ] = None,
) -> None:
    """Name the account that may earn a management fee in your place; it has to accept.

    For example: perpools recipient propose primary 0x00000000000000000000000000000000000000Aa --yes

    Until it accepts you stay the recipient. What is owed then goes to it, unless
    `perpools pay-fees` sent it to you before.
    """
    heir, sender, subject = _heir(action, address), session.sender, session.subject()
    one = subject.fee_accounts[RECIPIENT_NAMES.index(which)]
    _check(subject.market, Call(sender, subject.now), one, heir)
    plan = {"market": subject.title, **_plan(one, heir)}
    session.agree(f"{action}: who earns management fees", plan)
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = _send(client, one.which, heir, sender)
    session.report(DONE[action], plan, subject.told(outcome))


def _heir(action: Step, address: str | None) -> Address | None:
    """Who is proposed, nobody where a proposal is taken back; None where one is accepted."""
    if (action == "propose") != (address is not None):
        told = "name the ADDRESS to propose" if address is None else f"{action} takes no address"
        raise ConfigError(f"recipient: {told}")
    heir = checksummed(address) if address else NOBODY
    if address and heir == NOBODY:
        raise ConfigError("recipient: nobody owns the zero address; cancel takes a proposal back")
    return None if action == "accept" else heir


def _check(market: Market, call: Call, one: FeeAccount, heir: Address | None) -> None:
    """By the specification, and where there is nothing to take back."""
    if heir is None:
        roles.accept_recipient(market, call, one.which)
        return
    roles.propose_recipient(market, call, one.which, heir)
    if heir == NOBODY and one.proposed is None:
        raise Refused(f"nobody is proposed as the {one.name} recipient")


def _plan(one: FeeAccount, heir: Address | None) -> dict[str, Any]:
    proposed = one.proposed if heir in (None, NOBODY) else heir
    return one._replace(proposed=proposed).facts


def _send(client: Client, which: int, heir: Address | None, sender: Address) -> Outcome:
    if heir is None:
        return client.accept_recipient(which, sender=sender)
    return client.propose_recipient(which, heir, sender=sender)
