"""The Vyper library and the Python model name the same kinds and items."""

from typing import Any

import pytest

from perpools.spec import kinds
from tests.evm import deployer

CONSTANTS = [
    "LONG",
    "SHORT",
    "LONG_MINT",
    "SHORT_MINT",
    "LONG_BURN",
    "SHORT_BURN",
    "LONG_FLIP",
    "SHORT_FLIP",
    "ASSETS",
    "LONG_TOKENS",
    "SHORT_TOKENS",
]


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/KindsHarness.vy").deploy()


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants(evm: Any, name: str) -> None:
    assert getattr(evm, name)() == getattr(kinds, name)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_items(evm: Any, kind: int) -> None:
    assert evm.item_in(kind) == kinds.item_in(kind)
    assert evm.item_out(kind) == kinds.item_out(kind)
