"""The Vyper library and the Python model keep two halves in one word alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import packing
from tests.evm import deployer

HALF_MAX, WORD_MAX = 2**128 - 1, 2**256 - 1

halves = st.one_of(st.integers(0, HALF_MAX), st.integers(0, 3), st.integers(HALF_MAX - 3, HALF_MAX))
words = st.one_of(st.integers(0, WORD_MAX), st.integers(0, HALF_MAX))


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/PackingHarness.vy").deploy()


@pytest.mark.parametrize("name", ["HALF_BITS", "HALF_MASK"])
def test_constants(evm: Any, name: str) -> None:
    assert getattr(evm, name)() == getattr(packing, name)


@given(low=halves, high=halves)
@example(0, 0)
@example(HALF_MAX, 0)
@example(0, HALF_MAX)
@example(HALF_MAX, HALF_MAX)
def test_pack(evm: Any, low: int, high: int) -> None:
    word = packing.pack(low, high)
    assert evm.pack(low, high) == word
    assert (packing.low(word), packing.high(word)) == (low, high)


@given(word=words, index=st.integers(0, 1))
@example(0, 0)
@example(WORD_MAX, 0)
@example(WORD_MAX, 1)
@example(HALF_MAX, 1)
@example(HALF_MAX + 1, 0)
def test_halves(evm: Any, word: int, index: int) -> None:
    assert evm.low(word) == packing.low(word)
    assert evm.high(word) == packing.high(word)
    assert evm.half(word, index) == packing.half(word, index)
