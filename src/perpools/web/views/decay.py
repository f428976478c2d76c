"""What holding a token for long does to it: from the market's own terms, by simulation."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Literal

import numpy as np

from perpools.errors import ConfigError
from perpools.index.paging import Slice
from perpools.index.tables import DAY_S
from perpools.sim.holding import Held, hold
from perpools.sim.paths import Brownian
from perpools.spec.fees import YEAR_S
from perpools.spec.terms import Terms
from perpools.spec.units import Address, Seconds
from perpools.values import Duration
from perpools.web.live import Live
from perpools.web.playing import TURNS
from perpools.web.terms import transfer_name

HORIZONS_S = (DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S)
PATHS, LEAST_PATHS, MOST_PATHS = 1_024, 64, 4_096
MOST_STEPS = 4_000_000
"""Grid points of all paths together: a few seconds on one core."""
MOST_HORIZONS = 8
USUAL_VOLATILITY = 0.8
"""Assumed where a market is too young to tell."""
LEAST_VOLATILITY, MOST_VOLATILITY = 0.01, 5.0
TELLING = 24
"""Events that tell a volatility, at least."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """One side held for so long; returns as parts of one, floats: for tables and charts."""

    horizon: Duration
    side: Literal["long", "short"]
    median: float
    low: float
    """5 of 100 paths end below it."""
    high: float
    """5 of 100 end above it."""
    ideal_median: float
    """Of a holding kept at the market's leverage at each event, at no cost."""
    shortfall: float
    """Median of the token's value over that holding's, minus one."""
    loses: float
    """The part of paths in which the token is worth less than at first."""


@dataclass(frozen=True, slots=True)
class DecayTable:
    """What came of it."""

    market: Address
    volatility: float
    """Of a year: the realised one, or that which was asked for."""
    realised: bool
    paths: int
    seed: int
    rows: tuple[Horizon, ...]
    notes: tuple[str, ...]


def decay(
    live: Live,
    address: Address,
    *,
    horizons_s: tuple[Seconds, ...] = HORIZONS_S,
    volatility: float | None = None,
    paths: int = PATHS,
    seed: int = 1,
) -> DecayTable:
    """
    The table of a market; kept, so that asking again costs nothing. Takes seconds the first time:
    ask in a thread. `ConfigError` for what cannot be simulated, `Busy` while too many others ask;
    `KeyError`: no such market.
    """
    _check(horizons_s, volatility, paths, seed)
    terms = live.sight(address).market.terms
    if transfer_name(terms) == "other":
        raise ConfigError("decay: nobody here knows the market's transfer function")
    realised = _realised(live, address, terms) if volatility is None else None
    used = round(volatility or realised or USUAL_VOLATILITY, 2)
    told = _bounded(terms, horizons_s, paths)
    held = _held(live, terms, used, *told, seed)
    notes = list(_notes(used, told, (horizons_s, paths), assumed=volatility or realised))
    rows = tuple(
        _row(held, place, side) for place in range(len(held.horizons_s)) for side in (0, 1)
    )
    return DecayTable(address, used, realised is not None, told[1], seed, rows, tuple(notes))


def _check(
    horizons_s: tuple[Seconds, ...], volatility: float | None, paths: int, seed: int
) -> None:
    if not 1 <= len(horizons_s) <= MOST_HORIZONS or max(horizons_s) > YEAR_S:
        raise ConfigError(f"decay: 1 to {MOST_HORIZONS} holding periods of a year at most")
    if volatility is not None and not LEAST_VOLATILITY <= volatility <= MOST_VOLATILITY:
        raise ConfigError(f"volatility: from {LEAST_VOLATILITY} to {MOST_VOLATILITY} a year")
    if not LEAST_PATHS <= paths <= MOST_PATHS or not 0 <= seed < 2**31:
        raise ConfigError(f"paths: from {LEAST_PATHS} to {MOST_PATHS}; seed: from 0 to 2147483647")


def _bounded(
    terms: Terms, horizons_s: tuple[Seconds, ...], paths: int
) -> tuple[tuple[Seconds, ...], int]:
    """What can be played in a few seconds of it."""
    least_s = 2 * terms.interval_s
    times = sorted({horizon_s for horizon_s in horizons_s if horizon_s >= least_s})
    most_s = MOST_STEPS // LEAST_PATHS * terms.interval_s
    times = [time for time in times if time <= most_s] or [least_s]
    steps = times[-1] // terms.interval_s
    return tuple(times), max(LEAST_PATHS, min(paths, MOST_STEPS // steps))


def _held(
    live: Live, terms: Terms, volatility: float, times: tuple[Seconds, ...], paths: int, seed: int
) -> Held:
    key = "decay", repr(terms), volatility, times, paths, seed

    def play() -> Held:
        return hold(terms, Brownian(volatility), times, paths=paths, seed=seed)

    def play_in_turn() -> Held:
        with TURNS.taken():
            return live.lasting(key, play)  # whoever was before may have played the same

    return live.lasting(key, play_in_turn)


def _realised(live: Live, address: Address, terms: Terms) -> float | None:
    """Of a year, from the spot prices of the last events; None where they are too few."""
    rows = live.reader.epochs(address, Slice(500)).items[::-1]
    if len(rows) < TELLING:
        return None
    steps = [
        log(later.spot_wad / earlier.spot_wad) / (later.epoch - earlier.epoch) ** 0.5
        for earlier, later in pairwise(rows)
    ]
    found: float = float(np.std(steps)) * (YEAR_S / terms.interval_s) ** 0.5
    return min(max(found, LEAST_VOLATILITY), MOST_VOLATILITY)


def _row(held: Held, place: int, side: int) -> Horizon:
    token, ideal = held.values[place][side], held.values[place][2 + side]
    low, median, high = (float(q) for q in np.quantile(token, (0.05, 0.5, 0.95)))
    kept = np.maximum(ideal, 1e-12)
    return Horizon(
        horizon=Duration(held.horizons_s[place]),
        side="short" if side else "long",
        median=median - 1,
        low=low - 1,
        high=high - 1,
        ideal_median=float(np.median(ideal)) - 1,
        shortfall=float(np.median(token / kept)) - 1,
        loses=float(np.mean(token < 1)),
    )


def _notes(
    volatility: float,
    told: tuple[tuple[Seconds, ...], int],
    wanted: tuple[tuple[Seconds, ...], int],
    *,
    assumed: float | None,
) -> Iterator[str]:
    if assumed is None:
        yield f"The market is too young to tell its volatility: {volatility:.0%}/year is assumed."
    if told[0] != tuple(sorted(set(wanted[0]))):
        yield "Holding periods too short or too long for the market's interval are left out."
    if told[1] < wanted[1]:
        yield f"Of the paths asked for, {told[1]} were played."
    yield "Prices are drawn without a trend; both sides hold the same at first and nobody orders."
