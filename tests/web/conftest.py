"""A market with a past behind the API: one that tests only read, and new ones to change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chain.past import Past, node_of
from tests.web.served import Served, served


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Only read it."""
    with node_of("embedded") as node:
        past = Past(node)
        past.live()
        with served(past, tmp_path_factory.mktemp("shown")) as found:
            yield found


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Of one file of tests, which may change it."""
    with node_of("embedded") as node:
        past = Past(node)
        past.enter()
        with served(past, tmp_path_factory.mktemp("changed")) as found:
            yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
