"""
Many rows at once. SQLite is told them one by one, which costs it nothing; PostgreSQL gets all of
them in one statement, as one JSON value, whose numbers are exact.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, and_, bindparam, insert, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

Row = Mapping[str, Any]


def put(session: Session, into: Table, rows: Sequence[Row], *, replace: bool = False) -> None:
    """Insert rows, all of the same columns; `replace`: instead of those of the same key."""
    if not rows:
        return
    keys = [column.name for column in into.primary_key] if replace else []
    others = [name for name in rows[0] if name not in keys]
    if not _is_sqlite(session):
        names = ", ".join(map(_quoted, rows[0]))
        lines = [f"INSERT INTO {into.name} ({names}) SELECT {names} FROM {_given(into)}"]
        if replace:
            changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in others)
            named = ", ".join(map(_quoted, keys))
            lines.append(f"ON CONFLICT ({named}) DO UPDATE SET {changes}")
        _tell(session, " ".join(lines), rows)
    elif replace:
        wanted = sqlite.insert(into)
        changed = {name: wanted.excluded[name] for name in others}
        chosen = wanted.on_conflict_do_update(index_elements=keys, set_=changed)
        session.connection().execute(chosen, [*map(dict, rows)])
    else:
        session.connection().execute(insert(into), [*map(dict, rows)])


def change(session: Session, of: Table, rows: Sequence[Row]) -> None:
    """Change the rows of these keys, all in the same columns."""
    if not rows:
        return
    keys = [column.name for column in of.primary_key]
    others = [name for name in rows[0] if name not in keys]
    if not _is_sqlite(session):
        changes = ", ".join(f"{_quoted(name)} = given.{_quoted(name)}" for name in others)
        same = " AND ".join(f"{of.name}.{_quoted(name)} = given.{_quoted(name)}" for name in keys)
        line = f"UPDATE {of.name} SET {changes} FROM {_given(of)} AS given WHERE {same}"
        _tell(session, line, rows)
        return
    where = and_(*(of.c[name] == bindparam(f"old_{name}") for name in keys))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in others}
    told = [
        {f"{'old' if name in keys else 'new'}_{name}": value for name, value in row.items()}
        for row in rows
    ]
    session.connection().execute(update(of).where(where).values(values), told)


def _is_sqlite(session: Session) -> bool:
    return bool(session.get_bind().dialect.name == "sqlite")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _given(of: Table) -> str:
    """The rows in one value, as rows of a table."""
    return f"json_populate_recordset(CAST(NULL AS {of.name}), CAST(:rows AS json))"


def _tell(session: Session, statement: str, rows: Sequence[Row]) -> None:
    told = json.dumps([*map(dict, rows)], separators=(",", ":"))
    session.connection().execute(text(statement), {"rows": told})
