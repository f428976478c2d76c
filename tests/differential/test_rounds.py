"""The Vyper library and the Python model number, scale and pack alike."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import rounds
from tests.evm import deployer

word_64 = st.integers(0, 2**64 - 1)
prices = st.integers(0, 2**120)
answers = st.one_of(st.integers(-(2**255), 2**255 - 1), st.integers(-3, 3), prices)


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/RoundsHarness.vy").deploy()


@given(phase=st.integers(0, 2**16 - 1), number=word_64)
def test_round_id(evm: Any, phase: int, number: int) -> None:
    named = rounds.round_id(phase, number)
    assert evm.round_id(phase, number) == named
    assert evm.phase(named) == rounds.phase(named) == phase


@pytest.mark.parametrize("decimals", range(19))
def test_scale(evm: Any, decimals: int) -> None:
    assert evm.scale(decimals) == rounds.scale(decimals)


@given(answer=answers, decimals=st.integers(0, 18))
def test_price_wad(evm: Any, answer: int, decimals: int) -> None:
    scale = rounds.scale(decimals)
    assert evm.price_wad(answer, scale) == rounds.price_wad(answer, scale)


@pytest.mark.parametrize("decimals", range(19))
def test_price_wad_at_its_bounds(evm: Any, decimals: int) -> None:
    scale = rounds.scale(decimals)
    largest = (2**120 - 1) // scale
    wraps_to_one_unit = min(2 ** (238 + decimals) + 1, 2**255 - 1)
    for answer in (-(2**255), -1, 0, 1, largest, largest + 1, 2**120, wraps_to_one_unit):
        assert evm.price_wad(answer, scale) == rounds.price_wad(answer, scale)


@given(price=prices, observed_at=word_64, posted_at=word_64)
def test_pack(evm: Any, price: int, observed_at: int, posted_at: int) -> None:
    packed = rounds.pack(price, observed_at, posted_at)
    assert evm.pack(price, observed_at, posted_at) == packed
    assert evm.unpack(packed) == rounds.unpack(packed) == (price, observed_at, posted_at)
