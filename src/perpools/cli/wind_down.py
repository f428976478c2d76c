"""`perpools wind-down`: stop a market whose feed is dead, so that everybody can leave."""

from perpools.chain.subject import Subject
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import Refused
from perpools.spec import schedule
from perpools.spec import wind_down as rules
from perpools.spec.state import Call
from perpools.values import Moment


@sending
def wind_down(session: Session) -> None:
    """Stop a market for good: allowed once an event has been due for long and no price comes.

    For example: perpools wind-down --dry-run

    Rates freeze at the last event, waiting orders become refundable (`perpools claim`), tokens
    redeem at once (`perpools redeem`).
    """
    sender, subject = session.sender, session.subject()
    possible_from = _possible_from(subject)
    if subject.market.wound_down:
        raise Refused("the market is wound down already: redeem your tokens")
    if subject.now < possible_from.unix:
        raise Refused(f"not before {possible_from.text}, and only if no event happens until then")
    rules.wind_down(subject.market, Call(sender, subject.now), feed_alive=subject.feed is not None)
    plan = {"market": subject.title, "last_event": subject.moment(subject.market.last_epoch)}
    session.agree("wind the market down", plan, ["it stops for good, for everybody"])
    client = subject.client(session.hand)
    with session.waiting("waiting for a block"):
        outcome = client.wind_down(sender=sender)
    session.report("wound down", plan, subject.told(outcome))


def _possible_from(subject: Subject) -> Moment:
    """When the last resort opens, if no event happens until then."""
    terms = subject.market.terms
    due = schedule.grid_point(subject.market.due_epoch, terms.interval_s)
    return Moment(due + terms.wind_down_after_s, subject.now)
