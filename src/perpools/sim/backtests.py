"""
Backtests: a market file over real prices, with agents, in one call.

    from perpools.sim import backtest
    result = backtest("market.toml", "ecb:EURUSD")
    print(result.statistics.long.total_return)
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.quantities import show_duration
from perpools.spec.fees import YEAR_S
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Seconds, Timestamp

from . import exact, fast, prices
from .agents import Agent
from .arrays import Floats
from .books import COLUMNS, FEES
from .grid import on_grid
from .outcome import OnProgress, Outcome
from .prices import Prices
from .scene import DECIMALS, Keeper, Scene
from .statistics import Series, Statistics, summarise, summarise_agent

Engine = Literal["fast", "exact"]
ENGINES: tuple[Engine, ...] = ("fast", "exact")

SHORT_YEARS = 0.25
"""What a shorter time did, told by the year, has been seen by nobody."""

LIQUIDITY = 1_000_000.0
"""Collateral on each side at first: enough that agents of the usual size do not swamp it."""


class Lateness(NamedTuple):
    """When events came, after their grid points."""

    missed: int
    """Grid points that no event of their own closed."""
    silent: int
    """Grid points at which the feed had no fresh price."""
    median_s: Seconds
    p99_s: Seconds
    longest_s: Seconds


class Costs(NamedTuple):
    """What left the pool, in collateral."""

    management_fees: float
    keeper_rewards: float
    keeper_share_of_pool: float
    """In a year."""
    last_mint_fee: float


class Result:
    """What came of a backtest; every number is in whole units."""

    def __init__(self, scene: Scene, engine: Engine, outcome: Outcome) -> None:
        self.scene, self.engine, self.outcome = scene, engine, outcome
        self.columns: dict[str, Floats] = dict(
            zip(COLUMNS, np.array(outcome.events).reshape(-1, len(COLUMNS)).T, strict=True)
        )
        if self.events == 0:
            raise ConfigError("no event took place: bring more prices, or a keeper that comes")

    @property
    def events(self) -> int:
        """How many there were."""
        return len(self.outcome.events)

    @property
    def start(self) -> Timestamp:
        """When the market was deployed."""
        return self.scene.grid.first_epoch * self.scene.grid.interval_s

    @property
    def times(self) -> NDArray[np.int64]:
        """The grid points of events."""
        return self.start + self.columns["epoch"].astype(np.int64) * self.scene.grid.interval_s

    @property
    def years(self) -> float:
        """From the first to the last event."""
        return float(self.times[-1] - self.start) / YEAR_S

    def token_price(self, side: str) -> Floats:
        """Collateral for one token of a side ("long" or "short"), after each event."""
        return self.columns[f"{side}_balance"] / self.columns[f"{side}_supply"]

    @cached_property
    def series(self) -> Series:
        """The columns from the deployment on."""
        first, column = self.outcome.events[0], self.columns
        liquidity = self.scene.liquidity

        def since(start: float, rest: Any) -> Floats:
            return np.concatenate(([start], rest))

        return Series(
            self.scene.terms.leverage_wad / WAD,
            self.years,
            since(self.scene.grid.wads[0] / WAD, column["spot"]),
            since(first[COLUMNS.index("old_price")], column["new_price"]),
            since(liquidity, column["long_balance"]),
            since(liquidity, column["short_balance"]),
            since(1.0, self.token_price("long")),
            since(1.0, self.token_price("short")),
            column["fraction"],
        )

    @cached_property
    def statistics(self) -> Statistics:
        """Returns, leverage, decay, skew, and what became of the agents."""
        found = self.outcome
        rows = zip(self.scene.agents, found.wallets, found.values, found.outside, strict=True)
        agents = tuple(
            summarise_agent(
                agent.name, agent.cash, wallet[FEES], np.array(values), np.array(outside)
            )
            for agent, wallet, values, outside in rows
        )
        return summarise(self.series, self.columns, agents)

    @property
    def lateness(self) -> Lateness:
        """How punctual events were."""
        grid, keeper = self.scene.grid, self.scene.keeper
        late_s = self.columns["late"] * grid.interval_s + keeper.late_s
        missed = grid.size - 1 - self.events
        return Lateness(
            missed, grid.silent, *(int(np.percentile(late_s, p)) for p in (50, 99, 100))
        )

    @property
    def costs(self) -> Costs:
        """What the market's upkeep cost its holders."""
        column = self.columns
        rewards = column["keeper_reward"]
        pool = column["long_balance"] + column["short_balance"]
        return Costs(
            float(column["management_fee"].sum()),
            float(rewards.sum()),
            float((rewards / pool).sum() / self.years),
            float(column["mint_fee"][-1]),
        )

    @property
    def is_short(self) -> bool:
        """Whether it says little about a year."""
        return self.years < SHORT_YEARS

    @property
    def notes(self) -> list[str]:
        """What a reader should know about these numbers."""
        notes = []
        spacing_s, interval_s = self.scene.grid.prices.spacing_s, self.scene.terms.interval_s
        if spacing_s > interval_s:
            notes.append(
                f"prices come every {show_duration(spacing_s)}, events every"
                f" {show_duration(interval_s)}: most of them see no new price"
            )
        if self.is_short:
            span = show_duration(int(self.times[-1]) - self.start)
            notes.append(f"{span} of prices: what is told by the year says little")
        if not self.scene.keeper.eth_price:
            notes.append("keepers are not paid: say what ether costs to count them")
        if refused := self.outcome.refused:
            notes.append(f"{refused} orders were refused: the keeper was too far behind")
        return notes


def backtest(
    market: MarketFile | Path | str,
    source: Prices | Path | str,
    agents: Sequence[Agent] = (),
    *,
    engine: Engine = "fast",
    keeper: Keeper = Keeper(),  # noqa: B008
    liquidity: float = LIQUIDITY,
    seed: int = 1,
    on_progress: OnProgress = lambda _, __: None,
) -> Result:
    """
    Play a market over a history of prices.

    `source` is a path, `ecb:EURUSD`, or prices already read. Both engines give the same to twelve
    digits; "exact" is the specification itself. `ConfigError` says what is wrong with the input.
    """
    scene = set_up(market, source, agents, keeper=keeper, liquidity=liquidity, seed=seed)
    play = exact.play if engine == "exact" else fast.play
    return Result(scene, engine, play(scene, on_progress))


def set_up(
    market: MarketFile | Path | str,
    source: Prices | Path | str,
    agents: Sequence[Agent] = (),
    *,
    keeper: Keeper = Keeper(),  # noqa: B008
    liquidity: float = LIQUIDITY,
    seed: int = 1,
) -> Scene:
    """The scene that a backtest plays."""
    file = market if isinstance(market, MarketFile) else market_file.load(Path(market))
    known = source if isinstance(source, Prices) else prices.load(source)
    if file.price.max_age is None:
        prices.check_gaps(known.name if isinstance(source, Prices) else str(source), known)
    terms = file.terms(DECIMALS)
    grid = on_grid(known, terms.interval_s, file.price.max_age)
    return Scene(file.name, terms, grid, tuple(agents), keeper, liquidity, seed)
