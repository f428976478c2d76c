"""
Sweeps over one history of prices: settings without agents go through it side by side, every other
setting is a task of its own.

Threads, a cluster or an interruption change no bit: a setting's measures depend on nothing but the
setting, and side by side, compiled and interpreted they are the same.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from perpools.errors import ConfigError
from perpools.spec.fixed_point import WAD

from . import fast, history_lanes
from .agents import Agent
from .arrays import Floats
from .backtests import LIQUIDITY, set_up
from .gathering import gather
from .measuring import Distribution, Played, measured, measures_of
from .outcome import OnProgress
from .prices import Prices
from .saving import Kept, carry_on, fingerprint_of
from .scene import Keeper, Scene
from .settings import Vary, settings
from .sweep import Swept
from .working import Crew


class History:
    """What is played; workers get it whole."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self.scenes = tuple(scenes)
        self.tasks = _tasks(scenes)
        """Numbers of the settings that are played together."""
        alone = [scene for scene in scenes if not history_lanes.fits(scene)]
        steps = sum(scene.grid.size * (1 + len(scene.agents)) for scene in alone)
        self.compiled = steps >= fast.COMPILED_FROM

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same sweep, whoever runs it."""
        prices = {scene.grid.prices for scene in self.scenes}
        facts = [
            (scene.terms, scene.grid[1:3], scene.grid.known, *scene.facts) for scene in self.scenes
        ]
        return fingerprint_of(sorted(prices), facts, self.tasks)


def _tasks(scenes: Sequence[Scene]) -> tuple[tuple[int, ...], ...]:
    together, alone = dict[object, list[int]](), []
    for number, scene in enumerate(scenes):
        if history_lanes.fits(scene):
            together.setdefault(scene.grid[1:], []).append(number)
        else:
            alone.append((number,))
    blocks = []
    for numbers in together.values():
        width = history_lanes.width(scenes[numbers[0]])
        blocks += [tuple(numbers[at : at + width]) for at in range(0, len(numbers), width)]
    return (*blocks, *alone)


def play(history: History, task: int) -> list[Floats]:
    """The measures of a task's settings; `ConfigError` where no event took place."""
    scenes = [history.scenes[number] for number in history.tasks[task]]
    if history_lanes.fits(scenes[0]):
        return [_measures(scene, events) for scene, events in history_lanes.play(scenes)]
    [scene] = scenes
    outcome = fast.play(scene, lambda _, __: None, compiled=history.compiled)
    worths = [values[-1] for values in outcome.values]
    return [_measures(scene, np.array(outcome.events), worths)]


def _measures(scene: Scene, events: Floats, worths: Sequence[float] = ()) -> Floats:
    if len(events) == 0:
        raise ConfigError("no event took place: bring more prices, or a keeper that comes")
    return measured(scene, Played(scene.grid.wads[0] / WAD, events, worths))


def sweep_history(
    market: str,
    known: Prices,
    vary: Vary,
    agents: Sequence[Agent] = (),
    *,
    keeper: Keeper = Keeper(),  # noqa: B008
    liquidity: float = LIQUIDITY,
    seed: int = 1,
    crew: Crew = Crew(),  # noqa: B008
    saved: Path | None = None,
    on_progress: OnProgress = lambda _, __: None,
) -> list[Swept]:
    """
    Play every combination of what is varied over one history, as the fast engine does; `market` is
    a market file's text. `saved` keeps what was done, `crew` is who works; neither changes a bit.
    """
    chosen = settings(market, agents, vary)
    common = {"keeper": keeper, "liquidity": liquidity, "seed": seed}
    scenes = [set_up(one.market, known, one.agents, **common) for one in chosen]  # type: ignore[arg-type]
    history = History(scenes)
    work = Sweeping(history, saved)
    if work.done:
        on_progress(*work.progress)
    carry_on(work, crew.in_order(play, history, work.left), on_progress)
    order = np.argsort(np.concatenate(history.tasks))
    return [
        Swept(one.labels, Distribution(measures_of(one.agents), gather(work.done[row][None, :])))
        for one, row in zip(chosen, order, strict=True)
    ]


class Sweeping:
    """What of a history is done, and the file that keeps it."""

    def __init__(self, history: History, saved: Path | None) -> None:
        self.history, self.kept = history, Kept(saved, history, "sweep of a history")
        found = self.kept.read("sizes", "values")
        self.done: list[Floats] = []
        """The measures of every setting, in the order of the tasks."""
        if found is not None:
            self.done = np.split(found["values"], np.cumsum(found["sizes"])[:-1])

    @property
    def progress(self) -> tuple[int, int]:
        """Settings played, of how many."""
        return len(self.done), len(self.history.scenes)

    @property
    def left(self) -> range:
        """The tasks that are still to be done."""
        ends = np.cumsum([len(task) for task in self.history.tasks])
        return range(int(np.searchsorted(ends, len(self.done), side="right")), len(ends))

    def add(self, measures: Sequence[Floats]) -> None:
        """Take in the next task's."""
        self.done += measures

    def save(self) -> None:
        """Keep it, where there is a file to."""
        if self.done:
            sizes = [len(measures) for measures in self.done]
            self.kept.write(sizes=sizes, values=np.concatenate(self.done))
