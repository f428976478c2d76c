"""What is measured from time to time about every market and the account, whatever the role."""

from typing import NamedTuple

from perpools.bots import places
from perpools.bots.places import Place, Standing
from perpools.bots.station import Station
from perpools.chain import feeds, noticing
from perpools.chain.noticing import Tolerance, Watched
from perpools.spec import measures
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import KINDS
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Wad

HALF: Wad = WAD // 2
NAMES = ("long_mint", "short_mint", "long_burn", "short_burn", "long_flip", "short_flip")
"""The kinds of orders, as labels."""


class Sample(NamedTuple):
    """One look at a market."""

    standing: Standing
    price: Observation | None
    waiting: dict[int, int]


def sample(station: Station, place: Place) -> Sample:
    """Look at a market: synchronous."""
    now = places.standing(station.node, place)
    price = feeds.latest(station.node, place.feed)
    progress = now.progress
    epochs = [progress.earliest_waiting + k for k in range(64) if progress.waiting >> k & 1]
    return Sample(now, price, places.batches(station.node, place, epochs))


async def watch_market(station: Station, place: Place, wind_down_share: Wad = HALF) -> Sample:
    """Measure a market, and tell what is wrong with it."""
    told = await station.ask(sample, station, place)
    now = station.head.now
    _measure(station, place, told, now)
    watched = Watched(
        now=now,
        progress=told.standing.progress,
        interval_s=place.terms.interval_s,
        max_interval_s=place.terms.max_interval_s,
        wind_down_after_s=place.terms.wind_down_after_s,
        feed_alive=told.price is not None,
    )
    tolerance = Tolerance(station.settings.alert_late_s, wind_down_share)
    station.alerts.hear(place.address, noticing.of_market(place.address, watched, tolerance))
    return told


async def watch_account(station: Station, account: Address) -> None:
    """Measure the account's native coin, and tell when it runs low."""
    balance = await station.ask(station.node.balance, account)
    station.metrics.set("keeper_native_balance", balance)
    least = station.settings.alert_balance
    station.alerts.hear("account", noticing.of_account(account, balance, least))


def _measure(station: Station, place: Place, told: Sample, now: int) -> None:
    metrics, pool = station.metrics, place.address
    for side, balance in zip(("long", "short"), told.standing.balances, strict=True):
        metrics.set("pool_balance", balance, pool=pool, side=side)
    skew_wad = measures.rebalancing_rate(told.standing.balances)
    metrics.set("pool_skew_ratio", skew_wad / WAD, pool=pool)
    for kind in KINDS:
        metrics.set("queue_amount", told.waiting[kind], pool=pool, kind=NAMES[kind])
    if told.price is not None:
        metrics.set("oracle_age_seconds", now - told.price.observed_at, pool=pool)
