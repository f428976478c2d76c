"""What the scenarios share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.scenarios.stage import Stage, setup
from tests.world import protocol


@pytest.fixture(scope="session")
def shared() -> None:
    """Deployed before any scenario, since nothing deployed within one survives it."""
    protocol()


@pytest.fixture
def new_stage(shared: None) -> Iterator[Callable[..., Stage]]:
    """Opens markets, one after the other, and closes them all."""
    opened: list[Stage] = []

    def open_one(**changes: Any) -> Stage:
        opened.append(Stage(setup(**changes)))
        return opened[-1]

    yield open_one
    for stage in reversed(opened):
        stage.close()


@pytest.fixture
def stage(new_stage: Callable[..., Stage]) -> Stage:
    """A plain market: three times, hourly, spot price, orders five minutes ahead, no fees, no reward."""
    return new_stage()
