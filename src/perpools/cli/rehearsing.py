"""Before anybody agrees to a payment: whether the collateral's own rules allow it."""

from collections.abc import Callable

from perpools.chain.market import Market as Client
from perpools.chain.rehearsal import Rehearsal
from perpools.chain.subject import Subject
from perpools.cli.session import Session
from perpools.errors import Refused, StrangeAnswer
from perpools.spec.errors import CollateralIsRefused


def rehearse(
    session: Session, subject: Subject, pay: Callable[[Client], object], told: str
) -> None:
    """
    Try a payment on the chain as it is; some coins shut accounts out. `Refused` begins with `told`.
    """
    try:
        pay(subject.client(Rehearsal.of(session.node)))
    except (CollateralIsRefused, StrangeAnswer) as refused:
        raise Refused(f"{told}: {refused}") from None
