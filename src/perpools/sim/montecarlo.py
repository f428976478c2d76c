"""
Monte-Carlo: a market over many prices that could be, agents included.

The compiled fast engine plays each path in tables that are used again and again; of a path only
its measures are kept, and of those only what `gathering` gathers. Memory does not grow with the
number of paths.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import local
from typing import Any, NamedTuple

import numpy as np

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration
from perpools.spec.units import Seconds

from . import compiling, fast, paths, random
from .agents import Agent
from .arrays import Floats
from .backtests import LIQUIDITY
from .books import EVENTS, MARK
from .gathering import Gathered, gather, merge
from .measuring import Distribution, Played, measured, measures_of
from .outcome import OnProgress
from .paths import Model
from .saving import Job, Kept, carry_on, fingerprint_of
from .scene import DECIMALS, KEEPER_STREAM, Keeper, Scene
from .working import Crew

CHUNK = 128
"""Paths that one worker plays at a time, and that a summary holds at least."""


class Task(NamedTuple):
    """A simulation: what is played, and over which prices."""

    scene: Scene
    model: Model
    paths: int

    @property
    def chunks(self) -> int:
        """How many there are."""
        return -(-self.paths // CHUNK)

    @property
    def fingerprint(self) -> str:
        """The same for the same simulation, whoever runs it."""
        facts = (self.scene.terms, self.scene.grid.size, *self.scene.facts)
        model = [np.asarray(part).tolist() for part in self.model]  # type: ignore[attr-defined]
        return fingerprint_of(facts, type(self.model).__name__, model, self.paths)


def simulate(
    market: MarketFile | Path | str,
    model: Model,
    agents: Sequence[Agent] = (),
    *,
    count: int = 1_000,
    horizon_s: Seconds = 90 * 86_400,
    keeper: Keeper = Keeper(),  # noqa: B008
    liquidity: float = LIQUIDITY,
    seed: int = 1,
    workers: int = 1,
    saved: Path | None = None,
    on_progress: OnProgress = lambda _, __: None,
) -> Distribution:
    """
    Play a market over many paths of a model.

    The same seed gives the same numbers bit for bit, whatever `workers`. `saved` is a file that
    keeps what was done, so that an interrupted simulation goes on where it stopped.
    """
    file = market if isinstance(market, MarketFile) else market_file.load(Path(market))
    scene = blank(file, agents, horizon_s, keeper=keeper, liquidity=liquidity, seed=seed)
    task = Task(scene, model, count)
    work = Simulation(task, saved)
    numbers = range(work.done, task.chunks)
    carry_on(work, Crew(workers).in_order(Player.chunk, Player(task), numbers), on_progress)
    assert work.found is not None, "a simulation has at least one path"
    return Distribution(measures_of(scene.agents), work.found)


def blank(
    file: MarketFile,
    agents: Sequence[Agent],
    horizon_s: Seconds,
    *,
    keeper: Keeper,
    liquidity: float,
    seed: int,
) -> Scene:
    """A scene whose prices are still to be filled in."""
    terms = file.terms(DECIMALS)
    size = horizon_s // terms.interval_s + 1
    if size < 3:
        raise ConfigError(
            f"a horizon of {show_duration(horizon_s)} is too short: two intervals of"
            f" {show_duration(terms.interval_s)} at least"
        )
    grid = paths.blank_grid(terms.interval_s, size)
    return Scene(file.name, terms, grid, tuple(agents), keeper, liquidity, seed)


class Simulation:
    """A task, what of it is done, and the file that keeps it."""

    def __init__(self, task: Task, saved: Path | None) -> None:
        self.task = task
        self.kept = kept_of(task, saved)
        self.done, self.found = load(self.kept)

    @property
    def progress(self) -> tuple[int, int]:
        """Paths played, of how many."""
        return min(self.done * CHUNK, self.task.paths), self.task.paths

    def add(self, summary: Gathered) -> None:
        """Merge the next chunk's."""
        self.found, self.done = merge(self.found, summary), self.done + 1

    def save(self) -> None:
        """Keep what is done, where there is a file to."""
        if self.found is not None:
            save(self.kept, self.done, self.found)


class Player:
    """Plays chunks of a task; each thread in tables of its own."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.first = compiling.record(fast.prepare(task.scene))
        self.decide = compiling.decider(tuple(agent.decide for agent in task.scene.agents))
        self.settings = tuple(agent.settings for agent in task.scene.agents)
        self.own = local()

    def chunk(self, number: int) -> Gathered:
        """The summary of one chunk."""
        first = number * CHUNK
        last = min(first + CHUNK, self.task.paths)
        return gather(np.array([self.measures(path) for path in range(first, last)]))

    def measures(self, path: int) -> Floats:
        """What is kept of one path."""
        return measured(self.task.scene, self.play(path))

    def play(self, path: int) -> Played:
        """One path, in this thread's tables: they hold it until the next is played."""
        run = self._tables()
        self._fill(run, path)
        compiling.driver()(run, self.decide, self.settings, 0, self.task.scene.grid.size)
        events = run.tape.events[: run.books.counts[EVENTS]]
        return Played(run.track.spots[0], events, run.tape.values[:, -1])

    def _tables(self) -> Any:
        """This thread's, as they are before the first step."""
        if not hasattr(self.own, "tables"):
            self.own.tables = self.first.copy()
        self.own.tables["books"] = self.first["books"]
        return self.own.tables[0]

    def _fill(self, run: Any, path: int) -> None:
        """Put a path's prices and random numbers into the tables."""
        scene, track = self.task.scene, run.track
        size = scene.grid.size
        levels = paths.spots(self.task.model, scene.seed, path, size, scene.terms.interval_s)
        track.spots[:] = levels
        run.books.samples[0] = levels[0]
        for position in range(len(scene.agents)):
            track.seen[position] = levels
            run.books.wallets[position, MARK] = levels[0]
            track.draws[position] = random.uniforms(scene.seed, position, path, size)
        if scene.keeper.fails:
            drawn = random.uniforms(scene.seed, KEEPER_STREAM, path, size)
            track.comes[:] = drawn[:, 0] >= scene.keeper.fails


def kept_of(job: Job, saved: Path | None) -> Kept:
    """The file that keeps what was gathered of a job."""
    return Kept(saved, job, "simulation")


def save(kept: Kept, done: int, found: Gathered) -> None:
    """Keep what was gathered in so many tasks, whole or not at all."""
    kept.write(done=done, **found._asdict())


def load(kept: Kept) -> tuple[int, Gathered | None]:
    """How many tasks were done before, and what they gathered; nothing where there is no file."""
    fields = kept.read("done", *Gathered._fields)
    if fields is None:
        return 0, None
    done, count = int(fields.pop("done")), int(fields.pop("paths"))
    return done, Gathered(paths=count, **fields)
