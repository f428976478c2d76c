"""
Sweeps: many settings of a market over the very same prices.

What the lane kernel knows it plays, 128 paths at a time, all settings sharing each price pass; the
rest the fast engine plays over the same paths. Work is cut into tasks that depend on nothing but
their number, and their summaries are merged in order: threads, a cluster or an interruption change
no bit.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from perpools.spec.units import Seconds

from . import lanes
from .agents import Agent
from .arrays import Floats
from .backtests import LIQUIDITY
from .gathering import BINS, Gathered, bins_of, merge
from .lane_pools import LANES
from .lane_prices import source_of
from .measuring import MEASURES, Distribution, measures_of
from .montecarlo import Player, Task, blank, kept_of, load, save
from .outcome import OnProgress
from .paths import Model
from .saving import carry_on
from .scene import Keeper, Scene
from .settings import Setting, Vary, settings
from .working import Crew

TILES = 8
"""Of a task: a summary is worth sending around then."""


class Swept(NamedTuple):
    """One setting and what came of it."""

    labels: tuple[tuple[str, str], ...]
    distribution: Distribution


class Summary(NamedTuple):
    """What is kept of a task: moments by setting and measure, and every value's place."""

    moments: Gathered
    bins: Any
    """Of the histogram: setting, path, measure."""


class Thinned(NamedTuple):
    """A model of which a market sees every so many steps."""

    model: Model
    every: int
    interval_s: Seconds

    def steps(self, seed: int, path: int, count: int, interval_s: Seconds) -> Floats:
        """The logarithms of the moves that the market sees."""
        moves = self.model.steps(seed, path, count * self.every, self.interval_s)
        found: Floats = moves.reshape(count, self.every).sum(axis=1)
        return found


class Sweep:
    """What is played; workers get it whole."""

    def __init__(self, scenes: Sequence[Scene], model: Model, paths: int) -> None:
        self.scenes, self.model, self.paths = tuple(scenes), model, paths
        self.interval_s = gcd(*(scene.terms.interval_s for scene in scenes))
        self.seed = scenes[0].seed
        steps = ((s.grid.size - 1) * s.terms.interval_s // self.interval_s for s in scenes)
        self.steps = max(steps)
        source = source_of(model, self.interval_s)
        fit = [n for n, scene in enumerate(scenes) if source and lanes.fits(scene)]
        # settings of one curve together, as a plan wants them
        self.fit = sorted(fit, key=lambda n: repr(lanes.curve(self.scenes[n], self.interval_s)))
        self.rest = [n for n in range(len(scenes)) if n not in set(fit)]

    @property
    def tasks(self) -> int:
        """How many there are."""
        return -(-self.paths // (TILES * LANES))

    @property
    def columns(self) -> int:
        """One for each measure; a setting with fewer agents than another fills up with zeros."""
        return len(MEASURES) + max(len(scene.agents) for scene in self.scenes)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same sweep, whoever runs it."""
        tasks = (Task(scene, self.model, self.paths).fingerprint for scene in self.scenes)
        return hashlib.sha256("".join(tasks).encode()).hexdigest()


def play(sweep: Sweep, number: int) -> Summary:
    """One task."""
    first = number * TILES * LANES
    count = min(TILES * LANES, sweep.paths - first)
    values = np.zeros((len(sweep.scenes), count, sweep.columns))
    _play_lanes(sweep, first, values)
    for setting in sweep.rest:
        _play_one(sweep, setting, first, values[setting])
    return Summary(_moments(values), bins_of(values).astype(np.uint16))


def _play_lanes(sweep: Sweep, first: int, values: Floats) -> None:
    if not sweep.fit:
        return
    source = source_of(sweep.model, sweep.interval_s)
    assert source is not None, "what fits has prices that the kernel knows"
    plan = lanes.plan([sweep.scenes[n] for n in sweep.fit], sweep.interval_s)
    width = min(values.shape[2], lanes.MEASURED)
    for at in range(0, values.shape[1], LANES):
        found = lanes.play(plan, source, sweep.seed, first + at, sweep.steps)
        rows = min(LANES, values.shape[1] - at)
        values[sweep.fit, at : at + rows, :width] = found[:, :rows, :width]


def _play_one(sweep: Sweep, setting: int, first: int, values: Floats) -> None:
    """One setting by the fast engine."""
    scene = sweep.scenes[setting]
    every = scene.terms.interval_s // sweep.interval_s
    model = sweep.model if every == 1 else Thinned(sweep.model, every, sweep.interval_s)
    player = Player(Task(scene, model, sweep.paths))
    width = len(MEASURES) + len(scene.agents)
    for path in range(len(values)):
        values[path, :width] = player.measures(first + path)


def _moments(values: Floats) -> Gathered:
    """Tile by tile: the order of additions is that of the paths, whoever adds."""
    found: Gathered | None = None
    for at in range(0, values.shape[1], LANES):
        tile = values[:, at : at + LANES]
        mean = tile.mean(axis=1)
        squares = ((tile - mean[:, None]) ** 2).sum(axis=1)
        least, most = tile.min(axis=1), tile.max(axis=1)
        none = np.zeros(0, dtype=np.int64)
        found = merge(found, Gathered(tile.shape[1], mean, squares, least, most, none))
    assert found is not None, "a task has at least one path"
    return found


def sweep(
    market: str,
    model: Model,
    vary: Vary,
    agents: Sequence[Agent] = (),
    *,
    count: int = 1_000,
    horizon_s: Seconds = 90 * 86_400,
    keeper: Keeper = Keeper(),  # noqa: B008
    liquidity: float = LIQUIDITY,
    seed: int = 1,
    crew: Crew = Crew(),  # noqa: B008
    saved: Path | None = None,
    on_progress: OnProgress = lambda _, __: None,
) -> list[Swept]:
    """
    Play every combination of what is varied over the same paths; `market` is a market file's text.

    Prices are drawn on the greatest interval that divides all of the settings'. `saved` is a file
    that keeps what was done, so that an interrupted sweep goes on where it stopped, `crew` who
    works; neither changes a bit.
    """
    chosen = settings(market, agents, vary)
    scenes = [
        blank(one.market, one.agents, horizon_s, keeper=keeper, liquidity=liquidity, seed=seed)
        for one in chosen
    ]
    task = Sweep(scenes, model, count)
    merged = Merged(task, saved)
    carry_on(merged, crew.in_order(play, task, range(merged.done, task.tasks)), on_progress)
    return _results(chosen, merged.found)


def _results(chosen: Sequence[Setting], found: Gathered) -> list[Swept]:
    results = []
    for number, one in enumerate(chosen):
        names = measures_of(one.agents)
        parts = (part[number][: len(names)] for part in found[1:])
        results.append(Swept(one.labels, Distribution(names, Gathered(found.paths, *parts))))
    return results


class Merged:
    """What was merged so far, and the file that keeps it."""

    def __init__(self, task: Sweep, saved: Path | None) -> None:
        self.task = task
        self.kept = kept_of(task, saved)
        self.done, found = load(self.kept)
        shape = len(task.scenes), task.columns, BINS
        self.histogram: Any = np.zeros(shape, dtype=np.int32) if found is None else found.histogram
        none = np.zeros(0, dtype=np.int64)
        self.moments = None if found is None else found._replace(histogram=none)

    @property
    def progress(self) -> tuple[int, int]:
        """Paths played, of how many."""
        return min(self.done * TILES * LANES, self.task.paths), self.task.paths

    @property
    def found(self) -> Gathered:
        """All of it."""
        assert self.moments is not None, "a sweep has at least one path"
        return self.moments._replace(histogram=self.histogram)

    def add(self, summary: Summary) -> None:
        """Merge the next task's."""
        self.moments = merge(self.moments, summary.moments)
        _count(self.histogram, summary.bins)
        self.done += 1

    def save(self) -> None:
        """Keep it, where there is a file to; nothing that an interruption cut in two."""
        if self.moments is None:
            return
        if self.histogram[0, 0].sum() == self.moments.paths == self.progress[0]:
            save(self.kept, self.done, self.found)


def _count(histogram: Any, bins: Any) -> None:
    """Add values to the histogram, in place: it is the largest thing there is."""
    settings_, _, measures = bins.shape
    rows = np.arange(settings_ * measures).reshape(settings_, 1, measures) * BINS
    np.add.at(histogram.reshape(-1), (rows + bins).reshape(-1), 1)
