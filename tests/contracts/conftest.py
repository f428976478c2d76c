"""
What the contracts' tests share. Every test's chain is forgotten after it: the compiler's plugin
sees to that.
"""

import boa
import pytest

from tests.contracts.deployment import START, factory, power


@pytest.fixture(scope="session")
def shared() -> None:
    """Deployed before any test, since nothing deployed within one survives it."""
    factory()
    power()


@pytest.fixture
def chain(shared: None) -> None:
    """A chain at a known moment."""
    boa.env.timestamp = START
