"""What happened: events, who executed them and how late; and how feed and keepers are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from perpools.spec.units import Epoch
from perpools.values import Duration, short
from perpools.web.pages import wording
from perpools.web.pages.parts import (
    Facts,
    Text,
    address,
    badge,
    box,
    button,
    card,
    change,
    empty,
    link,
)
from perpools.web.pages.tables import Cell, Column, Line, Table
from perpools.web.views import EventPage, EventRow, FeedView, KeeperView, MarketView

HISTORY = (
    Column("Event"),
    Column("Executed price", right=True),
    Column("Paid"),
    Column("Token prices", right=True),
    Column("Orders", right=True),
    Column("Late", right=True),
    Column("Executed by"),
    Column("Reward", right=True),
)
SHOWN = 10
SHOWN_ON_PHONE = 3
"""Until somebody asks for more (`static/perpools.css`)."""

Older = Callable[[str], Awaitable[EventPage]]


class HistoryCard:
    """Events, the newest first; older ones on request."""

    def __init__(self, view: MarketView, newest: EventPage, older: Older) -> None:
        self._older, self._next = older, newest.next
        self._rows: dict[Epoch, EventRow] = {}
        self._asked = self._whole = False
        with card("Events", "history"):
            with box("div", "pp-row between"):
                Text("p", "Who executed each event, how late, and what it moved.", "muted small")
                source = f"/api/v1/markets/{view.row.address}/epochs?format=csv"
                change(
                    link("CSV", source, "small"), {"aria-label": "Events as CSV", "download": ""}
                )
            self._table = Table(HISTORY, "Events, the newest first")
            self._table.element.classes("events")
            self._more = button("More events", "pp-on-phone", self._all)
            self._nothing = empty("No event yet.", "The first one comes with the next grid point.")
            self._button = button("Older events", "pp-older", self._load)
        self.show(newest)

    def show(self, newest: EventPage) -> None:
        """The newest events; once older ones were asked for they stay, as long as they hold."""
        if not (self._asked and _continues(self._rows, newest)):
            self._rows, self._next, self._asked = {}, newest.next, False
        first = newest.items[-1].epoch if newest.items else 0
        self._rows = {epoch: row for epoch, row in self._rows.items() if epoch < first}
        self._draw(newest)

    def _all(self) -> None:
        self._whole = True
        self._table.element.classes("all")
        self._more.set_visibility(False)

    async def _load(self) -> None:
        if self._next is not None:
            page = await self._older(self._next)
            self._asked, self._next = True, page.next
            self._draw(page)

    def _draw(self, page: EventPage) -> None:
        self._rows.update({row.epoch: row for row in page.items})
        rows = sorted(self._rows.values(), key=lambda row: -row.epoch)
        self._table.show({row.epoch: event_cells(row) for row in rows})
        self._table.element.set_visibility(bool(rows))
        self._nothing.set_visibility(not rows)
        self._more.set_visibility(not self._whole and len(rows) > SHOWN_ON_PHONE)
        self._button.set_visibility(self._next is not None)


class HealthCard:
    """Whether prices come, and whether events do."""

    def __init__(self, view: MarketView) -> None:
        with card("Feed and keepers", "health"):
            with box("div", "pp-row"):
                self._feed, self._keeper = badge("", ""), badge("", "")
            self._facts = Facts("Feed and keepers")
            with box("div", "pp-row small"):
                Text("span", "Feed", "muted")
                address(view.feed.address, "the feed's address")
        self.show(view)

    def show(self, view: MarketView) -> None:
        """How both are now."""
        fine, words = feed_state(view.feed)
        self._feed.text = words
        self._feed.classes(replace=f"pp-badge {'live' if fine else 'stale'}")
        fine, words = keeper_state(view.keeper) if view.clock else (True, "No more events")
        self._keeper.text = words
        self._keeper.classes(replace=f"pp-badge {'live' if fine else 'late'}")
        for name, value in health_facts(view.feed, view.keeper):
            self._facts.show(name, value, "num")


def _continues(held: Mapping[Epoch, EventRow], newest: EventPage) -> bool:
    """Whether the newest events come after those held: nothing undone, nothing left out."""
    if not newest.items:
        return False
    last = newest.items[-1]
    before = held.get(last.epoch)
    return before is not None and (before.transaction, before.block, before.new_price) == (
        last.transaction,
        last.block,
        last.new_price,
    )


def event_cells(row: EventRow) -> list[Cell]:
    """An event's row, as `HISTORY` asks."""
    merged = (Line(f"{row.merged} earlier merged", "sub"),) if row.merged else ()
    paid = {
        "nobody": (Line("Nothing"),),
        "long": (Line(f"Long to short {wording.money(row.paid)}"), _part(row)),
        "short": (Line(f"Short to long {wording.money(row.paid)}"), _part(row)),
    }[row.payer]
    return [
        (Line(wording.moment(row.due_at.unix)), Line(f"epoch {row.epoch}", "sub"), *merged),
        (
            Line(wording.price(row.new_price)),
            Line(f"spot {wording.price(row.spot)}", "sub"),
        ),
        paid,
        (
            Line(f"long {wording.price(row.long_price)}", "long"),
            Line(f"short {wording.price(row.short_price)}", "short"),
        ),
        (Line(str(row.orders)),),
        (Line(wording.coarse(row.late.seconds)),),
        (Line(short(row.keeper), "mono", title=row.keeper),),
        (Line(wording.money(row.reward)), Line(f"{row.gas_used:,} gas", "sub")),
    ]


def feed_state(feed: FeedView) -> tuple[bool, str]:
    """Whether the feed is fine, and in words."""
    if not feed.asked:
        return False, "Feed not asked"
    return (True, "Feed answers") if feed.alive else (False, "Feed silent")


def keeper_state(keeper: KeeperView) -> tuple[bool, str]:
    """Whether events come in time, and in words."""
    return (True, "Events in time") if keeper.healthy else (False, "Event overdue")


def health_facts(feed: FeedView, keeper: KeeperView) -> Sequence[tuple[str, str]]:
    """Numbers of both, by their names."""
    told = [
        ("Price", wording.price(feed.price)),
        (
            "Observed",
            wording.moment(feed.observed_at.unix) if feed.observed_at else wording.NOTHING,
        ),
        (
            "Last event",
            wording.moment(keeper.last_event_at.unix) if keeper.last_event_at else "none yet",
        ),
        ("By", short(keeper.last_keeper) if keeper.last_keeper else wording.NOTHING),
        ("Its lateness", _seconds(keeper.last_late)),
        (
            "Its reward",
            wording.money(keeper.last_reward) if keeper.last_reward else wording.NOTHING,
        ),
    ]
    if keeper.events:
        events = wording.counted(keeper.events, "event")
        told.append(("Median lateness", f"{_seconds(keeper.late_p50)} of {events}"))
        told.append(("99 of 100 within", _seconds(keeper.late_p99)))
    return told


def _part(row: EventRow) -> Line:
    return Line(f"{wording.percent(row.fraction)} of its balance", "sub")


def _seconds(duration: Duration | None) -> str:
    return wording.coarse(duration.seconds) if duration else wording.NOTHING
