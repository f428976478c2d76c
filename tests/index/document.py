"""
The tables of `docs/indexing.md`, made from the tables of the database and what is said of them.

    python -m tests.index.document    # write them
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer
from sqlalchemy.types import TypeEngine

from perpools.index import columns, happenings, summaries, tables
from perpools.index.columns import Exact
from tests.evm import ROOT

DOCUMENT = ROOT / "docs/indexing.md"

# What the code need not say, since the name does to whoever reads the code.
MEANINGS = {
    "market": "The market's address.",
    "block_number": "The block of its log.",
    "log_index": "The number of its log in the block.",
    "transaction": "Its transaction's hash.",
    "at": "The block's time.",
    "account": "Whose it is.",
    "owner": "Whose it is.",
    "epoch": "The epoch's number: its grid point is the number times the interval.",
    "kind": "0 long mint, 1 short mint, 2 long burn, 3 short burn, 4 long flip, 5 short flip.",
    "side": "0 long, 1 short.",
    "keeper": "Who closed it.",
    "long_balance": "The long side's collateral.",
    "short_balance": "The short side's collateral.",
    "long_supply": "L-tokens there are.",
    "short_supply": "S-tokens there are.",
    "long_price_wad": "The L-token's price in collateral.",
    "short_price_wad": "The S-token's price in collateral.",
    "mint_fee_wad": "The mint fee that orders pay, a part of WAD.",
    "price_wad": "The last executed price.",
    "spot_wad": "The feed's price at the event.",
    "fact": "As `perpools watch --json` tells it.",
    "name": "Its name.",
    "symbol": "Its symbol.",
    "factory": "Who announced it.",
    "value": "What it is.",
    "block": "Up to which block.",
    "state": "Everything to go on from there, as JSON.",
    "address": "The contract whose log it is.",
    "fields": "The event's own fields, as the specification names them.",
    "block_hash": "The block's hash.",
    "collateral": "The collateral's contract.",
    "collateral_symbol": "Its symbol.",
    "decimals": "The collateral's.",
    "deployer": "Who deployed it.",
    "feed": "The price feed's contract.",
    "leverage_wad": "The leverage.",
    "interval_s": "Seconds from one grid point to the next.",
    "front_running_interval_s": "Seconds before a grid point after which orders join the next one.",
    "sma_periods": "Grid points that the executed price is an average of.",
    "seed_assets": "Collateral that the deployer paid to each side.",
    "first_price_wad": "The price when it was deployed.",
    "born_at": "The time of its deployment.",
    "last_epoch": "The epoch closed last.",
    "primary_fees": "Management fees due to the primary recipient.",
    "secondary_fees": "Management fees due to the secondary recipient.",
    "wound_down": "Whether it stopped for good.",
    "long_token": "The L-token's contract.",
    "short_token": "The S-token's contract.",
    "long_symbol": "The L-token's symbol.",
    "short_symbol": "The S-token's symbol.",
    "settled_hash": "The hash of that block.",
    "head_hash": "The hash of that block.",
    "head_at": "The time of that block.",
    "controller": "Who receives what it pays.",
    "amount": "What was ordered: collateral, or tokens.",
    "from_escrow": "The part of it that came from escrow.",
    "tip": "Native coin for whoever claims.",
    "fee_assets": "Management fee taken.",
    "refunded": "Whether it was refunded instead of executed.",
    "executed_at": "When.",
    "cancelled_block": "Where it was taken back.",
    "cancelled_at": "When.",
    "claimed_at": "When.",
    "orders.owner": "Who paid.",
    "orders.fee_assets": "Mint or burn fee, in collateral.",
    "due_at": "The grid point.",
    "late_s": "Seconds from the grid point to the event.",
    "old_price_wad": "The executed price before.",
    "new_price_wad": "The executed price.",
    "long_before": "The long side's collateral before.",
    "short_before": "The short side's collateral before.",
    "long_after": "The long side's collateral after.",
    "short_after": "The short side's collateral after.",
    "reward_assets": "What its keepers were paid.",
    "gas_used": "Gas that was reimbursed.",
    "orders": "Orders executed or refunded.",
    "events": "Epochs closed.",
    "paid_in": "What its orders paid.",
    "paid_out": "What they receive.",
    "accounts.paid_in": "Collateral ever paid in.",
    "taken_out": "Collateral ever taken out.",
    "earned": "Collateral earned as a keeper or recipient.",
    "fees": "Mint and burn fees paid.",
    "waiting_assets": "Collateral in orders that wait.",
    "escrow_assets": "Collateral to claim.",
    "escrow_long": "L-tokens to claim.",
    "escrow_short": "S-tokens to claim.",
    "escrow_tip": "Native coin to claim.",
    "minted": "Whether the pair was minted; else redeemed.",
    "long_assets": "Collateral of the long side.",
    "short_assets": "Collateral of the short side.",
    "long_tokens": "L-tokens.",
    "short_tokens": "S-tokens.",
    "assets": "Collateral.",
    "sender": "Who sent them.",
    "receiver": "Who got them.",
    "tokens": "How many.",
    "recipient": "Who was paid.",
    "wallet": "Tokens in its own hands.",
    "escrow": "Tokens to claim.",
    "waiting": "Tokens in orders that wait.",
    "cost_assets": "What those it has cost.",
    "entry_price_wad": "What each of them cost.",
    "late_s_total": "Seconds behind the grid points, in sum.",
    "worst_late_s": "Seconds behind, at the worst.",
    "last_at": "When it closed one last.",
    "period_s": "3600 or 86400.",
    "start": "The first second of the period.",
    "rewards": "Keepers' pay.",
    "id": "Counts on; the stream of events goes on after it.",
    "undone": "Whether it is no longer on the chain.",
    "keepers.keeper": "Whose it is.",
    "markets.address": "The market's.",
    "announcements.block_number": "The block of the announcement.",
    "batches.block_number": "The block of the event.",
    "snapshots.orders": "Orders placed.",
    "batches.paid_out": "What they receive; 0: they were refunded.",
    "claims.kind": "`claimed`, `withdrawn` or `redeemed`.",
    "claims.assets": "Collateral sent.",
    "claims.long_tokens": "L-tokens sent; where redeemed, given up.",
    "claims.short_tokens": "S-tokens sent; where redeemed, given up.",
    "epochs.fraction": "What the losing side paid, a part of 10^36.",
    "epochs.long_price_wad": "The L-token's price in collateral after it; rounded down.",
    "epochs.short_price_wad": "The S-token's price in collateral after it; rounded down.",
    "markets.terms": "Everything the deployer chose, as the contract has it.",
    "markets.block_number": "The block of its deployment.",
    "orders.status": "`waiting`, `executed`, `refunded`, `claimed` or `cancelled`.",
    "records.name": "The event's name, such as `OrderPlaced`.",
    "sources.factory": "Whose announcements; empty: any factory's.",
}


def table_texts() -> Iterator[str]:
    """Every table of the database: what it is, then its columns."""
    for name, table in sorted(tables.Base.metadata.tables.items()):
        said, of_columns = _words()[name]
        keys = {column.name for column in table.primary_key.columns}
        rows = [
            (f"`{column.name}`" + " key" * (column.name in keys), _kind(column), meaning)
            for column in table.columns
            for meaning in [meaning_of(name, column.name, of_columns)]
        ]
        yield f"### {name}\n\n{said}\n\n" + _table(("column", "type", "meaning"), rows)


def meaning_of(table: str, column: str, said: dict[str, str]) -> str:
    """What the code says of a column, else what its name means."""
    own = MEANINGS.get(f"{table}.{column}") or said.get(column) or MEANINGS.get(column)
    assert own, f"nobody says what {table}.{column} means"
    return own


def with_tables(text: str) -> str:
    """The document with every table as it should be."""
    told = "\n".join(table_texts())
    pattern = re.compile(r"(<!-- tables -->\n).*?(<!-- end -->)", re.DOTALL)
    text, count = pattern.subn(lambda at: f"{at[1]}\n{told}\n{at[2]}", text)
    assert count == 1
    return text


def _kind(column: Column[Any]) -> str:
    kind: TypeEngine[Any] = column.type
    named = {Exact: "exact", Boolean: "boolean", JSON: "JSON", BigInteger: "integer"}
    told = next((text for known, text in named.items() if isinstance(kind, known)), None)
    told = told or ("integer" if isinstance(kind, Integer) else "text")
    return told + " or null" * bool(column.nullable)


@cache
def _words() -> dict[str, tuple[str, dict[str, str]]]:
    """By a table's name: what is said of it, and of its columns."""
    shared = dict(_classes(columns))["Logged"][1]
    found = {}
    for module in (tables, happenings, summaries):
        for name, (said, of_columns) in _classes(module):
            table = getattr(getattr(module, name), "__tablename__", None)
            if table:
                found[table] = said, shared | of_columns
    return found


def _classes(module: ModuleType) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, (_flat(ast.get_docstring(node) or ""), dict(_attributes(node)))


def _attributes(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Attributes that are followed by what is said of them."""
    for one, then in zip(node.body, node.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(then, ast.Expr):
            yield ast.unparse(one.target), _flat(ast.literal_eval(then.value))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(row) + " |\n" for row in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text()))
