"""Candles of an exchange: every close once, in order, however its pages overlap."""

from collections.abc import Sequence
from typing import Any

import pytest

from perpools.errors import ChainError, ConfigError
from perpools.sim import candles
from perpools.sim.candles import Asked, Market, Span
from perpools.spec.fixed_point import WAD

HOUR_S = 3_600
BTC = Market("fake", "BTC/USDT", "1h")
BEGIN = 400_000 * HOUR_S


class Exchange:
    """One that has a candle for each of some hours, and hands out so many at a time."""

    def __init__(self, hours: Sequence[int], page: int = 100, overlap: int = 0) -> None:
        self.hours, self.page, self.overlap = hours, page, overlap
        self.asked = 0

    def fetch_ohlcv(
        self, symbol: str, timeframe: str, since: int, limit: int
    ) -> Sequence[Sequence[Any]]:
        assert (symbol, timeframe) == ("BTC/USDT", "1h")
        self.asked += 1
        first = (since // 1_000 - BEGIN) // HOUR_S - self.overlap
        there = [hour for hour in self.hours if hour >= first][: min(self.page, limit)]
        return [[(BEGIN + hour * HOUR_S) * 1_000, 1, 1, 1, 100.5 + hour, 7] for hour in there]


class Failing(Exception):
    """What an exchange says of a pair it does not have."""


class Unreachable(Failing):
    """What it says where there is no network."""


def read(exchange: candles.Exchange, first: int, last: int) -> list[int]:
    """The hours whose closes were read, each of them with its price."""
    span = Span(BEGIN + first * HOUR_S, BEGIN + last * HOUR_S)
    found = candles.history(exchange, BTC, span)
    hours = [(at - BEGIN) // HOUR_S - 1 for at, _ in found]
    assert [price for _, price in found] == [(1005 + 10 * hour) * WAD // 10 for hour in hours]
    return hours


@pytest.mark.parametrize("overlap", [0, 1, 30])
@pytest.mark.parametrize("page", [2, 100, 1_000])
def test_pages_are_put_together_without_twins(page: int, overlap: int) -> None:
    if page > overlap + 1:
        assert read(Exchange(range(400), page, overlap), 10, 300) == list(range(9, 300))


def test_what_is_not_closed_by_the_end_is_left_out() -> None:
    assert read(Exchange(range(50)), 1, 40) == list(range(40))


def test_pauses_of_trading_are_passed_over() -> None:
    hours = [*range(20), *range(3_000, 3_020)]
    assert read(Exchange(hours), 1, 3_100) == hours


def test_an_exchange_that_repeats_its_first_page_ends() -> None:
    class Stuck(Exchange):
        def fetch_ohlcv(self, symbol: str, timeframe: str, since: int, limit: int) -> Any:
            return super().fetch_ohlcv(symbol, timeframe, BEGIN * 1_000, limit)

    exchange = Stuck(range(50))
    assert read(exchange, 1, 5_000) == list(range(50))
    assert exchange.asked <= 7


def test_progress_is_told_and_ends_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    span = Span(BEGIN + HOUR_S, BEGIN + 300 * HOUR_S)
    candles.history(Exchange(range(400)), BTC, span, lambda done, of: told.append((done, of)))
    assert told[-1] == (299 * HOUR_S, 299 * HOUR_S)


@pytest.mark.parametrize("price", [0, -1, None, "nan"])
def test_a_candle_without_a_price_is_refused(price: Any) -> None:
    class Wrong(Exchange):
        def fetch_ohlcv(self, symbol: str, timeframe: str, since: int, limit: int) -> Any:
            return [[BEGIN * 1_000, 1, 1, 1, price, 7]]

    with pytest.raises(ConfigError, match=r"^BTC/USDT \(fake, 1h\): candle until \d+: price: "):
        candles.history(Wrong([]), BTC, Span(BEGIN, BEGIN + HOUR_S))


def test_failures_are_one_line_each() -> None:
    class Broken:
        def __init__(self, failure: Exception) -> None:
            self.failure = failure

        def fetch_ohlcv(self, symbol: str, timeframe: str, since: int, limit: int) -> Any:
            raise self.failure

    def asked(failure: Exception) -> Asked:
        return Asked("fake", Broken(failure), Failing, Unreachable)

    with pytest.raises(ChainError, match=r"fake cannot be reached \(Unreachable\): try again"):
        asked(Unreachable("no\nroute")).fetch_ohlcv("BTC/USDT", "1h", 0, 1)
    with pytest.raises(ConfigError, match="fake gives no 1h candles of BTC/USDT: no such pair"):
        asked(Failing("no such\npair")).fetch_ohlcv("BTC/USDT", "1h", 0, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("binance", "write it like ccxt:EXCHANGE:PAIR:TIMEFRAME"),
        ("binance:BTC/USDT", "write it like ccxt:EXCHANGE:PAIR:TIMEFRAME"),
        ("binance:BTC/USDT:", "write it like ccxt:EXCHANGE:PAIR:TIMEFRAME"),
        ("binance:BTC/USDT:hourly", "a candle is 1m, 1h, 1d, ... long, not 'hourly'"),
        ("binance:BTC/USDT:0h", "a candle is 1m"),
    ],
)
def test_what_is_no_market_is_refused(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        candles.market_of(text)


def test_a_pair_may_have_a_colon() -> None:
    assert candles.market_of("bybit:BTC/USDT:USDT:5m") == ("bybit", "BTC/USDT:USDT", "5m")
