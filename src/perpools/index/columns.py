"""The types of the tables' columns, and what every table shares."""

from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, Numeric, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine


class Exact(TypeDecorator[int]):
    """
    An integer of any size: NUMERIC(78, 0) where the database has it, else its digits as text, which
    the database compares but cannot order or add.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the database keeps it as."""
        numeric = dialect.name == "postgresql"
        return dialect.type_descriptor(Numeric(78, 0) if numeric else Text())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        """As the database is given it."""
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """As Python gets it."""
        return None if value is None else int(value)


class Base(DeclarativeBase):
    """All tables."""


Key = Annotated[str, mapped_column(String(42), primary_key=True)]
"""An address that names a row."""
Account = Annotated[str, mapped_column(String(42))]
"""A checksummed address, or what the specification calls the market's own accounts."""
Hash = Annotated[str, mapped_column(String(66))]
Name = Annotated[str, mapped_column(Text)]
Count = Annotated[int, mapped_column(BigInteger)]
"""Blocks, epochs, seconds: what fits 64 bits."""
Ordinal = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
"""A number that names a row."""
Small = Annotated[int, mapped_column(Integer)]
Units = Annotated[int, mapped_column(Exact)]
"""Base units of a coin or token, WAD, or ONE."""
MaybeUnits = Annotated[int | None, mapped_column(Exact, nullable=True)]
Maybe = Annotated[int | None, mapped_column(BigInteger, nullable=True)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]
"""Integers of 2**53 and more in it are text."""
Serial = Annotated[
    int,
    mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
]


class Logged:
    """A row that a log tells."""

    market: Mapped[Key]
    block_number: Mapped[Ordinal]
    log_index: Mapped[Ordinal]
    transaction: Mapped[Hash]
    at: Mapped[Count]
