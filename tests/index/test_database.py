"""A database is opened once for one chain, and its tables are those of this version."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from perpools.errors import ConfigError
from perpools.index.database import Database
from perpools.index.tables import Base, Market, Meta
from tests.index.tale import POOL, Desk, beginning

HUGE = 10**77


def test_the_migrations_make_the_very_tables(database: Database) -> None:
    database.upgrade()
    database.check()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_tables_of_a_later_version_are_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for wanted in (database.upgrade, database.check):
        with pytest.raises(ConfigError, match="of version 9999, which this program does not know"):
            wanted()


def test_a_database_is_of_one_chain(database: Database) -> None:
    assert database.chain_id() is None
    database.claim_chain(31_337)
    database.claim_chain(31_337)
    assert database.chain_id() == 31_337
    with pytest.raises(ConfigError, match="it is of chain 31337, and the node is of chain 1"):
        database.claim_chain(1)


def test_integers_of_any_size_are_kept_exactly() -> None:
    with closing(Desk(beginning()).begin()) as desk:
        with desk.database.writing() as session:
            session.get_one(Market, POOL).seed_assets = HUGE
        with desk.database.session() as session:
            assert session.get_one(Market, POOL).seed_assets == HUGE


def test_what_fails_in_the_middle_writes_nothing(database: Database) -> None:
    def write() -> None:
        with database.writing() as session:
            session.add(Meta(name="a fact", value="false"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        write()
    with database.session() as session:
        assert session.get(Meta, "a fact") is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "'nonsense' is none: write sqlite:///file"),
        ("mysql://host/name", "mysql is not supported"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///", "SQLite needs a file"),
    ],
)
def test_what_is_no_database_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        Database(url)


def test_a_file_must_be_a_database_in_a_folder_that_is_there(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/none/index.db")) as database:
        with pytest.raises(ConfigError, match="there is no folder"):
            database.upgrade()
        with pytest.raises(ConfigError, match="there is no"):
            database.check()
    text_file = tmp_path / "notes.txt"
    text_file.write_text("nothing of a database\n" * 100)
    with (
        closing(Database(f"sqlite:///{text_file}")) as database,
        pytest.raises(ConfigError, match="cannot be opened"),
    ):
        database.upgrade()


def test_tables_that_are_not_there_yet_are_told(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    path.touch()
    with (
        closing(Database(f"sqlite:///{path}")) as database,
        pytest.raises(ConfigError, match="its tables are not there or old"),
    ):
        database.check()
