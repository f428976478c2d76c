"""The top of a market's page: its name and state, its numbers, and its prices over time."""

from collections.abc import Awaitable, Callable
from typing import Literal

from perpools.index.paging import MOST
from perpools.values import Amount
from perpools.web.pages import charts, wording
from perpools.web.pages.drawing import Chart
from perpools.web.pages.parts import Text, Tiles, badge, box, button, card, change, link, notice
from perpools.web.pages.parts import title as heading
from perpools.web.views import MarketView, Series

Step = Literal["hour", "day", "epoch"]

RANGES: dict[Step, str] = {"hour": "Hours", "day": "Days", "epoch": "Events"}
TILES = ("Price", "Moving average", "Value locked", "Rebalancing rate", "Next event", "Orders lock")
SHOWN_ROWS = 48


class Head:
    """Name, state, numbers, and what is wrong."""

    def __init__(self, view: MarketView) -> None:
        with box("div", "pp-stack"):
            link("All markets", "/", "small")
            with box("div", "pp-row"):
                heading(view.row.title)
                self._state = badge("", "")
                Text("span", f"settles in {view.row.collateral}", "muted small")
        self._tiles = Tiles(TILES, "Now")
        self._alerts = box("div", "pp-stack", role="status")
        self._told: tuple[str, ...] = ()
        self.alerts: tuple[str, ...] = ()
        """Of which kinds they are that are shown."""
        self.show(view)

    def show(self, view: MarketView) -> None:
        """What is true now."""
        row = view.row
        self._state.text = wording.STATES[row.state]
        self._state.classes(replace=f"pp-badge {row.state}")
        self._show_numbers(view)
        self._show_clock(view)
        self.alerts = tuple(alert.kind for alert in view.alerts)
        alerts = tuple(alert.text for alert in view.alerts)
        self._alerts.set_visibility(bool(alerts))
        if alerts != self._told:
            self._told = alerts
            self._alerts.clear()
            with self._alerts:
                for text in alerts:
                    notice(f"{text[:1].upper()}{text[1:]}.", "warn")

    def _show_numbers(self, view: MarketView) -> None:
        row, tiles = view.row, self._tiles
        changed = f"{wording.change(row.change_24h)} in 24 h" if row.change_24h else "feed"
        colour = f"note {wording.direction(row.change_24h)}"
        if view.price_now:
            tiles.show("Price", wording.price(view.price_now), changed, colour)
        else:
            tiles.show("Price", wording.NOTHING, "the feed says nothing valid", "note short")
        events = wording.counted(view.sma_periods, "event")
        average = wording.price(view.average)
        tiles.show("Moving average", average, f"of {events}; orders execute on it")
        moved = f"{wording.money(row.volume_24h, symbol=False)} moved in 24 h"
        tiles.show("Value locked", wording.money(row.tvl), moved)
        rate = wording.percent(view.rebalancing_rate, signed=True)
        tiles.show("Rebalancing rate", rate, larger_side(view.long.balance, view.short.balance))

    def _show_clock(self, view: MarketView) -> None:
        clock, tiles = view.clock, self._tiles
        if clock is None:
            tiles.show("Next event", "None", "this market is wound down")
            tiles.show("Orders lock", wording.NOTHING, "no orders any more")
            return
        overdue = (
            f"one is overdue by {wording.coarse(clock.overdue.seconds)}" if clock.overdue else ""
        )
        at = wording.near(clock.next_grid_point)
        tiles.count_down("Next event", clock.next_grid_point, overdue or at)
        executes = f"then executed {wording.near(clock.executes_at)}"
        tiles.count_down("Orders lock", clock.cutoff, executes)


class PriceCard:
    """Spot, moving average and both token prices, by hours, days or events."""

    def __init__(self, view: MarketView, series: Series, choose: Callable[[Step], Awaitable[None]]):
        self._choices: dict[Step, Text] = {}
        with card("Prices", "prices"):
            with box("div", "pp-row between"):
                with box("div", "pp-choice", role="group", aria_label="Each point is the end of"):
                    for step, name in RANGES.items():
                        self._choices[step] = button(name, on_click=lambda _, s=step: choose(s))
                        self._choices[step].classes(replace="")
                self._csv = link("CSV", "", "small")
            label = f"{view.row.title}: spot price, moving average and both token prices over time"
            columns = ("Time", "Spot", "Moving average", view.long.symbol, view.short.symbol)
            self._chart = Chart(charts.prices(series, view), label, columns, "tall")
        self.show(view, series)

    def show(self, view: MarketView, series: Series) -> None:
        """The points that there are now."""
        for step, choice in self._choices.items():
            change(choice, {"aria-pressed": "true" if step == series.step else "false"})
        self._chart.show(charts.prices(series, view))
        self._chart.say(described(series), lambda: price_rows(series))
        asked = f"step={series.step}&limit={MOST}&format=csv"
        source = f"/api/v1/markets/{view.row.address}/series?{asked}"
        change(self._csv, {"href": source, "aria-label": "Prices as CSV", "download": ""})


def described(series: Series) -> str:
    """What the chart of prices shows, in a sentence."""
    if not series.points:
        return "Nothing has been recorded yet: the first event draws the first point."
    first, last = series.points[0], series.points[-1]
    tokens = ", ".join(
        f"the {side} token {wording.price(before)} to {wording.price(after)}"
        for side, before, after in (
            ("long", first.long_price, last.long_price),
            ("short", first.short_price, last.short_price),
        )
    )
    return (
        f"{wording.moment(first.at)} to {wording.moment(last.at)}: spot price "
        f"{wording.price(first.spot)} to {wording.price(last.spot)}, {tokens}."
    )


def price_rows(series: Series) -> list[list[str]]:
    """The newest points, the newest first."""
    return [
        [wording.moment(p.at)]
        + [wording.price(number) for number in (p.spot, p.executed, p.long_price, p.short_price)]
        for p in reversed(series.points[-SHOWN_ROWS:])
    ]


def larger_side(long: Amount, short: Amount) -> str:
    """Which side holds more."""
    if long.units == short.units:
        return "both sides hold the same"
    return f"the {'long' if long.units > short.units else 'short'} side is larger"
