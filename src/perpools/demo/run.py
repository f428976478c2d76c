"""The demo as one function."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from perpools.demo import stage
from perpools.demo.comparison import Mismatch
from perpools.demo.prices import Prices
from perpools.demo.report import MarketReport, report
from perpools.demo.stage import Stage
from perpools.demo.story import ETH_PRICE, Story


class Progress(NamedTuple):
    """How far the story is."""

    grid_points: int
    of: int
    operations: int


class Result(NamedTuple):
    """What came of it."""

    name: str
    grid_points: int
    holders: int
    markets: tuple[MarketReport, ...]
    mismatch: Mismatch | None
    """The first difference between chain and specification, which ended the story."""

    @property
    def operations(self) -> int:
        """After each of which both were compared."""
        return sum(market.operations for market in self.markets)

    @property
    def events(self) -> int:
        """Logged by the markets, and compared field by field."""
        return sum(market.events for market in self.markets)


Spoil = Callable[[Stage], None]


def run(
    prices: Prices,
    seed: int,
    on_progress: Callable[[Progress], None] = lambda _: None,
    spoil: Spoil = lambda _: None,
) -> Result:
    """
    Play the story of some prices, the same for the same seed.

    `spoil` may damage the stage before the story begins: what a difference looks like.
    """
    built = stage.build(prices, ETH_PRICE)
    spoil(built)
    story = Story(built, prices, Random(seed))
    mismatch, played = None, 0
    try:
        for played, _ in enumerate(story.play(), start=1):
            operations = sum(mirror.operations for mirror in built.mirrors)
            on_progress(Progress(played, len(story.epochs), operations))
    except Mismatch as first:
        mismatch = first
    markets = tuple(report(mirror) for mirror in built.mirrors)
    return Result(prices.name, played, len(built.cast.holders), markets, mismatch)
