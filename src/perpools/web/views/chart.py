"""Prices over time: what a chart draws."""

from dataclasses import dataclass, replace
from typing import Literal

from perpools.errors import ConfigError
from perpools.index import tables
from perpools.index.paging import MOST, Slice
from perpools.spec.units import Address, Assets, Timestamp, Wad
from perpools.values import Amount, Number
from perpools.web.live import Live

Step = Literal["hour", "day", "epoch"]
PERIODS = dict(zip(("hour", "day"), tables.PERIODS, strict=True))


@dataclass(frozen=True, slots=True)
class Point:
    """Where the market stood at the end of a period, or after an event."""

    at: Timestamp
    spot: Number
    executed: Number
    """The executed price: the moving average."""
    long_price: Number
    short_price: Number
    long_balance: Amount
    short_balance: Amount
    volume: Amount | None
    """Within the period; None where every point is an event."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points in their order."""

    market: Address
    step: Step
    points: tuple[Point, ...]


def series(
    live: Live,
    address: Address,
    step: Step = "hour",
    *,
    since: Timestamp | None = None,
    until: Timestamp | None = None,
    limit: int = 500,
) -> Series:
    """The last `limit` points within these moments; `KeyError`: no such market."""
    if not 1 <= limit <= MOST:
        raise ConfigError(f"limit: {limit} is not from 1 to {MOST}")
    listed = live.listed(address)
    if step == "epoch":
        page = live.reader.epochs(address, Slice(limit), since or 0, until)
        return Series(address, step, tuple(_of_event(listed, row) for row in page.items[::-1]))
    rows = live.reader.snapshots(address, PERIODS[step], since or 0, until, limit)
    return Series(address, step, tuple(_of_period(listed, row) for row in rows))


def _of_period(listed: tables.Market, row: tables.Snapshot) -> Point:
    balances = row.long_balance, row.short_balance
    point = _point(listed, row, row.start + row.period_s, row.price_wad, balances)
    return replace(point, volume=_assets(listed, row.volume_in + row.volume_out))


def _of_event(listed: tables.Market, row: tables.Epoch) -> Point:
    balances = row.long_after, row.short_after
    return _point(listed, row, row.at, row.new_price_wad, balances)


def _point(
    listed: tables.Market,
    row: tables.Snapshot | tables.Epoch,
    at: Timestamp,
    executed_wad: Wad,
    balances: tuple[Assets, Assets],
) -> Point:
    long, short = balances
    return Point(
        at=at,
        spot=Number(row.spot_wad),
        executed=Number(executed_wad),
        long_price=Number(row.long_price_wad),
        short_price=Number(row.short_price_wad),
        long_balance=_assets(listed, long),
        short_balance=_assets(listed, short),
        volume=None,
    )


def _assets(listed: tables.Market, units: int) -> Amount:
    return Amount(units, listed.decimals, listed.collateral_symbol)
