"""`perpools rebalance`: close an epoch that is due, and be paid for it."""

import time
from typing import Annotated

import typer

from perpools.chain import feeds
from perpools.chain.market import SPARE_GAS, Market, Outcome
from perpools.chain.node import Transaction
from perpools.chain.subject import Subject
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import Refused
from perpools.spec import schedule
from perpools.spec.events import Rebalanced
from perpools.spec.units import Address, Epoch
from perpools.values import Name, Number

POLL_S = 0.5
"""Half of what a chain's clock can tell apart."""


@sending
def rebalance(
    session: Session,
    hint: Annotated[
        int | None,
        typer.Option(
            metavar="ROUND", help="The feed's round of that moment; found where not given."
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="First wait for the grid point of the next order; without one, the next."
        ),
    ] = False,
) -> None:
    """Close one epoch whose grid point has passed: anybody may, and is reimbursed by the pool.

    For example: perpools rebalance --yes
    """
    sender, subject = session.sender, session.subject()
    if wait:
        subject = _awaited(session, subject)
    epoch = _due(subject)
    found = _hint(subject, epoch) if hint is None else hint
    plan = {
        "market": subject.title,
        "epoch": Name(epoch),
        "grid_point": subject.moment(epoch),
        "hint": str(found),
    }
    session.agree("rebalance", plan)
    with session.waiting("waiting for a block"):
        outcome = _send(subject.client(session.hand), found, sender)
    told = [event for event in outcome.events if isinstance(event, Rebalanced)]
    done = (
        {"price": Number(told[0].new_price), "reward": subject.assets(told[0].reward)}
        if told
        else {}
    )
    session.report("rebalanced", plan, {**done, **subject.told(outcome)})


def _send(market: Market, hint: int, sender: Address) -> Outcome:
    """
    With gas for another event than the one that is estimated: before it is mined, the grid point
    of an epoch with orders may pass.
    """
    node, arguments = market.contract.node, (hint, sender)
    data = market.contract.interface.function("rebalance", arguments).encode(arguments)
    asked = Transaction(sender, market.address, data)
    receipt = node.send(asked._replace(gas=node.gas_for(asked) + SPARE_GAS))
    return Outcome(receipt, market.told(receipt))


def _due(subject: Subject) -> Epoch:
    """The epoch that an event would close now."""
    epoch = _next_epoch(subject)
    if epoch is None:
        last = schedule.latest_passed(subject.now, subject.market.terms.interval_s)
        raise Refused(f"no event is due: the next grid point is {subject.moment(last + 1).text}")
    return epoch


def _next_epoch(subject: Subject) -> Epoch | None:
    market = subject.market
    passed = schedule.latest_passed(subject.now, market.terms.interval_s)
    epoch, _ = schedule.next_to_close(passed, market.earliest_waiting, market.waiting)
    return epoch if epoch > market.last_epoch else None


def _awaited(session: Session, subject: Subject) -> Subject:
    """The market once the epoch that waits, or else the next one, can be closed."""
    market, interval_s = subject.market, subject.market.terms.interval_s
    awaited = market.earliest_waiting
    if not market.waiting:
        upcoming = schedule.latest_passed(subject.now, interval_s) + 1
        awaited = _next_epoch(subject) or upcoming
    with session.waiting(f"waiting for {subject.moment(awaited).text}"):
        while schedule.latest_passed(session.clock(), interval_s) < awaited:
            time.sleep(POLL_S)
    return session.again().subject()


def _hint(subject: Subject, epoch: int) -> int:
    point = schedule.grid_point(epoch, subject.market.terms.interval_s)
    return feeds.hint(subject.node, subject.seen.contracts.feed, point)
