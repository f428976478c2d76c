"""
What the contracts' tests share. Every test's chain is forgotten after it: the compiler's plugin
sees to that.
"""

from typing import Any

import boa
import pytest

from tests.contracts.deployment import (
    START,
    Deployed,
    account,
    deploy,
    factory,
    next_grid_point,
    power,
)
from tests.evm import deployer


@pytest.fixture(scope="session")
def shared() -> None:
    """Deployed before any test, since nothing deployed within one survives it."""
    factory()
    power()


@pytest.fixture
def chain(shared: None) -> None:
    """A chain at a known moment."""
    boa.env.timestamp = START


@pytest.fixture
def upkeep(chain: None) -> Any:
    return deployer("contracts/Upkeep.vy").deploy()


@pytest.fixture
def markets(chain: None) -> list[Deployed]:
    """Three, of which an event is due."""
    made = [deploy(account("deployer")) for _ in range(3)]
    next_grid_point()
    return made
