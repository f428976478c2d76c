"""Events and records as the tables keep them, and back: pure."""

from functools import lru_cache
from typing import Any, get_args, get_type_hints

from perpools.chain.history import Record
from perpools.index import tables
from perpools.index.ledger import NOT_ACCOUNTS
from perpools.spec import events
from perpools.spec.events import Event
from perpools.spec.units import Address
from perpools.values import as_json

KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(events.Event)}


def row_of(market: Address, record: Record) -> dict[str, Any]:
    """A record as a row."""
    return {
        **place_of(market, record),
        "block_hash": record.block_hash,
        "address": record.address,
        "name": type(record.event).__name__,
        "fields": as_json(record.event._asdict()),
    }


def place_of(market: Address, record: Record) -> dict[str, Any]:
    """What every row of a log says."""
    return {
        "market": market,
        "block_number": record.block_number,
        "log_index": record.index,
        "transaction": record.transaction_hash,
        "at": record.timestamp,
    }


def record_of(row: tables.Record) -> Record:
    """A row as the record it was made of."""
    numbers = _numbers(row.name)
    fields = {name: int(v) if name in numbers else v for name, v in row.fields.items()}
    event: Event = KINDS[row.name](**fields)
    return Record(
        event,
        row.block_number,
        row.block_hash,
        row.at,
        row.transaction,
        row.log_index,
        row.address,
    )


def accounts_in(event: Event) -> list[Address]:
    """Everybody that an event names, each once."""
    named = dict.fromkeys(value for value in event if isinstance(value, str))
    return [account for account in named if account not in NOT_ACCOUNTS]


@lru_cache(maxsize=len(KINDS))
def _numbers(name: str) -> frozenset[str]:
    """The fields of an event that are integers."""
    hints = get_type_hints(KINDS[name])
    return frozenset(field for field, hint in hints.items() if hint is int)
