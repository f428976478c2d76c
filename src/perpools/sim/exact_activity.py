"""
What the exact engine's events are given, the prices known by then, and what their orders moved,
from the specification's own states before and after.
"""

from dataclasses import dataclass
from functools import cached_property

from perpools.spec import fees, pool
from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import ONE
from perpools.spec.kinds import KINDS
from perpools.spec.state import Batch, Market
from perpools.spec.units import Address, Epoch, Timestamp, Wad

from . import activity
from .books import WAITING
from .pool import Pool
from .scene import Scene, whole


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """The feed at a grid point: what it knows by then."""

    scene: Scene
    point: int

    def as_of(self, time: Timestamp) -> Wad | None:
        """The price that executes what is due at a grid point; None while there is none."""
        grid = self.scene.grid
        point = time // grid.interval_s - grid.first_epoch
        return grid.wads[point] if grid.known[point] <= self.point else None


class Done:
    """An event, and the market on either side of it."""

    def __init__(self, before: Market, after: Market, event: Rebalanced) -> None:
        self.before, self.event = before, event
        self.batches = [after.batches.get((event.epoch, kind), Batch()) for kind in KINDS]
        self.burn_fee = whole(before.terms.burn_fee_wad)

    @cached_property
    def settled(self) -> Pool:
        """The pool at whose rates its orders were executed."""
        before, event, terms = self.before, self.event, self.before.terms
        waited = event.epoch - before.last_epoch
        part = fees.management_fraction(terms.management_fee_wad, terms.interval_s, waited)
        charged, _ = pool.take(before.pool.balances, part, ONE)
        prices = event.old_price, event.new_price
        balances = pool.transfer_value(charged, *prices, event.fraction)
        return floats(before.pool._replace(balances=balances))

    @property
    def outs(self) -> list[float]:
        """What one unit ordered received of each kind; -1 where nothing was executed."""
        return [paid_out / paid_in if paid_out else -1.0 for paid_in, paid_out in self.batches]

    def write_flows(self, row: list[float]) -> None:
        """Into an event's row: what entered and left, and what waited before."""
        amounts = [whole(batch.paid_in) for batch in self.batches]
        activity.write_flows(row, self.settled, amounts, self.burn_fee, self.outs)
        waiting = pending_of(self.before, None)
        row[WAITING] = activity.waiting_worth(floats(self.before.pool), waiting)

    def fees_of(self, owner: Address) -> float:
        """What an owner's executed orders paid."""
        mint_fee, own = whole(self.event.mint_fee_wad), self.event.epoch
        amounts, outs, total = pending_of(self.before, owner, own), self.outs, 0.0
        for kind in KINDS:
            if amounts[kind] and outs[kind] >= 0.0:
                paid = self.settled, kind, amounts[kind], mint_fee, self.burn_fee
                total += activity.order_fee(*paid)
        return total


def pending_of(market: Market, owner: Address | None, epoch: Epoch | None = None) -> list[float]:
    """What waits of an owner, or of everybody, by kind; of one epoch, or of all."""
    amounts, last = [0] * len(KINDS), market.last_epoch
    for (who, joined, kind), amount in market.orders.items():
        if joined > last and owner in (None, who) and epoch in (None, joined):
            amounts[kind] += amount
    return [whole(amount) for amount in amounts]


def floats(exact: pool.Pool) -> Pool:
    """A pool in whole units."""
    return Pool(*map(whole, (*exact.balances, *exact.supplies)))
