"""The Vyper triggers and the Python model say the same of every move."""

from typing import Any

import boa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import triggers
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.triggers import MAX_THRESHOLD_WAD, Momentum, PriceChange
from tests.differential.agreement import agree
from tests.evm import deployer

prices = st.integers(1, MAX_PRICE - 1)
thresholds = st.integers(1, MAX_THRESHOLD_WAD)
TENTH = WAD // 10


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/TriggersHarness.vy").deploy()


@given(prices, prices, thresholds)
@example(1000, 1100, TENTH)
@example(1000, 1099, TENTH)
@example(1000, 900, TENTH)
@example(1000, 901, TENTH)
@example(1, MAX_PRICE - 1, MAX_THRESHOLD_WAD)
@example(MAX_PRICE - 1, 1, MAX_THRESHOLD_WAD)
def test_moved(evm: Any, reference: int, price: int, threshold_wad: int) -> None:
    agree(evm.moved, triggers.moved, reference, price, threshold_wad)


@pytest.mark.parametrize("model", [PriceChange, Momentum])
@given(old_price=prices, new_price=prices, spot=prices)
@example(1000, 1100, 1000)
@example(1000, 1000, 1100)
@example(1100, 1000, 1099)
def test_a_trigger_is_its_model(model: Any, old_price: int, new_price: int, spot: int) -> None:
    trigger = deployer(f"contracts/trigger/{model.__name__}.vy").deploy(TENTH)
    moment = old_price, new_price, spot
    assert trigger.due(*moment) == model(TENTH)(*moment)


@pytest.mark.parametrize("model", [PriceChange, Momentum])
@pytest.mark.parametrize("threshold_wad", [0, MAX_THRESHOLD_WAD + 1])
def test_a_threshold_has_bounds(model: Any, threshold_wad: int) -> None:
    with boa.reverts("threshold: out of range"):
        deployer(f"contracts/trigger/{model.__name__}.vy").deploy(threshold_wad)
