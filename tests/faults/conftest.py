"""A node, a market and a proxy for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.anvil import ANVIL
from tests.faults.harness import World, world


@pytest.fixture
def live(tmp_path: Path) -> Iterator[World]:
    """Whatever is sent is mined at once."""
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def stage(live: World) -> World:
    """Blocks come when they are asked for."""
    return live.on_demand()
