"""Prices without an end: the ECB's fixings played forward, and a path that is made up."""

from collections.abc import Callable, Iterator
from itertools import cycle, pairwise
from random import Random

from perpools.demo import prices
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Timestamp, Wad

FIXINGS = 2_000
"""About eight years of business days; at one a minute they last for a day and a half."""

VOLATILITY, YEAR_S = 0.8, 365 * 86_400
"""Of a path that is made up, by the year: what ether's usually is."""

LEAST, MOST = WAD // 1_000_000, 10**9 * WAD
"""Where a path that is made up turns back."""

Path = Callable[[Timestamp], Wad]
"""The next price, told at a moment; moments only grow."""


def by_turns(prices: Iterator[Wad]) -> Path:
    """One price after the other, whenever they are told."""
    return lambda _: next(prices)


def played(quoted: str) -> Iterator[Wad]:
    """
    The ECB's fixings of the euro in a currency, one after the other; after the last one the first
    one's changes follow, so that there is no leap.
    """
    told = [fixing.price for fixing in prices.fixings(FIXINGS, quoted).fixings]
    price = told[0]
    yield price
    for before, after in cycle(pairwise(told)):
        price = price * after // before
        yield price


def made_up(first: Wad, rng: Random) -> Path:
    """A random walk without drift, whose steps are as large as the time between them wants."""
    price, told_at = first, 0

    def tell(at: Timestamp) -> Wad:
        nonlocal price, told_at
        if told_at:
            step = 1 + rng.gauss(0, VOLATILITY * ((at - told_at) / YEAR_S) ** 0.5)
            price = min(max(price * int(max(step, 1 / 2) * 10**9) // 10**9, LEAST), MOST)
        told_at = at
        return price

    return tell
