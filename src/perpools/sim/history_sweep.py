"""
Sweeps over one history of prices: settings without agents go through it side by side, every other
setting is a task of its own.

Threads, a cluster or an interruption change no bit: a setting's measures depend on nothing but the
setting, and side by side, compiled and interpreted they are the same.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import numpy as np

from perpools.errors import ConfigError
from perpools.spec.fixed_point import WAD
from perpools.whole_files import write_whole

from . import fast, history_lanes
from .agents import Agent
from .backtests import LIQUIDITY, set_up
from .gathering import Floats, gather
from .montecarlo import MEASURES, SAVED_EVERY_S, Distribution, measured
from .outcome import OnProgress
from .prices import Prices
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
            (scene.terms, scene.grid[1:3], scene.grid.known, *_others(scene))
            for scene in self.scenes
        ]
        text = re.sub(r" at 0x[0-9a-f]+", "", repr((sorted(prices), facts, self.tasks)))
        return hashlib.sha256(text.encode()).hexdigest()


def _others(scene: Scene) -> tuple[object, ...]:
    agents = [
        (agent.name, agent.settings, agent.cash, agent.hedge_cost, agent.acts_after_s)
        for agent in scene.agents
    ]
    return scene.keeper, scene.liquidity, scene.seed, agents


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
    return [_measures(scene, np.array(outcome.events), np.array(outcome.values))]


def _measures(scene: Scene, events: Floats, values: Floats | None = None) -> Floats:
    if len(events) == 0:
        raise ConfigError("no event took place: bring more prices, or a keeper that comes")
    tape = SimpleNamespace(events=events, values=values)
    track = SimpleNamespace(spots=np.array([scene.grid.wads[0] / WAD]))
    books = SimpleNamespace(counts=[len(events)] * 5)
    return measured(scene, SimpleNamespace(tape=tape, track=track, books=books))


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
    history, rows = History(scenes), list[Floats]()
    for measures in _all(history, crew, saved):
        rows += measures
        on_progress(len(rows), len(chosen))
    order = np.argsort(np.concatenate(history.tasks))
    found = []
    for one, row in zip(chosen, order, strict=True):
        names = (*MEASURES, *(f"{agent.name}_profit" for agent in one.agents))
        found.append(Swept(one.labels, Distribution(names, gather(rows[row][None, :]))))
    return found


def _all(history: History, crew: Crew, saved: Path | None) -> Iterator[list[Floats]]:
    """The measures of every setting, task by task, those that were kept first."""
    done, last_saved = _load(saved, history.fingerprint), -SAVED_EVERY_S
    ends = np.cumsum([len(task) for task in history.tasks]).tolist()
    first = ends.index(len(done)) + 1 if done else 0
    if done:
        yield done.copy()
    try:
        for measures in crew.in_order(play, history, range(first, len(ends))):
            done += measures
            if monotonic() - last_saved > SAVED_EVERY_S:
                _save(saved, history.fingerprint, done)
                last_saved = monotonic()
            yield measures
    finally:
        _save(saved, history.fingerprint, done)


def _save(path: Path | None, fingerprint: str, done: Sequence[Floats]) -> None:
    if path is None or not done:
        return
    sizes, values = [len(measures) for measures in done], np.concatenate(done)

    def write(part: Path) -> None:
        with part.open("wb") as file:
            np.savez_compressed(file, fingerprint=fingerprint, sizes=sizes, values=values)

    write_whole(path, write)


def _load(path: Path | None, fingerprint: str) -> list[Floats]:
    """What was done before; nothing where there is no such file."""
    if path is None or not path.exists():
        return []
    try:
        with np.load(path) as kept:
            owner, sizes, values = (kept[name] for name in ("fingerprint", "sizes", "values"))
    except (OSError, ValueError, KeyError, EOFError):
        raise ConfigError(f"{path}: not a saved sweep of a history; delete it") from None
    if str(owner) != fingerprint:
        raise ConfigError(f"{path}: of another sweep; delete it, or name another")
    return np.split(values, np.cumsum(sizes)[:-1])
