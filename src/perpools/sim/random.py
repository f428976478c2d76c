"""
Random numbers that are a function of their place: Philox4x32-10 (Salmon et al. 2011).

Number `n` of stream `s` of path `p` is the same on any machine, in any order and however the work
is cut, so that settings can be compared on the very same randomness.
"""

from typing import Any

import numpy as np

from .arrays import Floats

ROUNDS = 10
MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


def philox(counter: Any, key: Any) -> Any:
    """
    Four words of 32 bits for a counter of four, under a key of two: each a `uint64`, or for many
    counters at once an array of them. The lane kernel compiles it.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        first, second = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (second >> HALF) ^ c1 ^ k0,
            second & LOW,
            (first >> HALF) ^ c3 ^ k1,
            first & LOW,
        )
        k0, k1 = (k0 + WEYL[0]) & LOW, (k1 + WEYL[1]) & LOW
    return c0, c1, c2, c3


def uniforms(seed: int, stream: int, path: int, count: int) -> Floats:
    """Four numbers in [0, 1) for each of `count` steps of a path, of 32 bits each."""
    low, high, streams = (
        np.full(count, word, dtype=np.uint64) for word in (path & 0xFFFFFFFF, path >> 32, stream)
    )
    steps = np.arange(count, dtype=np.uint64)
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32 & 0xFFFFFFFF)
    words = philox((low, high, steps, streams), key)
    drawn: Floats = np.stack(words, axis=1).astype(np.float64) * 2.0**-32
    return drawn
