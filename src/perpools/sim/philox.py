"""
Random numbers by counting: number `n` of path `p` is a function of the seed, `p` and `n` alone.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11).
Whatever worker, thread or tile draws it, and in whatever order, a path is the same path: settings
are compared on common random numbers, and an interrupted run goes on where it stopped.
"""

from typing import Any

import numpy as np
from numba import njit

from perpools.sim import random
from perpools.sim.random import HALF, LOW
from perpools.sim.vector_math import float_of, log, sin_cos_of_turns

MANTISSA_SHIFT = np.uint64(12)
ONE_BITS = np.uint64(1023 << 52)


philox: Any = njit(inline="always")(random.philox)
"""The generator, compiled into whatever calls it; its words are `uint64`."""


@njit(inline="always")
def uniform(high: Any, low: Any) -> Any:
    """A number in (0, 1] of two words: 52 bits of them."""
    bits = ((high << HALF) | low) >> MANTISSA_SHIFT
    return 2.0 - float_of(np.int64(bits | ONE_BITS))


@njit(inline="always")
def two_uniforms(seed: Any, stream: int, path: Any, number: Any) -> tuple[float, float]:
    """The uniform numbers `2 * number` and `2 * number + 1` of a path, in (0, 1]."""
    seed, path, number = np.uint64(seed), np.uint64(path), np.uint64(number)
    counter = (path & LOW, path >> HALF, number & LOW, np.uint64(stream))
    a, b, c, d = philox(counter, (seed & LOW, seed >> HALF))
    return uniform(a, b), uniform(c, d)


@njit(inline="always")
def two_normals(seed: Any, stream: int, path: Any, number: Any) -> tuple[float, float]:
    """The standard normal numbers `2 * number` and `2 * number + 1` of a path (Box-Muller)."""
    u, v = two_uniforms(seed, stream, path, number)
    radius = np.sqrt(-2.0 * log(u))
    sine, cosine = sin_cos_of_turns(v)
    return radius * cosine, radius * sine
