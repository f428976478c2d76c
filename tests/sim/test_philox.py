"""The generator is Philox4x32-10, and its normal numbers are normal."""

import math

import numpy as np
import pytest
from numba import njit

from perpools.sim import lane_prices
from perpools.sim.vector_math import OPTIONS

PATHS, PAIRS = 2_000, 100

# Random123's own known answers: counter, key, four words.
KNOWN_ANSWERS = [
    ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ([2**32 - 1] * 4, [2**32 - 1] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@njit(**OPTIONS | {"cache": False})
def words(counter, key):  # type: ignore[no-untyped-def]
    return lane_prices.philox((counter[0], counter[1], counter[2], counter[3]), (key[0], key[1]))


@njit(**OPTIONS | {"cache": False})
def draw(seed, stream, first_path, out):  # type: ignore[no-untyped-def]
    for pair in range(out.shape[0] // 2):
        for lane in range(out.shape[1]):
            one, other = lane_prices.normals(seed, stream, first_path + lane, pair)
            out[2 * pair, lane] = one
            out[2 * pair + 1, lane] = other


def normals(seed: int = 7, stream: int = 0, first_path: int = 0, paths: int = PATHS) -> np.ndarray:
    out = np.empty((2 * PAIRS, paths))
    draw(seed, stream, first_path, out)
    return out


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers(counter: list[int], key: list[int], expected: str) -> None:
    told = words(np.array(counter, np.uint64), np.array(key, np.uint64))
    assert " ".join(f"{int(word):08x}" for word in told) == expected


def test_a_path_is_the_same_wherever_it_is_drawn() -> None:
    whole = normals()
    assert np.array_equal(normals(first_path=123, paths=50), whole[:, 123:173])


def test_seeds_streams_and_paths_differ() -> None:
    one = normals(paths=1)[:, 0]
    for other in (normals(seed=8, paths=1), normals(stream=1, paths=1), normals(first_path=1)):
        assert not np.any(one == other[:, 0])


def test_normal_numbers_have_the_moments_of_the_normal_distribution() -> None:
    drawn = normals()
    deviation = 1 / math.sqrt(drawn.size)
    for power, moment, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs(np.mean(drawn**power) - moment) < 5 * deviation * math.sqrt(spread)


def test_normal_numbers_are_distributed_normally() -> None:
    """Kolmogorov and Smirnov: the greatest distance from the distribution function."""
    drawn = np.sort(normals().ravel())
    exact = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in drawn])
    steps = np.arange(drawn.size + 1) / drawn.size
    distance = max(np.max(steps[1:] - exact), np.max(exact - steps[:-1]))
    assert distance < 1.95 / math.sqrt(drawn.size)  # one in a thousand; the seed is fixed


def test_neighbouring_numbers_and_paths_are_not_correlated() -> None:
    drawn = normals()
    along = np.mean(drawn[1:] * drawn[:-1])
    across = np.mean(drawn[:, 1:] * drawn[:, :-1])
    assert max(abs(along), abs(across)) < 5 / math.sqrt(drawn.size)
