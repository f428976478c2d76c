"""
Market files played over prices of the past, for pages and API alike; and the one queue of all that
simulates.
"""

import csv
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration
from perpools.sim import prices
from perpools.sim.backtests import Result, backtest
from perpools.sim.prices import Prices
from perpools.sim.roster import recruit

MOST_BYTES = 5_000_000
"""Of a file of prices."""
MOST_POINTS = 120_000
"""Grid points that are played for one question, all its markets together: a few seconds."""
MOST_WAITING = 4
PATIENCE_S = 30.0
UPLOADED = "prices.csv"
TOO_SHORT = "prices: they move too much in too short a time to be told by the year: bring more"


class Busy(Exception):
    """Others are before whoever asks; later it may work."""


class Turns:
    """One at a time, and only a few who wait."""

    def __init__(self, most_waiting: int = MOST_WAITING, patience_s: float = PATIENCE_S) -> None:
        self._places = threading.BoundedSemaphore(most_waiting + 1)
        self._turn, self._patience_s = threading.Lock(), patience_s

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and give it back; `Busy` where too many wait, or for too long."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self._patience_s):
                raise Busy
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


TURNS = Turns()
"""Of this process: what simulates takes a core, so one goes after the other."""


def read_prices(*, source: str | None = None, table: str | None = None) -> Prices:
    """Prices of a named source, or of a CSV headed `timestamp,price`; `ConfigError`: not read."""
    if (source is None) == (table is None):
        raise ConfigError("prices: name a source such as ecb:EURUSD, or bring a CSV")
    if table is not None:
        return read_file(UPLOADED, table.encode(errors="replace"))
    kind, _, pair = str(source).partition(":")
    if kind != "ecb" or len(pair) != 6 or not (pair.isascii() and pair.isalpha()):
        raise ConfigError("prices: a source is written like ecb:EURUSD")
    return prices.ecb(pair)


def read_file(name: str, content: bytes) -> Prices:
    """The prices of somebody's CSV or Parquet file; messages name it as its owner does."""
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{name}: more than {MOST_BYTES:,} bytes")
    suffix = ".parquet" if name.endswith(".parquet") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"prices{suffix}"
        path.write_bytes(content)
        try:
            return prices.load(path)._replace(name=name)
        except ConfigError as wrong:
            raise ConfigError(str(wrong).replace(str(path), name)) from None
        except csv.Error as wrong:
            raise ConfigError(f"{name}: {wrong}") from None


def play(
    files: Sequence[MarketFile],
    history: Prices,
    *,
    agents: Sequence[str] = (),
    seed: int = 1,
    turns: Turns = TURNS,
) -> tuple[list[Result], tuple[str, ...]]:
    """
    What became of each market, in one turn, and what is to be said about it. Takes seconds: ask in
    a thread. `ConfigError` for what cannot be played, `Busy` while too many others ask.
    """
    shortest_s = min(file.interval for file in files)
    played, cut = latest(history, shortest_s, MOST_POINTS // len(files))
    with turns.taken():
        results = [_played(file, played, agents, seed) for file in files]
    return results, (*cut, *(f"{note[0].upper()}{note[1:]}." for note in results[0].notes))


def _played(file: MarketFile, history: Prices, agents: Sequence[str], seed: int) -> Result:
    result = backtest(file, history, recruit(",".join(agents)) if agents else (), seed=seed)
    try:
        _ = result.statistics  # worked out when first asked for, and kept
    except OverflowError:
        raise ConfigError(TOO_SHORT) from None
    return result


def latest(history: Prices, interval_s: int, points: int) -> tuple[Prices, tuple[str, ...]]:
    """The end of the prices that has so many grid points at most, and the note that it is one."""
    first = history.times[-1] - points * interval_s
    if history.times[0] >= first:
        return history, ()
    begin = next(place for place, at in enumerate(history.times) if at >= first)
    if len(history.times) - begin < 2:
        raise ConfigError(
            f"an interval of {show_duration(interval_s)} is too short for these prices:"
            " bring finer ones, or choose a longer interval"
        )
    kept = history._replace(times=history.times[begin:], wads=history.wads[begin:])
    return kept, (f"Only the last {points:,} grid points of the prices were played.",)
