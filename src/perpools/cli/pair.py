"""`perpools pair`: equal fractions of both sides, at once and at book value."""

from typing import Annotated, Literal

import typer

from perpools.chain import order_plan
from perpools.chain.market import Outcome
from perpools.chain.subject import Subject
from perpools.cli.options import sending
from perpools.cli.payment import Payment
from perpools.cli.session import Session
from perpools.spec import pairs
from perpools.spec.events import PairMinted, PairRedeemed
from perpools.spec.kinds import ASSETS, LONG, LONG_TOKENS, SHORT
from perpools.spec.state import Call
from perpools.spec.units import Address


@sending
def pair(
    session: Session,
    action: Annotated[Literal["mint", "redeem"], typer.Argument(help="In, or out.")],
    amount: Annotated[
        str,
        typer.Argument(metavar="AMOUNT", help="Collateral to mint, L-tokens to redeem; or all."),
    ],
) -> None:
    """Mint or redeem equal fractions of both sides, at once and at book value.

    For example: perpools pair mint 100 --yes

    What one side pays the other such a holder pays himself: there is nothing to wait for, and no
    fee. To redeem, name the L-tokens; the S-tokens that go with them follow.
    """
    owner, subject = session.sender, session.subject()
    item = ASSETS if action == "mint" else LONG_TOKENS
    units = order_plan.amount_of(subject, item, amount, _available(subject, owner, action))
    Payment(subject, owner, item, units).check()
    event = _tried(subject, owner, action, units)
    plan, payment = _plan(subject, event), Payment(subject, owner, item, units)
    session.agree(f"{action} a pair", plan, payment.remarks)
    outcomes = _carry_out(session, action, payment)
    session.report(
        "pair minted" if action == "mint" else "pair redeemed", plan, subject.told(*outcomes)
    )


def _available(subject: Subject, owner: Address, action: str) -> int:
    assets, long_tokens, short_tokens = subject.wallet(owner)
    if action == "mint":
        return assets
    long_supply, short_supply = subject.market.pool.supplies
    return min(long_tokens, short_tokens * long_supply // short_supply)


def _tried(subject: Subject, owner: Address, action: str, units: int) -> PairMinted | PairRedeemed:
    """What would happen now."""
    change = pairs.mint if action == "mint" else pairs.redeem
    [event] = change(subject.market, Call(owner, subject.now), units).events
    assert isinstance(event, PairMinted | PairRedeemed)
    return event


def _plan(subject: Subject, event: PairMinted | PairRedeemed) -> dict[str, object]:
    assets = subject.assets(event.long_assets + event.short_assets)
    tokens = {
        "long_tokens": subject.tokens(LONG, event.long_tokens),
        "short_tokens": subject.tokens(SHORT, event.short_tokens),
    }
    if isinstance(event, PairMinted):
        return {"market": subject.title, "pays": assets, **tokens}
    return {"market": subject.title, **tokens, "receives": assets}


def _carry_out(session: Session, action: str, payment: Payment) -> list[Outcome]:
    hand, client = session.hand, payment.subject.client(session.hand)
    with session.waiting("waiting for a block"):
        if payment.approve(hand) and session.dry_run:
            return []
        change = client.mint_pair if action == "mint" else client.redeem_pair
        return [change(payment.units, sender=payment.owner)]
