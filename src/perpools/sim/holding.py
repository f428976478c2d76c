"""
What holding a token for long does to it: many paths of a price, looked at after several times.

One pass plays all of them: a shorter time is the beginning of a longer one. Nobody orders, so
that what is measured is the market itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from perpools.errors import ConfigError
from perpools.quantities import show_duration
from perpools.spec.fixed_point import WAD
from perpools.spec.terms import Terms
from perpools.spec.units import Seconds

from .arrays import Floats
from .backtests import LIQUIDITY
from .measuring import Played
from .montecarlo import Player, Task
from .paths import Model, blank_grid
from .scene import DECIMALS, Keeper, Scene
from .statistics import constant_leverage, returns

MEASURES = ("long", "short", "long_ideal", "short_ideal")
"""
Value over the value at first: of each token, and of a holding kept at the market's leverage at each
event at no cost.
"""


class Held(NamedTuple):
    """By time, measure and path: value over the value at first."""

    horizons_s: tuple[Seconds, ...]
    values: Floats


def hold(
    terms: Terms,
    model: Model,
    horizons_s: Sequence[Seconds],
    *,
    paths: int,
    seed: int = 1,
) -> Held:
    """
    Play a market of these terms over paths of a model, both sides even at first. The same seed
    gives the same numbers. `ConfigError` for a time of less than two intervals.
    """
    times = tuple(sorted(set(horizons_s)))
    if not times or times[0] < 2 * terms.interval_s:
        least = show_duration(2 * terms.interval_s)
        raise ConfigError(f"a holding period is two intervals at least, which is {least}")
    holder = Holder(Task(_scene(terms, times[-1], seed), model, paths), times)
    found = np.array([holder.measures(path) for path in range(paths)])
    return Held(times, found.reshape(paths, len(times), len(MEASURES)).transpose(1, 2, 0))


class Holder(Player):
    """Plays paths, and looks at each after several times."""

    def __init__(self, task: Task, horizons_s: Sequence[Seconds]) -> None:
        super().__init__(task)
        interval_s = task.scene.terms.interval_s
        self.epochs = [horizon_s // interval_s for horizon_s in horizons_s]

    def measures(self, path: int) -> Floats:
        """Row after row what `MEASURES` names."""
        scene, played = self.task.scene, self.play(path)
        cuts = np.searchsorted(played.columns["epoch"], self.epochs, side="right")
        return np.concatenate([_after(scene, played, cut) for cut in cuts])


def _after(scene: Scene, played: Played, events: int) -> Floats:
    """The measures after so many events."""
    if events == 0:
        return np.ones(len(MEASURES))
    column, moves, last = played.columns, returns(played.spots[: events + 1]), events - 1
    leverage = scene.terms.leverage_wad / WAD
    prices = [
        column[f"{side}_balance"][last] / column[f"{side}_supply"][last]
        for side in ("long", "short")
    ]
    ideal = [constant_leverage(moves, sign * leverage) for sign in (1, -1)]
    return np.array([*prices, *ideal])


def _scene(terms: Terms, horizon_s: Seconds, seed: int) -> Scene:
    """A scene whose prices are still to be filled in."""
    grid = blank_grid(terms.interval_s, horizon_s // terms.interval_s + 1)
    fitting = replace(terms, decimals=DECIMALS)
    return Scene("market", fitting, grid, (), Keeper(), LIQUIDITY, seed)
