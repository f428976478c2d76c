"""What some records make of the tables."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from perpools.index.columns import Base
from perpools.index.ledger import Spot
from perpools.spec.units import Address, Seconds, Timestamp

Row = dict[str, Any]

UNMARKED = (
    "paid_out",
    "fee_assets",
    "executed_block",
    "executed_at",
    "cancelled_block",
    "cancelled_at",
    "claimed_block",
    "claimed_at",
)
"""What is not known of an order that waits."""


@dataclass
class Rows:
    """What some records make of the tables."""

    inserted: dict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[Spot, Row] = field(default_factory=dict)
    """New ones, by where they are."""
    marks: dict[Spot, Row] = field(default_factory=dict)
    """What became of older ones."""
    touched: set[Address] = field(default_factory=set)
    """Accounts whose own rows have changed."""
    keepers: set[Address] = field(default_factory=set)
    snapshots: dict[tuple[Seconds, Timestamp], Row] = field(default_factory=dict)

    def mark(self, spot: Spot, **changes: Any) -> None:
        """Say what became of an order."""
        row = self.orders.get(spot)
        (self.marks.setdefault(spot, {}) if row is None else row).update(changes)
