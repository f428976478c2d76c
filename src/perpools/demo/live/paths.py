"""Prices without an end: the ECB's fixings played forward, and a path that is made up."""

from collections.abc import Iterator
from itertools import cycle, pairwise
from random import Random

from perpools.demo import prices
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Wad

FIXINGS = 2_000
"""About eight years of business days; at one a minute they last for a day and a half."""

STEP = 0.0085
"""
What a price of ether moves in an hour, usually: 80 % a year. It is told once a minute here, so an
hour passes in a minute, as a business day does with the fixings.
"""

LEAST, MOST = WAD // 1_000_000, 10**9 * WAD
"""Where a path that is made up turns back."""


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


def made_up(first: Wad, rng: Random) -> Iterator[Wad]:
    """A random walk without drift, in steps as large as those of ether in an hour."""
    price = first
    while True:
        yield price
        step = 1 + rng.gauss(0, STEP)
        price = min(max(price * int(max(step, 1 / 2) * 10**9) // 10**9, LEAST), MOST)
