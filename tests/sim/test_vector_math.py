"""The vector functions are the library's, to a few units in the last place."""

import math

import numpy as np
import pytest
from numba import njit

from perpools.sim import vector_math
from perpools.sim.vector_math import OPTIONS

ULP = 2.0**-52
COMPILE = OPTIONS | {"cache": False}


@njit(**COMPILE)
def exps(x, out):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        out[i] = vector_math.exp(x[i])


@njit(**COMPILE)
def logs(x, out):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        out[i] = vector_math.log(x[i])


@njit(**COMPILE)
def turns(x, sines, cosines):  # type: ignore[no-untyped-def]
    for i in range(x.size):
        sines[i], cosines[i] = vector_math.sin_cos_of_turns(x[i])


def test_the_exponential_is_good_to_two_units_in_the_last_place() -> None:
    x = np.concatenate([np.linspace(-700, 700, 200_001), np.linspace(-1e-6, 1e-6, 10_001), [0.0]])
    out = np.empty_like(x)
    exps(x, out)
    assert np.max(np.abs(out / np.exp(x) - 1)) <= 2 * ULP
    assert out[-1] == 1


def test_the_logarithm_is_good_to_two_units_in_the_last_place() -> None:
    near = 1 + np.linspace(-1e-3, 1e-3, 20_001)
    x = np.concatenate([np.geomspace(1e-300, 1e300, 200_001), near, [2.0**-1022, 1.0]])
    out, exact = np.empty_like(x), np.log(x)
    logs(x, out)
    assert np.all(np.abs(out - exact) <= 2 * ULP * np.abs(exact))


def test_sine_and_cosine_know_every_quadrant() -> None:
    x = np.concatenate([np.linspace(0, 1, 200_001), [0.25, 0.5, 0.75, 1.0]])
    sines, cosines = np.empty_like(x), np.empty_like(x)
    turns(x, sines, cosines)
    assert np.max(np.abs(sines - [math.sin(2 * math.pi * t) for t in x])) < 8 * ULP
    assert np.max(np.abs(cosines - [math.cos(2 * math.pi * t) for t in x])) < 8 * ULP


@pytest.mark.parametrize(
    "loop", [exps, logs, turns], ids=["exponential", "logarithm", "sine and cosine"]
)
def test_the_loops_are_vectors(loop) -> None:  # type: ignore[no-untyped-def]
    """A call or a branch left in one of them would make a simulation several times as slow."""
    x = np.linspace(0.1, 0.9, 16)
    loop(*[x.copy() for _ in range(3 if loop is turns else 2)])
    [assembly] = loop.inspect_asm().values()
    packed = ("mulpd", "fmadd213pd", "fmadd231pd", "fmla\t", "fmul\tv")
    assert any(instruction in assembly for instruction in packed)
