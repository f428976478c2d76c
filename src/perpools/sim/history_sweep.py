"""
Sweeps over one history of prices: every setting is a task of its own.

Threads, a cluster or an interruption change no bit: a setting's measures depend on nothing but the
setting, and compiled and interpreted they are the same.
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

from . import fast
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
        steps = sum(scene.grid.size * (1 + len(scene.agents)) for scene in scenes)
        self.compiled = steps >= fast.COMPILED_FROM

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same sweep, whoever runs it."""
        prices = {scene.grid.prices for scene in self.scenes}
        facts = [
            (scene.terms, scene.grid[1:3], scene.grid.known, *_others(scene))
            for scene in self.scenes
        ]
        text = re.sub(r" at 0x[0-9a-f]+", "", repr((sorted(prices), facts)))
        return hashlib.sha256(text.encode()).hexdigest()


def _others(scene: Scene) -> tuple[object, ...]:
    agents = [
        (agent.name, agent.settings, agent.cash, agent.hedge_cost, agent.acts_after_s)
        for agent in scene.agents
    ]
    return scene.keeper, scene.liquidity, scene.seed, agents


def play(history: History, number: int) -> Floats:
    """The measures of one setting; `ConfigError` where no event took place."""
    scene = history.scenes[number]
    outcome = fast.play(scene, lambda _, __: None, compiled=history.compiled)
    if not outcome.events:
        raise ConfigError("no event took place: bring more prices, or a keeper that comes")
    count = len(outcome.events)
    tape = SimpleNamespace(events=np.array(outcome.events), values=np.array(outcome.values))
    track = SimpleNamespace(spots=np.array([scene.grid.wads[0] / WAD]))
    books = SimpleNamespace(counts=[count] * 5)
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
    Play every combination of what is varied over one history, by the fast engine; `market` is a
    market file's text. `saved` keeps what was done, `crew` is who works; neither changes a bit.
    """
    chosen = settings(market, agents, vary)
    common = {"keeper": keeper, "liquidity": liquidity, "seed": seed}
    scenes = [set_up(one.market, known, one.agents, **common) for one in chosen]  # type: ignore[arg-type]
    rows = []
    for measures in _all(History(scenes), crew, saved):
        rows.append(measures)
        on_progress(len(rows), len(chosen))
    found = []
    for one, measures in zip(chosen, rows, strict=True):
        names = (*MEASURES, *(f"{agent.name}_profit" for agent in one.agents))
        found.append(Swept(one.labels, Distribution(names, gather(measures[None, :]))))
    return found


def _all(history: History, crew: Crew, saved: Path | None) -> Iterator[Floats]:
    """The measures of every setting in their order, those that were kept first."""
    done, last_saved = _load(saved, history.fingerprint), -SAVED_EVERY_S
    yield from done.copy()
    try:
        for measures in crew.in_order(play, history, range(len(done), len(history.scenes))):
            done.append(measures)
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
