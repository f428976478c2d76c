"""Databases: SQLite's in a file of the test's own, PostgreSQL's where it is installed."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from perpools.index.database import Database
from tests.index import postgres
from tests.index.postgres import NOT_THERE, Server

Opened = Callable[[str], Database]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip(NOT_THERE)
    with postgres.server(programs) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each sort."""
    return url_of(request, tmp_path, request.param)


def url_of(request: pytest.FixtureRequest, folder: Path, sort: str) -> str:
    if sort == "sqlite":
        return f"sqlite:///{folder / 'index.db'}"
    made: Server = request.getfixturevalue("server")
    return made.url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A new one with all tables."""
    with closing(Database(url)) as made:
        made.upgrade()
        yield made
