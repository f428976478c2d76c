"""Columns in one word each, as versions of the tables spell them; they never change."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from perpools.index.columns import Exact

Columns = Iterator[sa.Column[Any]]
STATUS = """
    CASE
        WHEN cancelled_block IS NOT NULL THEN 'cancelled'
        WHEN claimed_block IS NOT NULL THEN 'claimed'
        WHEN executed_block IS NULL THEN 'waiting'
        WHEN refunded THEN 'refunded'
        ELSE 'executed'
    END
"""


def _of(kind: Any, *names: str, key: bool = False, nullable: bool = False) -> Columns:
    for name in names:
        options: dict[str, Any] = {"primary_key": key, "nullable": nullable, "autoincrement": False}
        yield sa.Column(name, kind, **options)


def address(*names: str, key: bool = False) -> Columns:
    """Accounts and contracts."""
    return _of(sa.String(42), *names, key=key)


def digest(*names: str) -> Columns:
    """Hashes."""
    return _of(sa.String(66), *names)


def word(*names: str, key: bool = False) -> Columns:
    """Short names of ours."""
    return _of(sa.String(32), *names, key=key)


def words(*names: str) -> Columns:
    """Texts of any length."""
    return _of(sa.Text(), *names)


def exact(*names: str, nullable: bool = False) -> Columns:
    """Integers of any size."""
    return _of(Exact(), *names, nullable=nullable)


def number(*names: str, key: bool = False, nullable: bool = False) -> Columns:
    """Integers of 64 bits."""
    return _of(sa.BigInteger(), *names, key=key, nullable=nullable)


def small(*names: str) -> Columns:
    """Integers of 32 bits."""
    return _of(sa.Integer(), *names)


def document(*names: str) -> Columns:
    """JSON."""
    return _of(sa.JSON(), *names)


def flag(*names: str) -> Columns:
    """Yes or no."""
    return _of(sa.Boolean(), *names)


def unset(*names: str) -> Columns:
    """Yes or no, at first no."""
    for name in names:
        yield sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def became(*names: str) -> Columns:
    """What became of an order."""
    for name in names:
        yield sa.Column(name, sa.String(9), sa.Computed(STATUS, persisted=True), nullable=False)


def serial(*names: str) -> Columns:
    """Numbers that the database gives."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name in names:
        yield sa.Column(name, kind, primary_key=True, autoincrement=True)


def logged() -> Columns:
    """Where a log is, and when."""
    yield from address("market", key=True)
    yield from number("block_number", "log_index", key=True)
    yield from digest("transaction")
    yield from number("at")
