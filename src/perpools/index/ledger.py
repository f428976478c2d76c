"""
What is kept beside the specification's state while records are read: which rows of orders wait or
were executed, what keepers did, and what happened in the running hour and day.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from perpools.index.tables import PERIODS
from perpools.spec.state import MARKET, VAULT
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Assets, Epoch, Seconds, Timestamp, Wad

NOT_ACCOUNTS = frozenset({MARKET, VAULT, NOBODY})
"""What the specification calls accounts and nobody owns."""

Spot = tuple[int, int]
"""Where a record is: block, log."""
Key = tuple[Address, Epoch, int]
"""Controller, epoch, kind."""


class Placed(NamedTuple):
    """An order that waits."""

    block_number: int
    log_index: int
    amount: int


class Kept(NamedTuple):
    """What a keeper did so far."""

    events: int = 0
    reward_assets: Assets = 0
    gas_used: int = 0
    late_s_total: Seconds = 0
    worst_late_s: Seconds = 0
    last_at: Timestamp = 0


class Tally(NamedTuple):
    """What happened in an hour or a day so far."""

    start: Timestamp
    events: int = 0
    orders: int = 0
    volume_in: Assets = 0
    volume_out: Assets = 0
    fees: Assets = 0
    rewards: Assets = 0

    def plus(self, **changes: int) -> "Tally":
        """The same after more happened."""
        return self._replace(**{name: getattr(self, name) + by for name, by in changes.items()})


@dataclass
class Ledger:
    """All of it, for one market; it changes in place."""

    spot_wad: Wad
    """The feed's at the last event."""
    tallies: dict[Seconds, Tally]
    waiting: dict[Key, tuple[Placed, ...]] = field(default_factory=dict)
    brought: dict[Address, tuple[Spot, ...]] = field(default_factory=dict)
    """Orders executed or refunded, by controller, until everything due was taken."""
    keepers: dict[Address, Kept] = field(default_factory=dict)

    def copy(self) -> "Ledger":
        """The same, which changes no more."""
        return Ledger(
            self.spot_wad,
            dict(self.tallies),
            dict(self.waiting),
            dict(self.brought),
            dict(self.keepers),
        )

    def add(self, **changes: int) -> None:
        """More happened in the running hour and day."""
        for period_s, tally in self.tallies.items():
            self.tallies[period_s] = tally.plus(**changes)


def opened(spot_wad: Wad, at: Timestamp) -> Ledger:
    """That of a market just deployed."""
    return Ledger(spot_wad, {period_s: Tally(at - at % period_s) for period_s in PERIODS})
