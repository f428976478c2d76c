"""Tables of what the records come to: rewritten as they come, and taken back with them."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from perpools.index import columns as c
from perpools.index.columns import Base


class Account(Base):
    """All that an account has in a market beside tokens, and what it paid and took."""

    __tablename__ = "accounts"
    market: Mapped[c.Key]
    account: Mapped[c.Key]
    waiting_assets: Mapped[c.Units]
    escrow_assets: Mapped[c.Units]
    escrow_long: Mapped[c.Units]
    escrow_short: Mapped[c.Units]
    escrow_tip: Mapped[c.Units]
    paid_in: Mapped[c.Units]
    taken_out: Mapped[c.Units]
    earned: Mapped[c.Units]
    fees: Mapped[c.Units]
    __table_args__ = (Index("accounts_by_account", "account", "market"),)


class Position(Base):
    """An account's tokens of one side, and what they cost; what they are worth is for now."""

    __tablename__ = "positions"
    market: Mapped[c.Key]
    account: Mapped[c.Key]
    side: Mapped[c.Ordinal]
    wallet: Mapped[c.Units]
    escrow: Mapped[c.Units]
    waiting: Mapped[c.Units]
    cost_assets: Mapped[c.Units]
    entry_price_wad: Mapped[c.Units]
    realised: Mapped[c.Units]
    """What left brought so much more than it had cost."""
    __table_args__ = (Index("positions_by_account", "account", "market", "side"),)


class Keeper(Base):
    """What an account did for a market as its keeper."""

    __tablename__ = "keepers"
    market: Mapped[c.Key]
    keeper: Mapped[c.Key]
    events: Mapped[c.Count]
    reward_assets: Mapped[c.Units]
    gas_used: Mapped[c.Count]
    late_s_total: Mapped[c.Count]
    worst_late_s: Mapped[c.Count]
    last_at: Mapped[c.Count]
    __table_args__ = (
        Index("keepers_by_events", "events", "market", "keeper"),
        Index("keepers_of_market", "market", "events", "keeper"),
    )


class Snapshot(Base):
    """
    A market at the end of an hour or a day in which something happened, and what did; the running
    one's is as of now.
    """

    __tablename__ = "snapshots"
    market: Mapped[c.Key]
    period_s: Mapped[c.Ordinal]
    start: Mapped[c.Ordinal]
    spot_wad: Mapped[c.Units]
    price_wad: Mapped[c.Units]
    """The last executed price."""
    long_price_wad: Mapped[c.Units]
    short_price_wad: Mapped[c.Units]
    long_balance: Mapped[c.Units]
    short_balance: Mapped[c.Units]
    long_supply: Mapped[c.Units]
    short_supply: Mapped[c.Units]
    events: Mapped[c.Count]
    orders: Mapped[c.Count]
    volume_in: Mapped[c.Units]
    """Collateral that executed mints and pairs brought to the sides; flips count both ways."""
    volume_out: Mapped[c.Units]
    """Collateral that executed burns, pairs and redemptions took from the sides."""
    fees: Mapped[c.Units]
    """Management fees accrued."""
    rewards: Mapped[c.Units]
    """Keepers' pay."""
    accounts: Mapped[c.Count]
    """That ever had anything to do with it."""


class News(Base):
    """What a watcher tells of the blocks near the head: the latest, by id."""

    __tablename__ = "news"
    id: Mapped[c.Serial]
    market: Mapped[c.Account]
    undone: Mapped[bool]
    block_number: Mapped[c.Count]
    at: Mapped[c.Count]
    fact: Mapped[c.Document]
    __table_args__ = (Index("news_by_market", "market", "id"),)


class Checkpoint(Base):
    """A market's state after a block, so that nobody needs to replay from its birth."""

    __tablename__ = "checkpoints"
    market: Mapped[c.Key]
    block: Mapped[c.Ordinal]
    state: Mapped[str] = mapped_column(Text)
