"""
A market of the specification alone, played step by step: one clock, one feed, invariants after each
step.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from perpools.spec import deployment, escrow, orders, rebalancing, transfer_curves
from perpools.spec.events import Claimed, OrderCancelled, OrderPlaced, Rebalanced
from perpools.spec.fixed_point import WAD
from perpools.spec.invariants import broken
from perpools.spec.orders import Order
from perpools.spec.prices import History
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Call, Escrow, Market
from perpools.spec.terms import Terms
from tests.terms_cases import TERMS

HOUR_S = 3_600
START_EPOCH = 495_000
START = START_EPOCH * HOUR_S
UNIT = 10**6
"""One whole unit of collateral of six decimals."""
SEED = 1_000 * UNIT
NO_PAY = Gas()
PAID = Gas(used=150_000, price=2 * 10**9, fast=10**9, assets_per_eth_wad=2_000 * WAD)

PLAIN = replace(
    TERMS,
    transfer=transfer_curves.power,
    sma_periods=1,
    front_running_interval_s=300,
    mint_fee_wad=0,
    mint_fee_max_wad=0,
)
"""Hourly, spot price, three times, orders five minutes ahead, no fees."""


@dataclass
class Play:
    """The market now, what its feed knows, and the time."""

    market: Market
    feed: History
    now: int = START

    def act(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Do one thing; what it told last."""
        sender, tip = options.pop("sender", "depositor"), options.pop("tip", 0)
        step = operation(self.market, Call(sender, self.now, tip), *args, **options)
        self.market = step.market
        assert broken(self.market) == []
        return step.events[-1]

    def order(
        self, kind: int, amount: int, owner: str = "depositor", **options: Any
    ) -> OrderPlaced:
        """Order from the owner's own wallet or escrow."""
        placed = Order(kind, amount, owner, owner, options.pop("from_escrow", 0))
        event: OrderPlaced = self.act(orders.place, placed, sender=owner, **options)
        return event

    def cancel(self, epoch: int, kind: int, owner: str = "depositor") -> OrderCancelled:
        event: OrderCancelled = self.act(orders.cancel, epoch, kind, owner, sender=owner)
        return event

    def post(self, price: int, at: int | None = None) -> None:
        """The feed observes a price, now or at a moment of the past."""
        self.feed = self.feed.observe(price, self.now if at is None else at)

    def until(self, epoch: int, late_s: int = 1) -> None:
        """Let time pass until so long after a grid point."""
        self.now = max(self.now, epoch * self.market.terms.interval_s + late_s)

    def event(self, gas: Gas = NO_PAY, keeper: str = "keeper") -> Rebalanced:
        """Close one epoch."""
        event: Rebalanced = self.act(rebalancing.rebalance, self.feed, gas, sender=keeper)
        return event

    def settle(self, epoch: int, price: int) -> Rebalanced:
        """Observe a price at the grid point of an epoch and close it at once."""
        self.until(epoch, 0)
        self.post(price)
        self.until(epoch)
        return self.event()

    def claim(self, owner: str = "depositor") -> Claimed:
        event: Claimed = self.act(escrow.claim, owner, sender=owner)
        return event

    def due(self, owner: str = "depositor") -> Escrow:
        """What a claim would pay."""
        return escrow.claimable(self.market, owner)


def new_play(seed: int = SEED, price: int = 100 * WAD, **changes: Any) -> Play:
    """A fresh market seeded by "deployer", its feed's first price known."""
    terms: Terms = replace(PLAIN, **changes)
    market = deployment.deploy(Call("deployer", START), terms, price, seed)
    return Play(market, History((), max_age=HOUR_S).observe(price, START))
