"""`docs/indexing.md` says what the tables are, and its SQL runs on each sort of database."""

import re

import pytest
from sqlalchemy import text

from perpools.index.database import Database
from perpools.index.options import IndexSettings
from tests.index.document import DOCUMENT, with_tables
from tests.index.synthetic import fill

QUERIES = re.findall(r"```sql\n(.*?);\n```", DOCUMENT.read_text(), re.DOTALL)


def test_every_table_and_column_is_explained() -> None:
    told = DOCUMENT.read_text()
    assert with_tables(told) == told, "write it anew: python -m tests.index.document"


def test_every_option_named_in_the_text_exists() -> None:
    named = set(re.findall(r"--([a-z][a-z-]+)", DOCUMENT.read_text()))
    known = {*IndexSettings.model_fields, "once", "table", "to", "json"}
    assert {name.replace("-", "_") for name in named} <= known


def test_the_queries_shown_have_answers(database: Database) -> None:
    assert len(QUERIES) == 4
    fill(database, 600)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE orders SET executed_block = NULL, claimed_block = NULL"))
    with database.session() as session:
        for query in QUERIES:
            assert session.execute(text(query)).all(), query


@pytest.mark.parametrize("action", ["follow", "status", "export", "check"])
def test_every_action_is_explained(action: str) -> None:
    assert f"- `{action}` " in DOCUMENT.read_text()
