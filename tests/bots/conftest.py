"""One real node for each file of tests, and a chain as it was before for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.anvil import ANVIL, anvil
from tests.bots.stage import Stage


@pytest.fixture(scope="module")
def built() -> Iterator[Stage]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil() as node:
        yield Stage(node)


@pytest.fixture
def stage(built: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Whatever a test does is undone; no settings lie about."""
    monkeypatch.chdir(tmp_path)
    snapshot = built.ask("evm_snapshot")
    yield built
    built.ask("evm_revert", snapshot)
