"""
Monte-Carlo: a market over many prices that could be, agents included.

The compiled fast engine plays each path in tables that are used again and again; of a path only
its measures are kept, and of those only what `gathering` gathers. Memory does not grow with the
number of paths.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Seconds
from perpools.whole_files import write_whole

from . import compiling, fast, paths, random
from .agents import Agent
from .backtests import LIQUIDITY
from .books import COLUMNS, EVENTS, MARK
from .gathering import Floats, Gathered, gather, merge
from .grid import Grid
from .outcome import OnProgress
from .paths import START, Model
from .prices import Prices
from .scene import DECIMALS, KEEPER_STREAM, Keeper, Scene
from .statistics import constant_leverage, returns

CHUNK = 128
"""Paths that one worker plays at a time, and that a summary holds at least."""
SAVED_EVERY_S = 5.0
"""What a kill loses at most; an interruption loses nothing."""

MEASURES = (
    "price_return",
    "long_return",
    "short_return",
    "long_constant_leverage_return",
    "short_constant_leverage_return",
    "long_worst_event",
    "short_worst_event",
    "last_skew",
    "lowest_skew",
    "highest_skew",
    "largest_transfer",
    "keeper_rewards",
)
"""Of every path; the profit of each agent comes after them."""


class Distribution(NamedTuple):
    """What came of all paths."""

    measures: tuple[str, ...]
    gathered: Gathered

    def table(self) -> dict[str, dict[str, float]]:
        """By measure: mean, standard deviation, extremes and quantiles."""
        found = self.gathered
        columns = {"mean": found.mean, "deviation": found.deviation, "lowest": found.least}
        columns |= {f"{part:.0%}": found.quantile(part) for part in (0.05, 0.25, 0.5, 0.75, 0.95)}
        columns["highest"] = found.most
        return {
            measure: {name: float(column[row]) for name, column in columns.items()}
            for row, measure in enumerate(self.measures)
        }


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
        scene = self.scene
        agents = [
            (agent.name, agent.settings, agent.cash, agent.hedge_cost, agent.acts_after_s)
            for agent in scene.agents
        ]
        model = [np.asarray(part).tolist() for part in self.model]  # type: ignore[attr-defined]
        facts = (scene.terms, scene.grid.size, scene.keeper, scene.liquidity, scene.seed, agents)
        text = repr((facts, type(self.model).__name__, model, self.paths))
        text = re.sub(r" at 0x[0-9a-f]+", "", text)  # where a function lies in memory
        return hashlib.sha256(text.encode()).hexdigest()


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
    names = (*MEASURES, *(f"{agent.name}_profit" for agent in scene.agents))
    return Distribution(names, _gather_all(task, workers, saved, on_progress))


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
    first = round(START) * WAD
    prices = Prices("model", (0,), (first,))
    grid = Grid(prices, terms.interval_s, 1, (first,) * size, tuple(range(size)))
    return Scene(file.name, terms, grid, tuple(agents), keeper, liquidity, seed)


def _gather_all(task: Task, workers: int, saved: Path | None, on_progress: OnProgress) -> Gathered:
    first, found = load(saved, task.fingerprint) if saved is not None else (0, None)
    done, last_saved = first, monotonic()
    try:
        for summary in _summaries(task, first, workers):
            found, done = merge(found, summary), done + 1
            if saved is not None and monotonic() - last_saved > SAVED_EVERY_S:
                save(saved, task.fingerprint, done, found)
                last_saved = monotonic()
            on_progress(min(done * CHUNK, task.paths), task.paths)
    finally:
        if saved is not None and found is not None:
            save(saved, task.fingerprint, done, found)
    assert found is not None, "a simulation has at least one path"
    return found


def _summaries(task: Task, first: int, workers: int) -> Iterator[Gathered]:
    """Chunk by chunk in their order, computed side by side."""
    player = Player(task)
    with ThreadPoolExecutor(workers) as pool:
        try:
            yield from pool.map(player.chunk, range(first, task.chunks))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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
        run = self._tables()
        self._fill(run, path)
        compiling.driver()(run, self.decide, self.settings, 0, self.task.scene.grid.size)
        return measured(self.task.scene, run)

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


def measured(scene: Scene, run: Any) -> Floats:
    """The measures of a run of the fast engine, in the order of their names."""
    events = run.tape.events[: run.books.counts[EVENTS]]
    column = dict(zip(COLUMNS, events.T, strict=True))
    skew = column["long_balance"] / column["short_balance"]
    spot = np.concatenate((run.track.spots[:1], column["spot"]))
    leverage, moves = scene.terms.leverage_wad / WAD, returns(spot)
    prices = [
        np.concatenate(([1.0], column[f"{side}_balance"] / column[f"{side}_supply"]))
        for side in ("long", "short")
    ]
    values = run.tape.values
    profits = [values[row, -1] - agent.cash for row, agent in enumerate(scene.agents)]
    return np.array(
        [
            spot[-1] / spot[0] - 1,
            *(price[-1] - 1 for price in prices),
            *(constant_leverage(moves, sign * leverage) - 1 for sign in (1, -1)),
            *(returns(price).min() for price in prices),
            skew[-1],
            skew.min(),
            skew.max(),
            column["fraction"].max(),
            column["keeper_reward"].sum(),
            *profits,
        ]
    )


def save(path: Path, fingerprint: str, done: int, found: Gathered) -> None:
    """Keep what was done, whole or not at all."""

    def write(part: Path) -> None:
        with part.open("wb") as file:
            np.savez_compressed(file, fingerprint=fingerprint, done=done, **found._asdict())

    write_whole(path, write)


def load(path: Path, fingerprint: str) -> tuple[int, Gathered | None]:
    """What was done before; nothing where there is no such file."""
    if not path.exists():
        return 0, None
    try:
        with np.load(path) as kept:
            fields = {name: kept[name] for name in (*Gathered._fields, "fingerprint", "done")}
    except (OSError, ValueError, KeyError, EOFError):
        raise ConfigError(f"{path}: not a saved simulation; delete it, or name another") from None
    if str(fields.pop("fingerprint")) != fingerprint:
        raise ConfigError(f"{path}: of another simulation; delete it, or name another")
    done, count = int(fields.pop("done")), int(fields.pop("paths"))
    return done, Gathered(paths=count, **fields)
