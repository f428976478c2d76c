"""What a backtest plays: a market's terms, its prices, its keeper and its agents."""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.errors import ConfigError
from perpools.quantities import GWEI, show_duration
from perpools.spec.fixed_point import WAD
from perpools.spec.terms import Terms
from perpools.spec.units import Assets, Seconds

from . import random
from .agents import Agent
from .grid import Grid

DECIMALS = 18
"""Of the simulated collateral: fine enough that rounding to base units stays invisible."""

KEEPER_STREAM = 2**31
"""Agents draw from the streams below it, by their position."""


class Keeper(NamedTuple):
    """Who rebalances, how reliably, and at what cost."""

    late_s: Seconds = 1
    """How long after a grid point it calls."""
    fails: float = 0.0
    """The chance that nobody comes in the whole interval after a grid point."""
    eth_price: float = 0.0
    """Collateral for one coin of the chain, to pay with; 0: keepers are not paid."""
    gas_price_gwei: float = 1.0
    gas_quiet: int = 96_494
    """Gas of an event without orders, as measured (tests/gas/snapshot.json)."""
    gas_busy: int = 124_082
    """Gas of an event with orders, however many."""

    @property
    def gas_price(self) -> int:
        """In wei."""
        return round(self.gas_price_gwei * GWEI)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything both engines need, checked."""

    name: str
    terms: Terms
    grid: Grid
    agents: tuple[Agent, ...]
    keeper: Keeper
    liquidity: float
    """Collateral that the deployer pays into each side, in whole units; it never trades."""
    seed: int

    def __post_init__(self) -> None:
        interval_s, late_s = self.terms.interval_s, self.keeper.late_s
        if not 0 < late_s < interval_s:
            raise ConfigError(
                f"a keeper comes 1 second to less than {show_duration(interval_s)} (the interval)"
                f" after a grid point, not {late_s} seconds: let it fail instead"
            )
        if not 0 <= self.keeper.fails < 1:
            raise ConfigError("the chance that a keeper fails is at least 0 and below 1")
        if min(self.keeper.eth_price, self.keeper.gas_price_gwei, *self.keeper[4:]) < 0:
            raise ConfigError("what a keeper pays for gas is not negative")
        names = [agent.name for agent in self.agents]
        if len(set(names)) < len(names):
            raise ConfigError(f"two agents have one name: {', '.join(names)}")

    @property
    def facts(self) -> tuple[object, ...]:
        """What fingerprints say of it, beside terms and prices."""
        return self.keeper, self.liquidity, self.seed, [agent.facts for agent in self.agents]

    @property
    def liquidity_assets(self) -> Assets:
        """In base units."""
        return assets(self.liquidity)

    def acts_after_s(self, agent: Agent) -> Seconds:
        """
        When in an interval an agent acts: by default at the last moment that joins the same
        epoch.
        """
        interval_s, notice_s = self.terms.interval_s, self.terms.front_running_interval_s
        latest_s = interval_s - notice_s % interval_s - 1
        return latest_s if agent.acts_after_s is None else min(agent.acts_after_s, interval_s - 1)

    def keeper_comes(self) -> list[bool]:
        """At which grid points."""
        if self.keeper.fails == 0:
            return [True] * self.grid.size
        draws = random.uniforms(self.seed, KEEPER_STREAM, 0, self.grid.size)
        return [bool(draw >= self.keeper.fails) for draw in draws[:, 0]]

    def draws(self, position: int) -> list[list[float]]:
        """The random numbers of one agent, by grid point."""
        drawn: list[list[float]] = random.uniforms(self.seed, position, 0, self.grid.size).tolist()
        return drawn


def assets(amount: float) -> int:
    """Base units of an amount in whole units."""
    return round(amount * WAD)


def whole(amount: int) -> float:
    """Whole units of an amount in base units, to the nearest number there is."""
    return amount / WAD
