"""One database, SQLite's or PostgreSQL's: how it is opened, brought up to date and written to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from perpools.errors import ConfigError
from perpools.index.tables import Meta

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 30_000
"""How long a writer waits for another process: far longer than any transaction takes."""
WRITING = "perpools_writing"
CHAIN_ID = "chain_id"
_UPGRADE_LOCK = 0x5045_5250
"""Names the lock of those who upgrade one PostgreSQL database at the same time."""


class Database:
    """
    One database of one chain; safe for threads. `url` is `sqlite:///path` or
    `postgresql+psycopg://...`; `ConfigError` where it cannot be one.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        isolated = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**isolated)
        self._writing = self.engine.execution_options(**{WRITING: True})
        self._one_writer = threading.Lock() if self.is_sqlite else nullcontext()

    def session(self) -> Session:
        """To read with: all that one transaction reads is of one moment."""
        return Session(self._reading)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it when the block ends, nothing where it raises."""
        with self._one_writer, Session(self._writing) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """
        Make the tables, or bring them up to date; `ConfigError` where the database cannot be
        opened, or a later version of this program has made them.
        """
        self._require_folder()
        try:
            with self._one_writer, self._writing.begin() as connection:
                if not self.is_sqlite:
                    lock = text("SELECT pg_advisory_xact_lock(:key)")
                    connection.execute(lock, {"key": _UPGRADE_LOCK})
                _require_known(connection)
                command.upgrade(_config(connection), "head")
        except DBAPIError as failed:
            raise _cannot_open(self.url, failed) from None

    def check(self) -> None:
        """`ConfigError` unless the tables are there and those of this version."""
        if self.is_sqlite and self.url.database and not Path(self.url.database).exists():
            raise ConfigError(f"database: there is no {self.url.database}: index a chain into it")
        try:
            with self.engine.connect() as connection:
                revision = _require_known(connection)
        except DBAPIError as failed:
            raise _cannot_open(self.url, failed) from None
        if revision != ScriptDirectory(str(MIGRATIONS)).get_current_head():
            raise ConfigError("database: its tables are not there or old: let the indexer open it")

    def chain_id(self) -> int | None:
        """Of which chain it is; None where nothing was indexed yet."""
        with self.session() as session:
            known = session.get(Meta, CHAIN_ID)
            return None if known is None else int(known.value)

    def claim_chain(self, chain_id: int) -> None:
        """Make it that chain's; `ConfigError` where it is another's."""
        with self.writing() as session:
            known = session.get(Meta, CHAIN_ID)
            if known is None:
                session.add(Meta(name=CHAIN_ID, value=str(chain_id)))
            elif int(known.value) != chain_id:
                raise ConfigError(
                    f"database: it is of chain {known.value}, and the node is of chain {chain_id}: "
                    "name another database"
                )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _require_folder(self) -> None:
        """SQLite makes files, and no folders."""
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            folder = Path(str(self.url.database)).parent
            if not folder.is_dir():
                raise ConfigError(f"database: there is no folder {folder}: make it first")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            f"database: '{url}' is none: write sqlite:///file or postgresql://user@host/name"
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            f"database: {parsed.get_backend_name()} is not supported: use sqlite or postgresql"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigError("database: SQLite needs a file: write sqlite:///file")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError:
        raise ConfigError(
            f"database: {url.drivername} needs a driver: pip install 'perpools[postgres]'"
        ) from None


def _open_sqlite(connection: Any, _: Any) -> None:
    """Readers do not wait for the writer, and transactions begin where we say."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Whoever will write waits for its turn now: who reads first could be refused to write."""
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _require_known(connection: Connection) -> str | None:
    """Which version the tables are of; `ConfigError` where only a later program knows."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        raise ConfigError(
            f"database: its tables are of version {revision}, which this program does not know: "
            "update perpools"
        )
    return revision


def _cannot_open(url: URL, failed: DBAPIError) -> ConfigError:
    why = str(failed.orig).strip().splitlines()[0]
    return ConfigError(f"database: {url.render_as_string()} cannot be opened: {why}")
