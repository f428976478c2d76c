"""`perpools watch`: what happens in a market, as it happens."""

import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from perpools import quantities
from perpools.chain import order_plan
from perpools.chain.history import History, Record
from perpools.chain.subject import Subject, event_facts
from perpools.cli import output
from perpools.cli.options import reading
from perpools.cli.session import Session
from perpools.errors import ConfigError
from perpools.spec import events, forecast, kinds, schedule
from perpools.spec.events import Event
from perpools.spec.units import Seconds, Timestamp
from perpools.values import Moment, Name, Number, short

POLL_S = 2.0
"""As often as the fastest of the usual chains makes sense of."""

Once = Annotated[bool, typer.Option("--once", help="Tell what there is, and stop.")]
For = Annotated[
    str | None, typer.Option("--for", metavar="DURATION", help="Stop after so long: 90s, 1h.")
]
Since = Annotated[
    int | None, typer.Option("--since", metavar="BLOCK", help="Begin there; now if not given.")
]
Closing = Annotated[
    str, typer.Option("--closing", metavar="DURATION", help="Tell of a cut-off so long before it.")
]


@reading
def watch(
    session: Session,
    once: Once = False,
    duration: For = None,
    since: Since = None,
    closing: Closing = "1m",
) -> None:
    """Follow a market: orders, cut-offs that come near, events, claims; until interrupted.

    For example: perpools watch --since 0 --once --json

    --json prints one object a line.
    """
    ahead_s = _seconds(closing, "closing")
    until = time.monotonic() + _seconds(duration, "for") if duration else None
    watched = _Watched(session, since, ahead_s)
    while True:
        for told in watched.news():
            _print(told, as_json=session.as_json)
        if once or (until is not None and time.monotonic() >= until):
            return
        time.sleep(POLL_S if until is None else min(POLL_S, max(0, until - time.monotonic())))


class _Watched:
    """One market, and what was told of it already."""

    def __init__(self, session: Session, since: int | None, ahead_s: Seconds) -> None:
        self._session = session
        self._subject = session.subject()
        self._history = History(session.node, self._subject.address)
        self._next_block = session.node.block().number + 1 if since is None else since
        self._ahead_s = ahead_s
        self._closed = 0

    def news(self) -> Iterator[dict[str, Any]]:
        """What happened since it was asked last, and the cut-off that comes near."""
        head = self._session.node.block().number - self._session.settings.confirmations
        if head >= self._next_block:
            for record in self._history.records(self._next_block, head):
                if not isinstance(record.event, events.Transfer):
                    yield self._told(record)
            self._next_block = head + 1
        yield from self._closing(self._session.clock())

    def _told(self, record: Record) -> dict[str, Any]:
        return {
            "at": Moment(record.timestamp),
            "block": Name(record.block_number),
            "transaction": record.transaction_hash,
            **event_facts(record.event),
            "text": describe(self._subject, record.event),
        }

    def _closing(self, now: Timestamp) -> Iterator[dict[str, Any]]:
        """Once for each epoch."""
        market, terms = self._subject.market, self._subject.market.terms
        epoch = market.epoch_joined(now)
        cutoff = forecast.cutoff_at(market, epoch)
        if epoch > self._closed and cutoff - now <= self._ahead_s:
            self._closed = epoch
            executes = schedule.grid_point(epoch, terms.interval_s)
            yield {
                "at": Moment(now),
                "event": "WindowClosing",
                "epoch": epoch,
                "cut_off": Moment(cutoff),
                "executes_at": Moment(executes),
                "text": f"window closes at {Moment(cutoff, now).text}",
            }


def describe(subject: Subject, event: Event) -> str:
    """An event in a few words."""
    match event:
        case events.OrderPlaced(_, controller, epoch, kind, amount):
            paid = subject.item(kinds.item_in(kind), amount).text
            return f"order: {order_plan.name(kind)} {paid} by {short(controller)}, epoch {epoch}"
        case events.OrderCancelled(controller, epoch, kind, amount):
            paid = subject.item(kinds.item_in(kind), amount).text
            return (
                f"cancelled: {order_plan.name(kind)} {paid} by {short(controller)}, epoch {epoch}"
            )
        case events.BatchExecuted(epoch, kind, paid_in, paid_out):
            paid = subject.item(kinds.item_in(kind), paid_in).text
            got = subject.item(kinds.item_out(kind), paid_out).text if paid_out else "refunded"
            return f"executed: {order_plan.name(kind)} {paid} -> {got}, epoch {epoch}"
        case events.Rebalanced():
            return _rebalanced(subject, event)
        case events.Claimed(owner):
            return f"claimed: everything due to {short(owner)}"
    return type(event).__name__.lower()


def _rebalanced(subject: Subject, event: events.Rebalanced) -> str:
    prices = f"{Number(event.old_price).text} -> {Number(event.new_price).text}"
    reward = subject.assets(event.reward).text
    return f"event: epoch {event.epoch}, price {prices}, keeper paid {reward}"


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.print_json({name: value for name, value in told.items() if name != "text"})
    else:
        typer.echo(f"{told['at'].text}  {told['text']}")


def _seconds(text: str, name: str) -> Seconds:
    try:
        return quantities.duration(text)
    except ValueError as wrong:
        raise ConfigError(f"{name}: '{text}' {wrong}") from None
