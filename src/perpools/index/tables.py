"""
The tables: what happened to every market of one chain, row by row, and what it comes to.

`Record` is the truth: every other row follows from the records, and could be made from them again.
Amounts are base units, prices and rates WAD. Accounts are as the specification calls them: the
market's own is `state.MARKET`, that of the tokens locked for ever `state.VAULT`.
"""

from sqlalchemy import Computed, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from perpools.index import columns as c
from perpools.index.columns import Base, Exact, Logged
from perpools.index.happenings import Batch, Claim, FeePayment, Pair, Transfer
from perpools.index.summaries import Account, Checkpoint, Keeper, News, Position, Snapshot

__all__ = [
    "Account",
    "Announcement",
    "Base",
    "Batch",
    "Checkpoint",
    "Claim",
    "Epoch",
    "Exact",
    "FeePayment",
    "Involved",
    "Keeper",
    "Market",
    "Meta",
    "News",
    "Order",
    "Pair",
    "Position",
    "Record",
    "Snapshot",
    "Source",
    "Transfer",
]

HOUR_S, DAY_S = PERIODS = (3_600, 86_400)
"""Periods of snapshots."""

WAITING, EXECUTED, REFUNDED, CLAIMED, CANCELLED = STATUSES = (
    "waiting",
    "executed",
    "refunded",
    "claimed",
    "cancelled",
)
"""What can have become of an order."""

_STATUS = f"""
CASE WHEN cancelled_block IS NOT NULL THEN '{CANCELLED}'
WHEN claimed_block IS NOT NULL THEN '{CLAIMED}' WHEN executed_block IS NULL THEN '{WAITING}'
WHEN refunded THEN '{REFUNDED}' ELSE '{EXECUTED}' END
"""


class Meta(Base):
    """Facts about the database itself, such as `chain_id`."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[c.Name]


class Source(Base):
    """How far announcements of a factory were read; of any factory where it is empty."""

    __tablename__ = "sources"
    factory: Mapped[c.Key]
    block: Mapped[c.Count]


class Announcement(Base):
    """A market that a factory announced, true or not."""

    __tablename__ = "announcements"
    market: Mapped[c.Key]
    factory: Mapped[c.Key]
    name: Mapped[c.Name]
    block_number: Mapped[c.Count]


class Market(Base):
    """A market: what never changes, and where it stands after its last record."""

    __tablename__ = "markets"
    address: Mapped[c.Key]
    factory: Mapped[c.Account]
    deployer: Mapped[c.Account]
    name: Mapped[c.Name]
    symbol: Mapped[c.Name]
    collateral: Mapped[c.Account]
    collateral_symbol: Mapped[c.Name]
    decimals: Mapped[c.Small]
    long_token: Mapped[c.Account]
    short_token: Mapped[c.Account]
    long_symbol: Mapped[c.Name]
    short_symbol: Mapped[c.Name]
    feed: Mapped[c.Account]
    transfer: Mapped[c.Name]
    """`power`, `sigmoid`, `linear`, or `other`."""
    terms: Mapped[c.Document]
    """As `checkpoint.terms_of` reads them."""
    leverage_wad: Mapped[c.Units]
    interval_s: Mapped[c.Count]
    front_running_interval_s: Mapped[c.Count]
    sma_periods: Mapped[c.Small]
    seed_assets: Mapped[c.Units]
    first_price_wad: Mapped[c.Units]
    first_epoch: Mapped[c.Count]
    """The one that counted as closed when it was deployed."""
    block_number: Mapped[c.Count]
    """Of its deployment."""
    block_hash: Mapped[c.Hash]
    born_at: Mapped[c.Count]
    last_epoch: Mapped[c.Count]
    price_wad: Mapped[c.Units]
    """The last executed price."""
    spot_wad: Mapped[c.Units]
    """The feed's at the last event."""
    long_balance: Mapped[c.Units]
    short_balance: Mapped[c.Units]
    long_supply: Mapped[c.Units]
    short_supply: Mapped[c.Units]
    mint_fee_wad: Mapped[c.Units]
    primary_fees: Mapped[c.Units]
    secondary_fees: Mapped[c.Units]
    wound_down: Mapped[bool]
    settled_block: Mapped[c.Count]
    """Blocks up to this one are not read again."""
    settled_hash: Mapped[c.Hash]
    head_block: Mapped[c.Count]
    """Blocks up to this one were read."""
    head_hash: Mapped[c.Hash]
    head_at: Mapped[c.Count]
    version: Mapped[c.Count]
    """Counts every change: whoever writes says which one it saw last."""
    branch: Mapped[c.Count]
    """Counts how often records were taken back."""
    __table_args__ = (
        Index("markets_by_block", "block_number", "address"),
        Index("markets_by_name", "name"),
        Index("markets_by_symbol", "symbol"),
    )


class Record(Logged, Base):
    """An event, as `chain.history` tells it."""

    __tablename__ = "records"
    block_hash: Mapped[c.Hash]
    address: Mapped[c.Account]
    name: Mapped[c.Name]
    fields: Mapped[c.Document]


class Involved(Base):
    """Whom a record concerns: everybody it names, and everybody whose order it executes."""

    __tablename__ = "involved"
    account: Mapped[c.Key]
    market: Mapped[c.Key]
    block_number: Mapped[c.Ordinal]
    log_index: Mapped[c.Ordinal]
    __table_args__ = (
        Index("involved_by_block", "market", "block_number"),
        Index("involved_by_account", "account", "block_number", "log_index"),
    )


class Order(Logged, Base):
    """An order as it was placed, and what became of it."""

    __tablename__ = "orders"
    owner: Mapped[c.Account]
    controller: Mapped[c.Account]
    epoch: Mapped[c.Count]
    kind: Mapped[c.Small]
    amount: Mapped[c.Units]
    from_escrow: Mapped[c.Units]
    tip: Mapped[c.Units]
    executes_at: Mapped[c.Count]
    """The grid point whose price executes it."""
    paid_out: Mapped[c.MaybeUnits]
    """What it received; where it was refunded, itself."""
    fee_assets: Mapped[c.MaybeUnits]
    refunded: Mapped[bool] = mapped_column(server_default=false())
    executed_block: Mapped[c.Maybe]
    """Where it was executed or refunded."""
    executed_at: Mapped[c.Maybe]
    cancelled_block: Mapped[c.Maybe]
    cancelled_at: Mapped[c.Maybe]
    claimed_block: Mapped[c.Maybe]
    """Where its controller had taken everything that was due."""
    claimed_at: Mapped[c.Maybe]
    status: Mapped[str] = mapped_column(String(9), Computed(_STATUS, persisted=True))
    """One of `STATUSES`."""
    __table_args__ = (
        Index("orders_by_controller", "controller", "market", "block_number"),
        Index("orders_of_controller", "controller", "block_number", "log_index"),
        Index("orders_by_epoch", "market", "epoch", "block_number", "log_index"),
        Index("orders_by_execution", "market", "executed_block"),
        Index("orders_by_status", "market", "status", "block_number", "log_index"),
        Index("orders_of_status", "controller", "status", "block_number", "log_index"),
    )


class Epoch(Base):
    """An event: an epoch that was closed."""

    __tablename__ = "epochs"
    market: Mapped[c.Key]
    epoch: Mapped[c.Ordinal]
    block_number: Mapped[c.Count]
    log_index: Mapped[c.Count]
    transaction: Mapped[c.Hash]
    at: Mapped[c.Count]
    due_at: Mapped[c.Count]
    late_s: Mapped[c.Count]
    merged: Mapped[c.Count]
    """Grid points before its own that it closed too."""
    keeper: Mapped[c.Account]
    old_price_wad: Mapped[c.Units]
    new_price_wad: Mapped[c.Units]
    spot_wad: Mapped[c.Units]
    fraction: Mapped[c.Units]
    """In ONE."""
    long_before: Mapped[c.Units]
    short_before: Mapped[c.Units]
    long_after: Mapped[c.Units]
    short_after: Mapped[c.Units]
    long_supply: Mapped[c.Units]
    short_supply: Mapped[c.Units]
    long_price_wad: Mapped[c.Units]
    """Of a whole token in whole units of collateral, after it; rounded down."""
    short_price_wad: Mapped[c.Units]
    mint_fee_wad: Mapped[c.Units]
    fee_assets: Mapped[c.Units]
    reward_assets: Mapped[c.Units]
    gas_used: Mapped[c.Count]
    orders: Mapped[c.Small]
    __table_args__ = (
        Index("epochs_by_block", "market", "block_number"),
        Index("epochs_by_time", "market", "at", "epoch"),
        Index("epochs_by_keeper", "keeper", "market", "block_number"),
    )
