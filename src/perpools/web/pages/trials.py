"""A draft played over the past: the market itself, and both presets with its name and leverage."""

import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration, show_number
from perpools.sim import backtests, prices
from perpools.sim.backtests import Result
from perpools.sim.prices import Prices

MOST_EVENTS = 40_000
"""Of one market's backtest: about half a second of work."""
MOST_BYTES = 8_000_000
"""Of an uploaded file."""

_one_at_a_time = threading.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    title: str
    own: Result
    others: tuple[tuple[str, Result], ...]
    notes: tuple[str, ...]

    @property
    def all(self) -> tuple[tuple[str, Result], ...]:
        """The market first, then what it is compared with."""
        return (("these terms", self.own), *self.others)

    @property
    def span(self) -> str:
        """Which time it is about."""
        first, last = self.own.start, int(self.own.times[-1])
        days = [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (first, last)]
        return f"{days[0]} to {days[1]}"


def try_out(market: MarketFile, history: Prices) -> Trial:
    """
    Play it; `ConfigError` says what is wrong with the prices, or with both together. For a thread;
    one is played at a time, whoever else asks waits.
    """
    known, note = _fitting(history, market.interval)
    with _one_at_a_time:
        own = backtests.backtest(market, known)
        presets = {
            f"preset {preset}": backtests.backtest(_preset(preset, market), known)
            for preset in ("v1", "v2")
        }
    others = tuple(item for item in presets.items() if not _same(item[1], own))
    return Trial(market.name, own, others, (*note, *own.notes))


def read_upload(name: str, content: bytes) -> Prices:
    """The prices of an uploaded CSV or Parquet file; messages name it as its owner does."""
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{name}: too large, at most {MOST_BYTES // 1_000_000} MB")
    suffix = ".parquet" if name.endswith(".parquet") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"prices{suffix}"
        path.write_bytes(content)
        try:
            found = prices.load(path)
        except ConfigError as wrong:
            raise ConfigError(str(wrong).replace(str(path), name)) from None
    return found._replace(name=name)


def read_pair(pair: str) -> Prices:
    """The ECB's fixings of a pair such as EURUSD or EUR/USD."""
    plain = pair.replace("/", "").strip()
    if len(plain) != 6 or not (plain.isascii() and plain.isalpha()):
        raise ConfigError(f'"{pair}" is not a pair: write it like EUR/USD')
    try:
        return prices.load(f"ecb:{plain}")
    except ConfigError:
        raise ConfigError(f'"{pair}": the ECB has no such pair; EUR/USD is one') from None


def _same(one: Result, other: Result) -> bool:
    """Whether two markets did the same at every event."""
    return one.events == other.events and one.statistics.long == other.statistics.long


def _preset(preset: str, market: MarketFile) -> MarketFile:
    """As published, with the draft's leverage, name, interval and patience of the feed."""
    changes: dict[str, object] = {"interval": show_duration(market.interval)}
    if market.price.max_age is not None:
        changes["price.max_age"] = show_duration(market.price.max_age)
    if preset == "v2":
        # what the second version meant by eight hours of hourly prices: eight of its periods
        changes["front_running_interval"] = show_duration(8 * market.interval)
    text = f'preset = "{preset}"\nname = "-"\nleverage = {show_number(market.leverage)}'
    return market_file.parse(text, changes)


def _fitting(history: Prices, interval_s: int) -> tuple[Prices, tuple[str, ...]]:
    """The latest part of a history that is short enough to be played at once."""
    first = history.times[-1] - MOST_EVENTS * interval_s
    if history.times[0] >= first:
        return history, ()
    start = next(index for index, at in enumerate(history.times) if at >= first)
    if len(history.times) - start < 2:
        raise ConfigError(
            f"an interval of {show_duration(interval_s)} is too short for these prices:"
            " bring finer ones, or choose a longer interval"
        )
    cut = history._replace(times=history.times[start:], wads=history.wads[start:])
    return cut, (f"only the last {MOST_EVENTS:,} intervals are played",)
