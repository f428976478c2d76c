"""
One market at one moment. A transition takes a `Market` and returns the next one with its events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from . import schedule
from .events import Event
from .pool import Pool
from .terms import Terms
from .units import Address, Assets, Epoch, Timestamp, Tokens, Wad, Wei

MARKET = "market"
"""
The holder of tokens in the market's own care: those of waiting orders and those not claimed yet.
"""

VAULT = "locked"
"""The holder of the tokens locked for ever: on a chain, the token's own contract."""


class Call(NamedTuple):
    """Who calls, when, and what comes with the call."""

    sender: Address
    now: Timestamp
    tip: Wei = 0
    """Native coin sent along."""
    received: Assets | None = None
    """Collateral that really arrived, where that is not what was sent."""


class Batch(NamedTuple):
    """All orders of one kind in one epoch."""

    paid_in: int = 0
    paid_out: int = 0
    """What it received when it was executed; 0 means that it is refunded."""


class Escrow(NamedTuple):
    """What the market holds for one account, ready to be claimed or ordered with."""

    assets: Assets = 0
    long_tokens: Tokens = 0
    short_tokens: Tokens = 0
    tip: Wei = 0
    """Autoclaim tips of executed epochs: whoever claims gets them."""

    def plus(self, other: "Escrow") -> "Escrow":
        """The sum of both, item by item."""
        return Escrow(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Market:
    """
    Everything a market knows. `held` and `tips_held` are what the market's account itself
    owns.
    """

    terms: Terms
    pool: Pool
    mint_fee_wad: Wad
    last_epoch: Epoch
    """The epoch closed last."""
    held: Assets
    samples: tuple[Wad, ...]
    """Spot prices of the last events, oldest first, at most `sma_periods` of them."""
    holdings: tuple[Mapping[Address, Tokens], Mapping[Address, Tokens]]
    recipients: tuple[Address, Address]
    proposed: tuple[Address | None, Address | None] = (None, None)
    fees: tuple[Assets, Assets] = (0, 0)
    """Management fees accrued for the primary and the secondary recipient."""
    earliest_waiting: Epoch = 0
    waiting: int = 0
    """Bit `k` says that epoch `earliest_waiting + k` has orders."""
    batches: Mapping[tuple[Epoch, int], Batch] = field(default_factory=dict)
    orders: Mapping[tuple[Address, Epoch, int], int] = field(default_factory=dict)
    """Amounts ordered and not claimed, by owner, epoch and kind."""
    tips: Mapping[tuple[Address, Epoch], Wei] = field(default_factory=dict)
    escrow: Mapping[Address, Escrow] = field(default_factory=dict)
    operators: frozenset[tuple[Address, Address]] = frozenset()
    tips_held: Wei = 0
    wound_down: bool = False

    @property
    def average(self) -> Wad:
        """The simple moving average of the samples there are: the last executed price (R5)."""
        return sum(self.samples) // len(self.samples)

    @property
    def due_epoch(self) -> Epoch:
        """
        The epoch that must be closed next at the latest: that of a trigger's longest wait, or an
        earlier one that waits. An order can bring it forward, and never postpone it.
        """
        terms = self.terms
        due = self.last_epoch + schedule.longest_wait(terms.max_interval_s, terms.interval_s)
        return min(due, self.earliest_waiting) if self.waiting else due

    def allows(self, account: Address, sender: Address) -> bool:
        """
        Whether `sender` may act for `account`: it is the account, or an operator it
        appointed (R3).
        """
        return account == sender or (account, sender) in self.operators

    def epoch_joined(self, now: Timestamp) -> Epoch:
        """The epoch that an order placed at `now` joins (R3)."""
        return schedule.epoch_joined(
            now, self.terms.front_running_interval_s, self.terms.interval_s
        )


class Step(NamedTuple):
    """The market after an operation, and the events that tell of it."""

    market: Market
    events: tuple[Event, ...] = ()


__all__ = ["MARKET", "VAULT", "Batch", "Call", "Escrow", "Market", "Step", "replace"]
