"""What the scenarios share."""

from collections.abc import Callable, Iterator
from typing import Any

import boa
import pytest

from tests.contracts.deployment import START, factory, power
from tests.scenarios.stage import Stage, setup
from tests.world import protocol


@pytest.fixture(scope="session")
def shared() -> None:
    """Deployed before any scenario, since nothing deployed within one survives it."""
    protocol()
    factory()
    power()


@pytest.fixture
def chain(shared: None) -> None:
    """A chain at a known moment, for markets without a model beside them."""
    boa.env.timestamp = START


@pytest.fixture
def new_stage(shared: None) -> Iterator[Callable[..., Stage]]:
    """
    Opens a market and closes the one before: there is one chain and one time. Before it closes the
    market and its model are compared in full; afterwards the model may still be read.
    """
    opened: list[Stage] = []

    def close() -> None:
        while opened:
            stage = opened.pop()
            try:
                stage.check()
            finally:
                stage.close()

    def open_one(**changes: Any) -> Stage:
        close()
        opened.append(Stage(setup(**changes)))
        return opened[-1]

    yield open_one
    close()


@pytest.fixture
def stage(new_stage: Callable[..., Stage]) -> Stage:
    """
    A plain market: three times, hourly, spot price, orders five minutes ahead, no fees, no reward.
    """
    return new_stage()
