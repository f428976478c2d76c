"""What comes: the epochs ahead, the orders that wait for them, and what they make of the market."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from perpools.spec.fixed_point import WAD
from perpools.spec.units import Epoch, Timestamp
from perpools.values import Amount, Number, Share
from perpools.web.pages import wording
from perpools.web.pages.parts import Text, box, button, card, change, empty
from perpools.web.pages.tables import Cell, Column, Line, Table
from perpools.web.views import ClockView, EventView, MarketView, QueueEpoch

MOST_EPOCHS = 8
MOST_BATCHES = 8
"""Shown before anybody asks for more."""

QUEUE = (
    Column("Executed"),
    Column("Order"),
    Column("Amount", right=True),
    Column("Can be cancelled", right=True),
)
FORECAST = (
    Column("If the price stays"),
    Column("Long token", right=True),
    Column("Short token", right=True),
    Column("Long holds", right=True),
    Column("Short holds", right=True),
    Column("Rebalancing rate", right=True),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One epoch on the time line."""

    epoch: Epoch
    executes_at: Timestamp
    cutoff_at: Timestamp
    state: Literal["due", "locked", "open"]
    orders: int
    """Batches that wait for it."""


class ClockCard:
    """How far the present interval is, and the epochs ahead."""

    def __init__(self, view: MarketView) -> None:
        with card("Epochs", "epochs"):
            self._words = Text("p", "", "muted small")
            with box("div", "pp-progress", aria_hidden="true"):
                self._bar = box("span")
            self._list = box("ol", "pp-epochs")
        self._slots: tuple[Slot, ...] | None = None
        self.show(view)

    def show(self, view: MarketView) -> None:
        """What is true now."""
        slots = timeline(view)
        if view.clock is None:
            self._words.text = "This market is wound down: there are no more events."
        else:
            self._words.text = clock_words(view.clock)
            to = view.clock.next_grid_point.unix
            change(self._bar, {"data-from": to - interval_s(view.clock), "data-to": to})
        if slots != self._slots:
            self._slots = slots
            self._list.clear()
            with self._list:
                for slot in slots:
                    _draw(slot)


class QueueCard:
    """Orders that wait, by epoch and kind; the first of many, and the others on request."""

    def __init__(self, view: MarketView) -> None:
        with card("Waiting orders", "queue"):
            self._table = Table(QUEUE, "Orders that wait, by epoch and kind", "dense")
            self._nothing = empty(
                "No order waits.", "The next event moves value between the sides."
            )
            self._more = button("", on_click=self._all)
        self._view, self._most = view, MOST_BATCHES
        self.show(view)

    def show(self, view: MarketView) -> None:
        """What waits now."""
        rows: dict[Hashable, list[Cell]] = {
            (epoch.epoch, batch.kind): queue_cells(epoch, place)
            for epoch in view.queue
            for place, batch in enumerate(epoch.batches)
        }
        self._view, more = view, len(rows) - self._most
        self._table.show(dict(list(rows.items())[: self._most]))
        self._more.text = f"{more} more"
        self._more.set_visibility(more > 0)
        self._table.element.set_visibility(bool(rows))
        self._nothing.set_visibility(not rows)

    def _all(self) -> None:
        self._most = 10**6
        self.show(self._view)


class ForecastCard:
    """Now, after the next event, and after all waiting orders."""

    def __init__(self, view: MarketView) -> None:
        with card("Forecast", "forecast"):
            self._table = Table(FORECAST, "The market now and after what is foreseen", "turned")
            self._words = Text("p", "", "muted small")
        self.show(view)

    def show(self, view: MarketView) -> None:
        """What is foreseen now."""
        rows = forecast_rows(view)
        self._table.show({cells[0][0].text: cells for cells in rows})
        self._words.text = forecast_words(view)


def interval_s(clock: ClockView) -> int:
    """Seconds between grid points: epoch i is executed at i intervals."""
    return clock.executes_at.unix // clock.epoch


def timeline(view: MarketView) -> tuple[Slot, ...]:
    """The next epoch, those that orders wait for, and the one that an order placed now joins."""
    clock = view.clock
    if clock is None:
        return ()
    interval, now = interval_s(clock), clock.now.unix
    waiting = {epoch.epoch: len(epoch.batches) for epoch in view.queue}
    upcoming = clock.next_grid_point.unix // interval
    epochs = sorted({*waiting, upcoming, clock.epoch})
    shown = [*epochs[: MOST_EPOCHS - 1], epochs[-1]] if len(epochs) > MOST_EPOCHS else epochs
    return tuple(_slot(clock, epoch, waiting.get(epoch, 0), now) for epoch in shown)


def clock_words(clock: ClockView) -> str:
    """What becomes of an order placed now."""
    executes, locks = (wording.near(at) for at in (clock.executes_at, clock.cutoff))
    return (
        f"Events fall on every {wording.coarse(interval_s(clock))}. An order placed until {locks} "
        f"is executed at {executes} and cannot be cancelled after that cut-off."
    )


def queue_cells(epoch: QueueEpoch, place: int) -> list[Cell]:
    """A batch's row, as `QUEUE` asks."""
    batch = epoch.batches[place]
    paid_in_tokens = batch.amount.symbol != batch.worth.symbol
    worth = (Line(f"worth {wording.money(batch.worth)}", "sub"),) if paid_in_tokens else ()
    cancel = Line("locked") if epoch.locked else Line(at=epoch.cutoff.unix, classes="pp-until")
    return [
        (Line(wording.near(epoch.executes_at)), Line(f"epoch {epoch.epoch}", "sub")),
        (Line(batch.name.capitalize()),),
        (Line(wording.money(batch.amount)), *worth),
        (cancel,),
    ]


def forecast_rows(view: MarketView) -> list[list[Cell]]:
    """Rows as `FORECAST` asks: now, after the next event, after all waiting orders."""
    long, short = view.sides
    now = _row("Now", (long.price, short.price), (long.balance, short.balance))
    if view.forecast is None or not view.forecast.events:
        return [now]
    event = view.forecast.events[0]
    balances = event.long_balance, event.short_balance
    coming = _row("After the next event", (long.price_next, short.price_next), balances)
    balances = long.balance_after_all, short.balance_after_all
    prices = long.price_after_all, short.price_after_all
    return [now, coming, _row("After all waiting orders", prices, balances)]


def forecast_words(view: MarketView) -> str:
    """The next event in a sentence."""
    if view.forecast is None or not view.forecast.events:
        return "No event is foreseen."
    event = view.forecast.events[0]
    return (
        f"At a price of {wording.price(view.forecast.price)} the event of "
        f"{wording.near(event.executes_at)} takes the moving average from "
        f"{wording.price(event.old_price)} to {wording.price(event.new_price)}: {payment(event)}."
    )


def payment(event: EventView) -> str:
    """Who pays whom."""
    if event.payer == "nobody":
        return "nobody pays"
    other = "short" if event.payer == "long" else "long"
    return f"the {event.payer} side pays the {other} side {wording.money(event.paid)}"


def _slot(clock: ClockView, epoch: Epoch, orders: int, now: Timestamp) -> Slot:
    interval = interval_s(clock)
    at = epoch * interval
    cutoff = clock.cutoff.unix - (clock.epoch - epoch) * interval
    state: Literal["due", "locked", "open"] = (
        "due" if at < now else "locked" if cutoff < now else "open"
    )
    return Slot(epoch, at, cutoff, state, orders)


def _draw(slot: Slot) -> None:
    with box("li", slot.state):
        Text("strong", wording.moment(slot.executes_at, date=False), "num")
        at = Text("time", "", "countdown small")
        utc = wording.moment(slot.executes_at)
        change(at, {"data-at": slot.executes_at, "title": utc, "data-after": "due now"})
        words = {
            "due": "waits for a keeper",
            "locked": f"locked since {wording.moment(slot.cutoff_at, date=False)}",
            "open": f"takes orders until {wording.moment(slot.cutoff_at, date=False)}",
        }
        Text("span", words[slot.state], "small muted")
        kinds = wording.counted(slot.orders, "kind")
        Text("span", f"orders of {kinds}" if slot.orders else "no orders", "small muted")


def _row(name: str, prices: tuple[Number, Number], balances: tuple[Amount, Amount]) -> list[Cell]:
    long, short = (amount.units for amount in balances)
    rate = Share(long * WAD // short - WAD if short else 0)
    return [
        (Line(name),),
        *((Line(wording.price(price)),) for price in prices),
        *((Line(wording.money(balance)),) for balance in balances),
        (Line(wording.percent(rate, signed=True)),),
    ]
