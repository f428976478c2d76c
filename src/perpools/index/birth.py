"""A market's first rows."""

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from perpools.chain.history import History
from perpools.chain.node import Node
from perpools.chain.snapshot import Fixed
from perpools.errors import ChainError
from perpools.index import standing, tables
from perpools.index.changes import Row
from perpools.index.checkpoint import OTHER, State, named, terms_json
from perpools.index.comparing import Look
from perpools.index.database import Database
from perpools.index.finding import Found
from perpools.index.ledger import opened
from perpools.index.rows import Folding
from perpools.index.writing import put_down
from perpools.spec import naming

LONG_MARK = "L-"
"""What stands before a market's name in the symbol of its long token, after the leverage."""


def true_history(node: Node, found: Found) -> History:
    """That of a market whose birth somebody tells truly; `ChainError` where nobody does."""
    false: ChainError | None = None
    for factory in found.factories or (None,):
        told = History(node, found.market, factory=factory, first_block=found.first_block)
        try:
            _ = told.birth
        except ChainError as failed:
            false = failed
        else:
            return told
    raise false or ChainError(f"nobody announced {found.market}")


def begin(database: Database, history: History, look: Look) -> None:
    """Write a market just born; nothing where it is there already."""
    birth = history.birth
    block = look.block(birth.block_number)
    look.require_head()
    state = State(history.begun(), opened(birth.deployed.first_price, block.timestamp))
    folding = Folding(history.fixed, state)
    folding.rows.touched.add(birth.deployed.deployer)
    rows = folding.close()
    born = {"block_number": block.number, "block_hash": block.hash, "born_at": block.timestamp}
    now = standing.market(state.played, state.ledger.spot_wad)
    unread = {
        "settled_block": block.number - 1,
        "settled_hash": "",
        "head_block": block.number - 1,
        "head_hash": "",
        "head_at": block.timestamp,
        "version": 0,
        "branch": 0,
    }
    row = {**_told(history), **_fixed(history.fixed), **born, **now, **unread}
    with suppress(IntegrityError), database.writing() as session:
        session.add(tables.Market(**row))
        session.flush()
        put_down(session, history.market, rows, state)


def _told(history: History) -> Row:
    """What the factory told."""
    birth = history.birth
    return {
        "address": history.market,
        "factory": birth.factory,
        "deployer": birth.deployed.deployer,
        "seed_assets": birth.deployed.seed_assets,
        "first_price_wad": birth.deployed.first_price,
        "first_epoch": birth.deployed.last_epoch,
    }


def _fixed(fixed: Fixed) -> Row:
    """What never changes."""
    terms, contracts = fixed.terms, fixed.contracts
    long, short, coin = map(printable, (*fixed.symbols, fixed.collateral_symbol))
    name = long.partition(LONG_MARK)[2]
    curve = named(terms.transfer) or {"name": OTHER}
    return {
        "name": name,
        "symbol": naming.symbol(terms.leverage_wad, "-", name),
        "collateral": contracts.collateral,
        "collateral_symbol": coin,
        "decimals": terms.decimals,
        "long_token": fixed.tokens[0],
        "short_token": fixed.tokens[1],
        "long_symbol": long,
        "short_symbol": short,
        "feed": contracts.feed,
        "transfer": curve["name"],
        "terms": terms_json(fixed),
        "leverage_wad": terms.leverage_wad,
        "interval_s": terms.interval_s,
        "front_running_interval_s": terms.front_running_interval_s,
        "sma_periods": terms.sma_periods,
    }


def printable(text: str) -> str:
    """A text without what would disturb a terminal or a database."""
    return "".join(letter for letter in text if letter.isprintable())
