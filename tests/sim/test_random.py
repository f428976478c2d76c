"""Random numbers by their place: the published generator, and the same in every engine."""

import numpy as np
import pytest

from perpools.sim import random

# Random123 1.14, tests/kat_vectors: philox4x32, 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN, ids=["zeros", "ones", "pi"])
def test_it_gives_the_published_answers(counter, key, words) -> None:
    asked = tuple(np.array([word], dtype=np.uint64) for word in counter)
    given = tuple(map(np.uint64, key))
    assert tuple(int(word[0]) for word in random.philox(asked, given)) == words


def test_a_number_depends_on_its_place_alone() -> None:
    long, short = random.uniforms(1, 2, 3, 100), random.uniforms(1, 2, 3, 10)
    assert np.array_equal(long[:10], short)
    others = [random.uniforms(*place, 10) for place in [(2, 2, 3), (1, 3, 3), (1, 2, 4)]]
    assert not any(np.array_equal(short, other) for other in others)


def test_numbers_fill_the_unit_interval_evenly() -> None:
    drawn = random.uniforms(5, 0, 0, 50_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert np.abs(drawn.mean(axis=0) - 0.5).max() < 0.01
    assert np.abs(drawn.var(axis=0) - 1 / 12).max() < 0.002
