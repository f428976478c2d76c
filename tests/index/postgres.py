"""
A PostgreSQL server of one's own: found on this machine, started in a folder of its own, reached by
a socket in it alone, and gone afterwards.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.faults.process import until

NOT_THERE = "PostgreSQL's initdb and postgres are neither on the PATH nor in /usr/lib/postgresql"
USER = "postgres"
"""Who runs it where the tests run as root: the server refuses to."""
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
"""What a server that nobody needs tomorrow may leave out."""

_numbers = count()


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is none that can be run."""
    on_path = [Path(found).parent for found in [shutil.which("postgres")] if found]
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    usable = (folder for folder in [*on_path, *packaged] if (folder / "initdb").exists())
    return next(usable, None) if os.getuid() or _is_there(USER) else None


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _is_there(user: str) -> bool:
    return user in {entry.pw_name for entry in pwd.getpwall()}


class Server:
    """
    Runs as long as its context lasts. What it calls databases are schemas of one, each of which is
    all that its users see: a database is a thousand files to make and to remove.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self) -> str:
        """A new, empty database, as SQLAlchemy calls it."""
        name = f"perpools_{next(_numbers)}"
        with psycopg.connect(self._where("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        only = f"host={self.folder}&options=-csearch_path%3D{name}"
        return f"postgresql+psycopg://{USER}@/postgres?{only}"

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            psycopg.connect(self._where("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _where(self, database: str) -> str:
        return f"host={self.folder} user={USER} dbname={database}"


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """A new one."""
    folder = Path(tempfile.mkdtemp(prefix="perpools-pg-"))
    runner = USER if os.getuid() == 0 else None
    if runner:
        shutil.chown(folder, runner, runner)
    made = Server(folder)
    try:
        _make(programs, folder, runner)
        with _running(programs, folder, runner):
            until(made.answers, "an answer of PostgreSQL", (folder / "log").read_text)
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(programs: Path, folder: Path, runner: str | None) -> None:
    options = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C", "--no-sync"]
    line: list[str | Path] = [programs / "initdb", "--pgdata", folder / "data", *options]
    subprocess.run(line, user=runner, group=runner, cwd=folder, check=True, capture_output=True)


@contextmanager
def _running(programs: Path, folder: Path, runner: str | None) -> Iterator[None]:
    settings = [part for told in HASTY for part in ("-c", told)]
    line: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder, *settings]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(line, user=runner, group=runner, cwd=folder, stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()
