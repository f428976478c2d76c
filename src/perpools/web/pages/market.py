"""`/market/{address}`: all there is to know about one market, and the place to act in it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal

from nicegui import ui

from perpools.errors import ConfigError
from perpools.spec.units import Address
from perpools.web import views
from perpools.web.live import Live
from perpools.web.pages.frame import follow, off_loop, page, shared, watch
from perpools.web.pages.market_clock import ClockCard, ForecastCard, QueueCard
from perpools.web.pages.market_head import Head, PriceCard, Step
from perpools.web.pages.market_record import SHOWN, HealthCard, HistoryCard
from perpools.web.pages.market_sides import PayoffCard, SidesCard, SkewCard
from perpools.web.pages.market_words import (
    DecayCard,
    addresses_card,
    risk_card,
    terms_card,
)
from perpools.web.pages.parts import Text, box, link, title
from perpools.web.pages.trade import trade_panel
from perpools.web.views import EventPage, MarketView, Payoff, Series
from perpools.web.views.overview import alerts

SideName = Literal["long", "short"]

POINTS = 400
WIDEST_MOVE = 0.3


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows, of one moment."""

    view: MarketView
    series: Series
    skew: Series
    curves: tuple[Payoff, Payoff]
    events: EventPage


def register(live: Live) -> None:
    """Add `/market/{address}`."""

    @page("/market/{address}", live, title="Market")
    async def market(address: str, action: str = "mint", side: str = "long") -> None:
        try:
            found = await off_loop(live.find, address)
        except (KeyError, ConfigError):
            _unknown(address)
            return
        shown = MarketPage(live, found)
        await shown.build(action, side)


class MarketPage:
    """One market in one browser."""

    def __init__(self, live: Live, address: Address) -> None:
        self._live, self._address = live, address
        self._step: Step = "epoch"

    async def build(self, action: str, side: str) -> None:
        """Draw it, and keep it current."""
        now = await self._read()
        ui.page_title(f"{now.view.row.title} · Perpetual Pools")
        self._head = Head(now.view)
        with box("div", "pp-market"):
            with box("div", "acting"):
                trade_panel(self._live, self._address, action, side)
                with box("div", "about pp-column"):
                    risk_card(now.view)
                    self._health = HealthCard(now.view)
            with box("div", "present pp-column"):
                self._present(now)
            with box("div", "more pp-column"):
                self._more(now)
        live, address = self._live, self._address
        follow(live, self._view, self._show, key=("market", address))
        watch(live, self._alerts, self._warn, key=("alerts", address))

    def _present(self, now: Shown) -> None:
        self._prices = PriceCard(now.view, now.series, self._choose)
        self._sides = SidesCard(now.view)
        self._clock = ClockCard(now.view)
        self._queue = QueueCard(now.view)
        self._forecast = ForecastCard(now.view)

    def _more(self, now: Shown) -> None:
        with box("div", "pp-two"):
            self._payoff = PayoffCard(now.view, now.curves)
            self._skew = SkewCard(now.view, now.skew)
        self._history = HistoryCard(now.view, now.events, self._older)
        DecayCard(lambda: off_loop(views.decay, self._live, self._address))
        with box("div", "pp-grid"):
            with box("div", "c8"):
                terms_card(now.view)
            with box("div", "c4"):
                addresses_card(now.view)

    def _alerts(self) -> tuple[str, ...]:
        """What is wrong: a feed falls silent and an event late without any block."""
        return tuple(alert.kind for alert in alerts(self._live.sight(self._address)))

    async def _warn(self, wrong: tuple[str, ...]) -> None:
        if wrong != self._head.alerts:
            view = await off_loop(self._view)
            self._head.show(view)
            self._health.show(view)

    async def _show(self, _view: MarketView) -> None:
        now = await self._read()
        self._head.show(now.view)
        self._prices.show(now.view, now.series)
        for part in (self._sides, self._clock, self._queue, self._forecast, self._health):
            part.show(now.view)
        self._payoff.show(now.view, now.curves)
        self._skew.show(now.view, now.skew)
        self._history.show(now.events)

    async def _choose(self, step: Step) -> None:
        self._step = step
        now = await self._read()
        self._prices.show(now.view, now.series)

    async def _older(self, cursor: str) -> EventPage:
        return await off_loop(views.events, self._live, self._address, cursor=cursor, limit=SHOWN)

    def _view(self) -> MarketView:
        return views.market(self._live, self._address)

    async def _read(self) -> Shown:
        live, address = self._live, self._address
        view, series, skew, long, short, events = await asyncio.gather(
            shared(live, ("market", address), self._view),
            self._series(self._step),
            self._series("epoch"),
            self._curve("long"),
            self._curve("short"),
            shared(live, ("events", address), lambda: views.events(live, address, limit=SHOWN)),
        )
        return Shown(view, series, skew, (long, short), events)

    def _series(self, step: Step) -> Awaitable[Series]:
        live, address = self._live, self._address
        return shared(
            live,
            ("series", address, step),
            lambda: views.series(live, address, step, limit=POINTS),
        )

    def _curve(self, side: SideName) -> Awaitable[Payoff]:
        live, address = self._live, self._address
        return shared(
            live,
            ("payoff", address, side),
            lambda: views.payoff(live, address, side, widest=WIDEST_MOVE),
        )


def _unknown(address: str) -> None:
    """Instead of a market that the index does not know."""
    ui.status_code(404)
    title("No such market")
    Text("p", f"The index knows no market '{address[:66]}'.")
    link("All markets", "/")
