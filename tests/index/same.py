"""What two databases say, row by row."""

from typing import Any

from perpools.index import tables
from perpools.index.database import Database

OWN = {"meta", "sources", "announcements", "news", "checkpoints"}
"""How a database came to be, not what it says."""
CURSOR = {"version", "branch", "settled_block", "settled_hash"}

Said = dict[str, list[dict[str, Any]]]


def said(database: Database) -> Said:
    """All rows of all tables that are made of records, in the order of their keys."""
    found: Said = {}
    with database.session() as session:
        for name, table in tables.Base.metadata.tables.items():
            if name not in OWN:
                asked = table.select().order_by(*table.primary_key)
                rows = session.execute(asked).mappings()
                found[name] = [
                    {key: value for key, value in row.items() if key not in CURSOR} for row in rows
                ]
    return found


def differences(one: Database, other: Database) -> dict[str, Any]:
    """Tables that are not the same, with the rows that only one of them has."""
    ours, theirs = said(one), said(other)
    return {
        name: (
            [row for row in ours[name] if row not in theirs[name]],
            [row for row in theirs[name] if row not in ours[name]],
        )
        for name in ours
        if ours[name] != theirs[name]
    }
