"""What traders do: each looks at a market and at its own purse, and picks one thing, or nothing."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from perpools.demo import operations
from perpools.demo.operations import Operation
from perpools.spec import kinds
from perpools.spec.escrow import claimable
from perpools.spec.kinds import LONG, LONG_BURN, LONG_FLIP, LONG_MINT, LONG_TOKENS, SHORT, SIDES
from perpools.spec.measures import order_worth
from perpools.spec.orders import Order
from perpools.spec.state import Market
from perpools.spec.units import Address, Assets, Wad, Wei

MILLIETHER: Wei = 10**15
LOOKS_BACK = 5
"""Prices by which a trend is told."""
MOVED = 0.002
"""What a trend follower takes for a trend."""
UNEVEN = 0.04
"""By how much the sides differ before somebody evens them out."""


class Seen(NamedTuple):
    """What a trader looks at."""

    rng: Random
    market: Market
    prices: Sequence[Wad]
    """Those published so far, the last one last."""
    owner: Address
    purse: Assets

    @property
    def move(self) -> float:
        """How the price moved lately, as a part of it."""
        before = self.prices[max(0, len(self.prices) - 1 - LOOKS_BACK)]
        return self.prices[-1] / before - 1

    def tokens(self, side: int) -> int:
        """All tokens of a side that could be ordered with: in the wallet and in escrow."""
        held = claimable(self.market, self.owner)[LONG_TOKENS + side]
        return self.market.holdings[side].get(self.owner, 0) + held

    def has(self, side: int) -> bool:
        """Whether there is anything of a side worth speaking of."""
        return order_worth(LONG_BURN + side, self.tokens(side), self.market.pool) > 0


Strategy = Callable[[Seen], Operation | None]


def order(seen: Seen, kind: int, amount: int) -> Operation | None:
    """An order, paid from escrow as far as that goes; now and then with a tip for a claimer."""
    item = kinds.item_in(kind)
    held = claimable(seen.market, seen.owner)[item]
    wallet = seen.purse if kind < LONG_BURN else seen.tokens(kind % 2) - held
    amount = min(amount, held + wallet)
    if amount <= 0:
        return None
    tip = 5 * MILLIETHER if seen.rng.random() < 1 / 3 else 0
    placed = Order(kind, amount, seen.owner, seen.owner, min(held, amount))
    return operations.place(placed, seen.owner, tip)


def follow(seen: Seen) -> Operation | None:
    """Goes with the trend, and changes sides when it turns."""
    if abs(seen.move) < MOVED:
        return None
    side = LONG if seen.move > 0 else SHORT
    other = SHORT - side
    if seen.has(other):
        return order(seen, LONG_FLIP + other, seen.tokens(other))
    return order(seen, LONG_MINT + side, _part(seen, seen.purse, 3, 12))


def resist(seen: Seen) -> Operation | None:
    """Goes against the trend, and takes its profit when the price came back."""
    side = SHORT if seen.move > 0 else LONG
    if seen.has(side) and abs(seen.move) < MOVED:
        return order(seen, LONG_BURN + side, _part(seen, seen.tokens(side), 40, 100))
    if abs(seen.move) < MOVED:
        return None
    return order(seen, LONG_MINT + side, _part(seen, seen.purse, 2, 8))


def even_out(seen: Seen) -> Operation | None:
    """Mints the smaller side, which gains more than it risks; leaves a side that became large."""
    long, short = seen.market.pool.balances
    side, gap = (LONG, short - long) if long < short else (SHORT, long - short)
    if gap < UNEVEN * (long + short):
        return None
    other = SHORT - side
    if seen.has(other):
        return order(seen, LONG_BURN + other, seen.tokens(other))
    return order(seen, LONG_MINT + side, min(gap // 2, seen.purse // 3))


def provide(seen: Seen) -> Operation | None:
    """Buys both sides at once, and sells its long tokens when it has many."""
    long, short = (seen.market.holdings[side].get(seen.owner, 0) for side in SIDES)
    if min(long, short) and seen.rng.random() < 1 / 3:
        return order(seen, LONG_BURN + seen.rng.choice(SIDES), min(long, short) // 3)
    assets = _part(seen, seen.purse, 2, 6)
    return operations.mint_pair(seen.owner, assets) if assets else None


def drift(seen: Seen) -> Operation | None:
    """Does this and that."""
    side = seen.rng.choice(SIDES)
    if seen.has(side) and seen.rng.random() < 1 / 2:
        return order(seen, LONG_BURN + side, _part(seen, seen.tokens(side), 30, 100))
    return order(seen, LONG_MINT + side, _part(seen, seen.purse, 1, 5))


STRATEGIES: tuple[Strategy, ...] = (follow, resist, even_out, provide, drift, drift)
"""One for each trader."""


def _part(seen: Seen, amount: int, least: int, most: int) -> int:
    """Some per cent of an amount."""
    return amount * seen.rng.randint(least, most) // 100
