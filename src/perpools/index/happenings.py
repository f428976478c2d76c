"""Tables of what happened beside orders and events: one row for each, never changed."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from perpools.index import columns as c
from perpools.index.columns import Base, Logged

CLAIMED, WITHDRAWN, REDEEMED = CLAIM_KINDS = ("claimed", "withdrawn", "redeemed")


class Batch(Base):
    """All orders of a kind that an event executed."""

    __tablename__ = "batches"
    market: Mapped[c.Key]
    epoch: Mapped[c.Ordinal]
    kind: Mapped[c.Ordinal]
    paid_in: Mapped[c.Units]
    paid_out: Mapped[c.Units]
    """0: it was refunded."""
    block_number: Mapped[c.Count]


class Claim(Logged, Base):
    """What was sent to somebody: claimed, withdrawn, or redeemed from a market wound down."""

    __tablename__ = "claims"
    kind: Mapped[c.Name]
    """One of `CLAIM_KINDS`."""
    owner: Mapped[c.Account]
    other: Mapped[c.Account]
    """Who called for a claim, who received what was withdrawn; else the owner."""
    assets: Mapped[c.Units]
    """Sent to the owner or the receiver; so are the tokens of a claim or withdrawal."""
    long_tokens: Mapped[c.Units]
    """Where redeemed, what was given up."""
    short_tokens: Mapped[c.Units]
    tip: Mapped[c.Units]
    """Native coin, to whoever called."""
    __table_args__ = (
        Index("claims_by_owner", "owner", "market", "block_number"),
        Index("claims_of_owner", "owner", "block_number", "log_index"),
    )


class Pair(Logged, Base):
    """Equal fractions of both sides, minted or redeemed at once."""

    __tablename__ = "pairs"
    minted: Mapped[bool]
    owner: Mapped[c.Account]
    long_assets: Mapped[c.Units]
    short_assets: Mapped[c.Units]
    long_tokens: Mapped[c.Units]
    short_tokens: Mapped[c.Units]
    __table_args__ = (
        Index("pairs_by_owner", "owner", "market", "block_number"),
        Index("pairs_of_owner", "owner", "block_number", "log_index"),
    )


class Transfer(Logged, Base):
    """Tokens that a holder sent to somebody."""

    __tablename__ = "transfers"
    side: Mapped[c.Small]
    sender: Mapped[c.Account]
    receiver: Mapped[c.Account]
    tokens: Mapped[c.Units]
    worth: Mapped[c.Units]
    """In collateral at the book price; rounded down."""
    __table_args__ = (
        Index("transfers_by_sender", "sender", "market", "block_number"),
        Index("transfers_by_receiver", "receiver", "market", "block_number"),
        Index("transfers_of_sender", "sender", "block_number", "log_index"),
        Index("transfers_of_receiver", "receiver", "block_number", "log_index"),
    )


class FeePayment(Logged, Base):
    """Management fees that a recipient was sent."""

    __tablename__ = "fee_payments"
    which: Mapped[c.Small]
    """0 the primary, 1 the secondary recipient."""
    recipient: Mapped[c.Account]
    assets: Mapped[c.Units]
