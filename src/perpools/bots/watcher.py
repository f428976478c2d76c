"""The watcher at work: tells what happens to every market, checks that it follows, and alerts."""

from dataclasses import dataclass, field
from typing import Any

from perpools.bots import monitor, places
from perpools.bots.heads import AnyBlock, Head, Pause
from perpools.bots.options import WatcherSettings
from perpools.bots.places import Place
from perpools.bots.station import Station
from perpools.chain import feeds, noticing, snapshot, telling
from perpools.chain.following import DEPTH, Followed, News
from perpools.chain.history import History, Played, Record
from perpools.chain.noticing import Alert
from perpools.chain.telling import CLOSING
from perpools.errors import ChainError
from perpools.spec import forecast, invariants, measures
from perpools.spec.units import Epoch
from perpools.values import as_json


@dataclass
class Watched:
    """What is known of a market."""

    history: History
    followed: Followed[Record]
    settled: Played | None
    """As of the block up to which logs are settled; None where its birth cannot be found."""
    told_epoch: Epoch = 0
    """The last one whose window was told to close."""


@dataclass
class Watcher:
    """Tells of every market."""

    station: Station
    settings: WatcherSettings
    _watched: dict[str, Watched] = field(default_factory=dict)

    async def tend(self, place: Place) -> Pause:
        """Tell what is new about a market, and what is wrong with it."""
        head = self.station.head
        watched = self._watched.get(place.address)
        if watched is None:
            watched = await self.station.ask(self._begin, place, head)
            self._watched[place.address] = watched
        news, broken = await self.station.ask(self._look, place, watched, head)
        for record in news.undone:
            self.station.emit(telling.undone(place.address, record))
        for record in news.fresh:
            self.station.emit(telling.fact(place.address, record))
        self.station.alerts.hear(f"invariants {place.address}", broken)
        told = await monitor.watch_market(self.station, place, self.settings.wind_down_share)
        if not told.standing.progress.wound_down:
            await self._tell_window(place, watched, head)
        return AnyBlock(head)

    def _begin(self, place: Place, head: Head) -> Watched:
        """Where to begin: at the block that was named, else with what is new."""
        since = self.settings.since_block
        settled = head.number - DEPTH if since is None else since - 1
        settled = max(settled, place.block_number - 1)
        node, first = self.station.node, place.block_number
        watched = Watched(History(node, place.address, first_block=first), Followed(settled), None)
        try:
            watched.settled = _played(watched.history, settled)
        except ChainError as unknown:
            self.station.log.warning("not replayed", market=place.address, problem=str(unknown))
        if since is None:
            found = list(watched.history.records(settled + 1, head.number))
            watched.followed = Followed(settled, tuple(found))
        return watched

    def _look(self, place: Place, watched: Watched, head: Head) -> tuple[News[Record], list[Alert]]:
        """What changed since the last look, and what of it cannot be."""
        found = list(watched.history.records(watched.followed.first, head.number))
        watched.followed, news = watched.followed.look(found, head.number)
        if watched.settled is None:
            return news, []
        try:
            broken = self._broken(place, watched, found, head)
        except ChainError as gap:
            broken = str(gap)
        alert = Alert(noticing.INVARIANT_BROKEN, place.address, broken)
        return news, [alert] if broken else []

    def _broken(self, place: Place, watched: Watched, found: list[Record], head: Head) -> str:
        """What is wrong with the state that the logs lead to; empty where nothing is."""
        assert watched.settled is not None
        deep = [record for record in found if record.block_number <= watched.followed.settled]
        watched.settled = watched.history.replayed(watched.settled, deep)
        market = watched.history.replayed(watched.settled, found[len(deep) :]).market
        broken = invariants.broken(market)
        if broken:
            return f"broken: {', '.join(broken)}"
        there = places.standing(self.station.node, place, head.number)
        replayed = market.last_epoch, market.pool.balances, market.pool.supplies
        same = replayed == (there.progress.last_epoch, there.balances, there.supplies)
        return "" if same else "the market's views say another state than its logs"

    async def _tell_window(self, place: Place, watched: Watched, head: Head) -> None:
        """Tell once for each epoch that its window closes, and what will come of what waits."""
        terms = place.terms
        window = telling.window(head.now, terms.interval_s, terms.front_running_interval_s)
        closing_s = self.settings.closing_s
        if not telling.is_closing(window, head.now, closing_s, watched.told_epoch):
            return
        watched.told_epoch = window.epoch
        expected = await self.station.ask(self._expected, place, watched, head)
        told = {"type": CLOSING, "market": place.address, "time": head.now}
        self.station.emit({**told, **window._asdict(), **as_json(expected)})

    def _expected(self, place: Place, watched: Watched, head: Head) -> dict[str, Any]:
        """The market after everything that waits, at the price now."""
        node = self.station.node
        market = snapshot.read_again(node, watched.history.fixed).market
        price = feeds.latest(node, place.feed)
        if price is None or market.wound_down:
            return {"price": None}
        pool = forecast.after_all(market, head.now, price.price).market.pool
        names = "long_balance", "short_balance", "long_supply", "short_supply"
        told = dict(zip(names, (*pool.balances, *pool.supplies), strict=True))
        skew_wad = measures.rebalancing_rate(pool.balances)
        return {"price": price.price, **told, "rebalancing_rate": skew_wad}


def _played(history: History, block: int) -> Played:
    """The market after a block; just deployed where it is no older."""
    return history.begun() if block < history.birth.block_number else history.played(block)
