"""
Prices that could be: models of one price on a market's grid.

A path is a function of the seed and its number alone (see `random`): the same on any machine and
however the work is cut, so that settings are compared on the very same prices.
"""

from typing import NamedTuple, Protocol

import numpy as np

from perpools.errors import ConfigError
from perpools.spec.fees import YEAR_S
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Seconds

from . import random
from .arrays import Floats
from .grid import Grid
from .prices import Prices

START = 100.0
"""The first price of every path; nothing depends on it."""
PRICE_STREAM = 2**30
"""Agents draw from the streams below it, by their position."""


class Model(Protocol):
    """Where paths come from."""

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """The logarithms of the price's moves from each grid point to the next."""
        ...


class Brownian(NamedTuple):
    """Geometric Brownian motion."""

    volatility: float = 0.8
    """Of a year."""
    drift: float = 0.0
    """Expected return of a year (continuous)."""

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """Normal moves, each as all others."""
        years = interval_s / YEAR_S
        normal = _normals(seed, path, count)[:, 0]
        mean = (self.drift - self.volatility**2 / 2) * years
        moves: Floats = mean + self.volatility * years**0.5 * normal
        return moves


class Jumps(NamedTuple):
    """Geometric Brownian motion with jumps (Merton): rare, large, of either sign."""

    volatility: float = 0.6
    drift: float = 0.0
    jumps: float = 12.0
    """Expected number in a year."""
    jump_mean: float = -0.03
    """Of a jump's logarithm."""
    jump_size: float = 0.08
    """Standard deviation of a jump's logarithm."""

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """At most one jump in an interval: what its length makes more of is left out."""
        years = interval_s / YEAR_S
        normal = _normals(seed, path, count)
        chance = 1 - np.exp(-self.jumps * years)
        jumped = random.uniforms(seed, PRICE_STREAM + 1, path, count)[:, 0] < chance
        mean_jump = np.expm1(self.jump_mean + self.jump_size**2 / 2) * chance
        mean = (self.drift - self.volatility**2 / 2) * years - np.log1p(mean_jump)
        jump = jumped * (self.jump_mean + self.jump_size * normal[:, 1])
        moves: Floats = mean + self.volatility * years**0.5 * normal[:, 0] + jump
        return moves


class StochasticVolatility(NamedTuple):
    """A volatility whose logarithm wanders around its mean, and falls with rising prices."""

    volatility: float = 0.7
    """Its median, of a year."""
    drift: float = 0.0
    reverts: float = 6.0
    """By which factor of e the logarithm comes back in a year."""
    wander: float = 1.5
    """Standard deviation of the logarithm's own moves, of a year."""
    correlation: float = -0.3
    """Between moves of the price and of its volatility."""

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """An Ornstein-Uhlenbeck process in the logarithm of the volatility."""
        years = interval_s / YEAR_S
        normal = _normals(seed, path, count)
        rest = (1 - self.correlation**2) ** 0.5
        shocks = self.correlation * normal[:, 0] + rest * normal[:, 1]
        kept, level, levels = np.exp(-self.reverts * years), 0.0, np.empty(count)
        scale = self.wander * ((1 - kept**2) / (2 * self.reverts)) ** 0.5
        for step in range(count):
            levels[step] = level
            level = kept * level + scale * shocks[step]
        volatility = self.volatility * np.exp(levels)
        mean = (self.drift - volatility**2 / 2) * years
        moves: Floats = mean + volatility * years**0.5 * normal[:, 0]
        return moves


class Bootstrap(NamedTuple):
    """Blocks of history in a new order, so that what comes in clusters stays in clusters."""

    moves: Floats
    """The logarithms of the moves of a history on the same grid."""
    block: int = 24
    """Intervals that stay together."""

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """Blocks that begin anywhere and wrap around the end."""
        blocks = -(-count // self.block)
        starts = random.uniforms(seed, PRICE_STREAM, path, blocks)[:, 0] * len(self.moves)
        places = starts.astype(np.int64)[:, None] + np.arange(self.block)
        drawn: Floats = self.moves[places.ravel()[:count] % len(self.moves)]
        return drawn


MODELS: dict[str, type[Brownian] | type[Jumps] | type[StochasticVolatility]] = {
    "gbm": Brownian,
    "jumps": Jumps,
    "stochastic-volatility": StochasticVolatility,
}
"""By the names of the command line; `bootstrap` needs a history."""


def spots(model: Model, seed: int, path: int, size: int, interval_s: Seconds) -> Floats:
    """The price at each of `size` grid points of a path."""
    moves = model.steps(seed, path, size - 1, interval_s)
    levels: Floats = START * np.exp(np.concatenate(([0.0], np.cumsum(moves))))
    return levels


def blank_grid(interval_s: Seconds, size: int) -> Grid:
    """A grid of so many points whose prices are still to be filled in."""
    first = round(START) * WAD
    prices = Prices("model", (0,), (first,))
    return Grid(prices, interval_s, 1, (first,) * size, tuple(range(size)))


def history(grid: Grid, block: int) -> Bootstrap:
    """A bootstrap of the prices of a grid."""
    if not 0 < block < grid.size:
        raise ConfigError(f"bootstrap: a block has 1 to {grid.size - 1} intervals, not {block}")
    return Bootstrap(np.diff(np.log(np.array(grid.seen(0)))), block)


def model_of(text: str, grid: Grid | None = None) -> Model:
    """
    A model as the command line writes it, such as `gbm:volatility=0.9,drift=0.1`; `grid` is the
    history of `bootstrap:block=24`.
    """
    name, _, given = text.partition(":")
    settings = dict(_setting(name, part) for part in given.split(",") if part)
    if name == "bootstrap":
        if grid is None:
            raise ConfigError("bootstrap: needs a history, give --prices FILE or --source")
        if settings.keys() - {"block"}:
            raise ConfigError("bootstrap: has no setting but block")
        return history(grid, int(settings.get("block", 24)))
    if name not in MODELS:
        raise ConfigError(f"model {name!r} is unknown: choose {', '.join(MODELS)} or bootstrap")
    unknown = settings.keys() - set(MODELS[name]._fields)
    if unknown:
        known = ", ".join(MODELS[name]._fields)
        raise ConfigError(f"model {name} has no setting {min(unknown)!r}: choose from {known}")
    return MODELS[name](**settings)


def _setting(name: str, part: str) -> tuple[str, float]:
    key, _, value = part.partition("=")
    try:
        return key, float(value)
    except ValueError:
        raise ConfigError(f"model {name}: {key}={value} is not a number") from None


def _normals(seed: int, path: int, count: int) -> Floats:
    """Two standard normal numbers for each step (Box and Muller)."""
    drawn = random.uniforms(seed, PRICE_STREAM, path, count)
    # a number of 32 bits is never 1: what is left of one is never 0
    radius = np.sqrt(-2 * np.log(1 - drawn[:, 0]))
    angle = 2 * np.pi * drawn[:, 1]
    return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)
