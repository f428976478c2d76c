"""The Vyper library and the Python model name tokens alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import naming
from perpools.spec.fixed_point import WAD
from perpools.spec.naming import HUNDREDTH_WAD
from tests.evm import deployer

LONGEST = 32 * "N"


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/NamingHarness.vy").deploy()


def test_constants(evm: Any) -> None:
    assert evm.HUNDREDTH_WAD() == HUNDREDTH_WAD


@given(
    hundredths=st.integers(10, 10_000),
    side=st.sampled_from(["L-", "S-"]),
    name=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=32),
)
@example(10, "L-", "ETH/USD")
@example(11, "L-", "ETH/USD")
@example(99, "S-", "ETH/USD")
@example(100, "S-", "ETH/USD")
@example(101, "L-", "ETH/USD")
@example(110, "L-", "ETH/USD")
@example(125, "S-", "EUR/USD")
@example(300, "L-", "")
@example(9_999, "S-", LONGEST)
@example(10_000, "L-", LONGEST)
def test_symbol(evm: Any, hundredths: int, side: str, name: str) -> None:
    leverage_wad = hundredths * WAD // 100
    assert evm.symbol(leverage_wad, side, name) == naming.symbol(leverage_wad, side, name)
