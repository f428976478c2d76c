"""
The price pass of the lane kernel: the paths of `paths`, number for number, for all lanes at once.

A model is a code and a row of numbers; what it carries from one step to the next is a row of lanes.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from perpools.spec.fees import YEAR_S
from perpools.spec.units import Seconds

from . import random
from .arrays import Floats
from .lane_pools import LANES, inlined, part
from .paths import PRICE_STREAM, Bootstrap, Brownian, Jumps, Model, StochasticVolatility
from .random import HALF, LOW
from .vector_math import exp, float_of, log, sin_cos_of_turns

BROWNIAN, JUMPS, STOCHASTIC_VOLATILITY, BOOTSTRAP = range(4)

TWO_TO_52 = np.uint64(0x4330000000000000)

philox: Any = njit(inline="always")(random.philox)
"""The generator, compiled into whatever calls it; its words are `uint64`."""


class Source(NamedTuple):
    """A model as the kernel knows it."""

    code: int
    numbers: Floats
    moves: Floats
    """Of a history; one 0 where there is none."""


def source_of(model: Model, interval_s: Seconds) -> Source | None:
    """What the kernel needs of a model; None where it does not know it."""
    years, nothing = interval_s / YEAR_S, np.zeros(1)
    match model:
        case Brownian():
            mean = (model.drift - model.volatility**2 / 2) * years
            return Source(BROWNIAN, np.array([mean, model.volatility * years**0.5]), nothing)
        case Jumps():
            return Source(JUMPS, _jumps(model, years), nothing)
        case StochasticVolatility():
            return Source(STOCHASTIC_VOLATILITY, _stochastic(model, years), nothing)
        case Bootstrap():
            return Source(BOOTSTRAP, np.array([float(model.block)]), model.moves)
        case _:
            return None


def _jumps(model: Jumps, years: float) -> Floats:
    chance = 1 - np.exp(-model.jumps * years)
    mean_jump = np.expm1(model.jump_mean + model.jump_size**2 / 2) * chance
    mean = (model.drift - model.volatility**2 / 2) * years - np.log1p(mean_jump)
    scale = model.volatility * years**0.5
    return np.array([mean, scale, chance, model.jump_mean, model.jump_size])


def _stochastic(model: StochasticVolatility, years: float) -> Floats:
    kept, rest = np.exp(-model.reverts * years), (1 - model.correlation**2) ** 0.5
    scale = model.wander * ((1 - kept**2) / (2 * model.reverts)) ** 0.5
    shocks = scale * model.correlation, scale * rest
    return np.array([model.volatility, model.drift * years, years, kept, *shocks, years**0.5])


@inlined
def words(seed: Any, stream: int, path: Any, number: Any) -> Any:
    """As `random.uniforms`: the first two of a place's four numbers, in [0, 1)."""
    path, number, seed = np.uint64(path), np.uint64(number), np.uint64(seed)
    counter = path & LOW, path >> HALF, number & LOW, np.uint64(stream)
    one, other, _, _ = philox(counter, (seed & LOW, (seed >> HALF) & LOW))
    return fraction(one), fraction(other)


@inlined
def fraction(word: Any) -> Any:
    """A word of 32 bits as a part of 2**32; exact."""
    return (float_of(np.int64(word | TWO_TO_52)) - 4_503_599_627_370_496.0) * 2.0**-32


@inlined
def normals(seed: Any, stream: int, path: Any, number: Any) -> tuple[float, float]:
    """As `paths` draws them (Box and Muller)."""
    one, other = words(seed, stream, path, number)
    radius = np.sqrt(-2.0 * log(1.0 - one))
    sine, cosine = sin_cos_of_turns(other)
    return radius * cosine, radius * sine


@inlined
def brownian_row(numbers: Any, place: Any, moves: Any) -> None:
    """The logarithms of one step of all lanes; `place`: the seed, the first path, the step."""
    seed, first, number = place
    mean, scale = numbers[0], numbers[1]
    for lane in range(LANES):
        normal, _ = normals(seed, PRICE_STREAM, first + lane, number)
        moves[lane] = mean + scale * normal


@inlined
def jumps_row(numbers: Any, place: Any, moves: Any) -> None:
    """The same with jumps."""
    seed, first, number = place
    mean, scale, chance, jump_mean, jump_size = numbers
    for lane in range(LANES):
        normal, other = normals(seed, PRICE_STREAM, first + lane, number)
        drawn, _ = words(seed, PRICE_STREAM + 1, first + lane, number)
        jump = jump_mean + jump_size * other if drawn < chance else 0.0
        moves[lane] = mean + scale * normal + jump


@inlined
def stochastic_row(numbers: Any, place: Any, moves: Any, levels: Any) -> None:
    """The same with a volatility whose logarithm is carried along."""
    seed, first, number = place
    volatility, drift, years, kept, shock, other_shock, root = numbers
    for lane in range(LANES):
        normal, other = normals(seed, PRICE_STREAM, first + lane, number)
        now = volatility * exp(levels[lane])
        moves[lane] = drift - now * now / 2.0 * years + now * root * normal
        levels[lane] = kept * levels[lane] + (shock * normal + other_shock * other)


@inlined
def bootstrap_row(source: Source, place: Any, moves: Any, starts: Any) -> None:
    """A step of a block of history, which is drawn where it begins."""
    seed, first, number = place
    block, known = int(source.numbers[0]), source.moves
    if number % block == 0:
        for lane in range(LANES):
            drawn, _ = words(seed, PRICE_STREAM, first + lane, number // block)
            starts[lane] = np.floor(drawn * len(known))
    for lane in range(LANES):
        moves[lane] = known[(int(starts[lane]) + number % block) % len(known)]


@inlined
def move_row(source: Source, place: Any, moves: Any, carried: Any) -> None:
    """The logarithms of one step of all lanes, by any model."""
    if source.code == BROWNIAN:
        brownian_row(source.numbers, place, moves)
    elif source.code == JUMPS:
        jumps_row(source.numbers[:5], place, moves)
    elif source.code == STOCHASTIC_VOLATILITY:
        stochastic_row(source.numbers, place, moves, carried)
    else:
        bootstrap_row(source, place, moves, carried)


@part
def grow(source: Source, place: Any, count: int, growths: Any, carried: Any) -> None:
    """
    So many steps from `place` (the seed, the first path, the first step): by which factor each
    path's price grows. `carried` is what the model carries from one step to the next.
    """
    seed, first, number = place
    for at in range(count):
        row = growths[at]
        move_row(source, (seed, first, number + at), row, carried)
        for lane in range(LANES):
            row[lane] = exp(row[lane])
