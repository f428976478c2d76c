"""What the contracts' tests share."""

from collections.abc import Iterator

import boa
import pytest

from tests.contracts.deployment import START, factory, power


@pytest.fixture
def chain() -> Iterator[None]:
    """A chain at a known moment, which forgets everything afterwards but what all markets share."""
    factory(), power()
    with boa.env.anchor():
        boa.env.timestamp = START
        yield
