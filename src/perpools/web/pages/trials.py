"""A draft played over the past: the market itself, and both presets with its name and leverage."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration, show_number
from perpools.sim.backtests import Result
from perpools.sim.prices import Prices
from perpools.web.playing import TURNS, Busy, Turns, play, read_prices

BUSY = "others try their terms now: try again in a moment"


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


def try_out(market: MarketFile, history: Prices, *, turns: Turns = TURNS) -> Trial:
    """
    Play it; `ConfigError` says what is wrong with the prices, or with both together, or that too
    many others are before. For a thread.
    """
    names = dict(_presets(market))
    try:
        (own, *presets), notes = play((market, *names.values()), history, turns=turns)
    except Busy:
        raise ConfigError(BUSY) from None
    others = tuple(
        (name, result)
        for name, result in zip(names, presets, strict=True)
        if not _same(result, own)
    )
    return Trial(market.name, own, others, notes)


def read_pair(pair: str) -> Prices:
    """The ECB's fixings of a pair such as EURUSD or EUR/USD."""
    plain = pair.replace("/", "").strip()
    if len(plain) != 6 or not (plain.isascii() and plain.isalpha()):
        raise ConfigError(f'"{pair}" is not a pair: write it like EUR/USD')
    try:
        return read_prices(source=f"ecb:{plain}")
    except ConfigError:
        raise ConfigError(f'"{pair}": the ECB has no such pair; EUR/USD is one') from None


def _same(one: Result, other: Result) -> bool:
    """Whether two markets did the same at every event."""
    return one.events == other.events and one.statistics.long == other.statistics.long


def _presets(market: MarketFile) -> Iterator[tuple[str, MarketFile]]:
    """Those that can be had with the draft's interval."""
    for preset in ("v1", "v2"):
        with suppress(ConfigError):
            yield f"preset {preset}", _preset(preset, market)


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
