"""
Candles of an exchange as prices: the close of each, as of the moment it closed.

Exchanges hand out a page at a time, some of them rows twice, none of them the end: what is asked
for is read page by page, put in order, and left out while its candle is still open.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from perpools.errors import ChainError, ConfigError
from perpools.price_file import Priced, read_price
from perpools.spec.units import Seconds, Timestamp

from .outcome import OnProgress

PAGE = 1_000
"""Candles asked for at once; exchanges that have less of them at a time give less."""
WRITTEN = "ccxt:EXCHANGE:PAIR:TIMEFRAME, such as ccxt:binance:BTC/USDT:1h"


class Exchange(Protocol):
    """What is needed of one; those of ccxt have it."""

    def fetch_ohlcv(
        self, symbol: str, timeframe: str, since: int, limit: int
    ) -> Sequence[Sequence[Any]]:
        """Candles from a moment on: when each began in milliseconds, open, high, low, close, ..."""
        ...


class Market(NamedTuple):
    """A pair on an exchange, and the length of its candles."""

    exchange: str
    pair: str
    timeframe: str

    def __str__(self) -> str:
        """As a person would say it."""
        return f"{self.pair} ({self.exchange}, {self.timeframe})"


class Span(NamedTuple):
    """From one moment to another, both included."""

    since: Timestamp
    until: Timestamp


def market_of(text: str) -> Market:
    """What a command line writes as `binance:BTC/USDT:1h`; a pair may have a colon of its own."""
    exchange, _, rest = text.partition(":")
    pair, _, timeframe = rest.rpartition(":")
    if not (exchange and pair and timeframe):
        raise ConfigError(f"ccxt:{text}: write it like {WRITTEN}")
    length_s(timeframe)
    return Market(exchange, pair, timeframe)


def length_s(timeframe: str) -> Seconds:
    """How long a candle is."""
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
    count, unit = timeframe[:-1], timeframe[-1:]
    if not (count.isascii() and count.isdigit() and int(count)) or unit not in units:
        raise ConfigError(f"ccxt: a candle is 1m, 1h, 1d, ... long, not {timeframe!r}")
    return int(count) * units[unit]


def history(
    exchange: Exchange, market: Market, span: Span, on_progress: OnProgress = lambda _, __: None
) -> list[Priced]:
    """
    The closes within a span, oldest first, each moment once; `on_progress` is told seconds of it.
    `ConfigError` where a price is none; what the exchange says of a failure comes from `exchange`
    itself.
    """
    long_s, found = length_s(market.timeframe), dict[Timestamp, Priced]()
    begins = span.since - long_s
    while begins + long_s <= span.until:
        page = exchange.fetch_ohlcv(market.pair, market.timeframe, begins * 1_000, PAGE)
        closes = [_close(market, row, long_s) for row in page]
        found |= {close.at: close for close in closes if span.since <= close.at <= span.until}
        latest = max((close.at for close in closes), default=0)
        # a page without anything new: nothing was traded then, or the exchange gives no more
        begins = latest if latest > begins else begins + PAGE * long_s
        on_progress(min(begins, span.until) - span.since, span.until - span.since)
    return [found[at] for at in sorted(found)]


def _close(market: Market, row: Sequence[Any], long_s: Seconds) -> Priced:
    at = int(row[0]) // 1_000 + long_s
    try:
        return Priced(at, read_price(row[4]))
    except ValueError as wrong:
        raise ConfigError(f"{market}: candle until {at}: {wrong}") from None


def open_exchange(name: str) -> Exchange:
    """An exchange by the name that ccxt has for it; its failures are errors of ours."""
    try:
        ccxt: Any = import_module("ccxt")
    except ModuleNotFoundError:
        raise ConfigError("candles need more: pip install 'perpools[ccxt]'") from None
    if name not in ccxt.exchanges:
        raise ConfigError(f"ccxt:{name}: no exchange that ccxt knows")
    return Asked(name, getattr(ccxt, name)(), ccxt.BaseError, ccxt.NetworkError)


class Asked(NamedTuple):
    """An exchange whose failures are one line each."""

    name: str
    exchange: Exchange
    failure: type[Exception]
    unreachable: type[Exception]

    def fetch_ohlcv(
        self, symbol: str, timeframe: str, since: int, limit: int
    ) -> Sequence[Sequence[Any]]:
        """As of an `Exchange`."""
        try:
            return self.exchange.fetch_ohlcv(symbol, timeframe, since, limit)
        except self.unreachable as failed:
            reason = type(failed).__name__
            raise ChainError(
                f"{self.name} cannot be reached ({reason}): try again, or play a file (--prices)"
            ) from None
        except self.failure as failed:
            told = " ".join(str(failed).split())[:200]
            raise ConfigError(
                f"{self.name} gives no {timeframe} candles of {symbol}: {told}"
            ) from None
