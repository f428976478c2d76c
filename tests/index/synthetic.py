"""
A hundred thousand rows that no chain ever told, for queries to find their way among: two markets,
one of which has most of what there is, and a few accounts that did most of it.
"""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, String
from sqlalchemy.types import TypeEngine

from perpools.index import bulk, tables
from perpools.index.database import Database
from perpools.index.tables import DAY_S, HOUR_S

MARKETS = tuple("0x" + f"{number:02x}" * 20 for number in (17, 18))
ACCOUNTS = tuple("0x" + f"{number:02x}" * 20 for number in range(32, 72))
ROWS = 100_000
BORN_AT = 1_700_000_000
INTERVAL_S = 3_600
KINDS = ("orders", "transfers", "claims", "pairs", "epochs", "records", "fee_payments")
PART = 2, 5
"""Of the blocks: the part that the smaller market was there for, later than the other."""

FACTS = {"chain_id": "31337", "head_block": "9", "looked_at": str(BORN_AT)}

Row = dict[str, Any]


def fill(database: Database, rows: int = ROWS) -> None:
    """All tables, in one transaction."""
    chance = random.Random(7)
    found: dict[str, list[Row]] = {name: [] for name in tables.Base.metadata.tables}
    found["markets"] = [_market(number) for number in range(len(MARKETS))]
    for number in range(rows // 3):
        for name, row in _happened(chance, number):
            found[name].append(row)
    found["meta"] = [{"name": name, "value": value} for name, value in FACTS.items()]
    found["snapshots"] = list(_snapshots())
    found["accounts"] = list(_accounts())
    found["positions"] = list(_positions())
    found["keepers"] = list(_keepers())
    with database.writing() as session:
        for name, some in found.items():
            alike: dict[tuple[str, ...], list[Row]] = {}
            for row in some:
                alike.setdefault(tuple(row), []).append(row)
            for same in alike.values():
                bulk.put(session, tables.Base.metadata.tables[name], same)


def _market(number: int) -> Row:
    row = _plain("markets")
    names = {"name": f"ETH/USD {number}", "symbol": f"3-ETH/USD {number}"}
    return row | names | {"address": MARKETS[number], "block_number": number, "terms": {}}


def _happened(chance: random.Random, number: int) -> Iterator[tuple[str, Row]]:
    """A log: its record, whom it concerns, and the row that it makes."""
    market = MARKETS[number % PART[1] < PART[0] and number > 1_000]
    who, other = (ACCOUNTS[int(chance.random() ** 3 * len(ACCOUNTS))] for _ in range(2))
    place = {"market": market, "block_number": 10 + number // 3, "log_index": number % 3}
    place |= {"transaction": f"0x{number:064x}", "at": BORN_AT + number * 12}
    yield "records", _plain("records") | place
    yield "involved", {"account": who} | {key: place[key] for key in list(place)[:3]}
    table = chance.choices(("orders", "transfers", "claims", "pairs", "epochs"), (8, 4, 2, 1, 2))[0]
    row = _plain(table) | place
    if table == "orders":
        row |= _order(chance, number, who)
    elif table == "transfers":
        row |= {"sender": who, "receiver": other}
    elif table == "epochs":
        row |= {"epoch": number, "keeper": who}
    else:
        row |= {"owner": who}
    yield table, row
    if number % 10 == 0:
        yield "fee_payments", _plain("fee_payments") | place
        yield (
            "news",
            {"market": market, "undone": False, "fact": {}}
            | {key: place[key] for key in ("block_number", "at")},
        )


def _order(chance: random.Random, number: int, who: str) -> Row:
    block = 20 + number // 3
    fate = chance.choices(
        ({}, {"executed_block": block}, {"claimed_block": block}, {"cancelled_block": block}),
        (1, 5, 500, 5),
    )[0]
    fates = dict.fromkeys(("executed_block", "claimed_block", "cancelled_block")) | fate
    if fates["claimed_block"]:
        fates["executed_block"] = block
    return {"owner": who, "controller": who, "epoch": number // 20, **fates}


def _snapshots() -> Iterator[Row]:
    for market in MARKETS:
        for period_s in (HOUR_S, DAY_S):
            for number in range(3_000 * HOUR_S // period_s):
                where = {"market": market, "period_s": period_s, "start": number * period_s}
                yield _plain("snapshots") | where


def _accounts() -> Iterator[Row]:
    for market in MARKETS:
        for account in ACCOUNTS:
            yield _plain("accounts") | {"market": market, "account": account}


def _positions() -> Iterator[Row]:
    for row in _accounts():
        for side in (0, 1):
            place = {"market": row["market"], "account": row["account"], "side": side}
            yield _plain("positions") | place


def _keepers() -> Iterator[Row]:
    for row in _accounts():
        yield _plain("keepers") | {"market": row["market"], "keeper": row["account"], "events": 3}


def _plain(name: str) -> Row:
    """A row of a table with something in every column that needs it."""
    table = tables.Base.metadata.tables[name]
    needed = (c for c in table.columns if not c.nullable and c.computed is None)
    return {column.name: _something(column.type) for column in needed}


def _something(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSON):
        return {}
    return "x" if isinstance(kind, String) else 1
