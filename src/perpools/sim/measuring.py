"""What is measured of a run of the fast engine, and what came of many of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from perpools.spec.fixed_point import WAD

from .agents import Agent
from .arrays import Floats
from .books import COLUMNS
from .gathering import Gathered
from .scene import Scene
from .statistics import constant_leverage, returns

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
"""Of every run; the profit of each agent comes after them."""


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


class Played(NamedTuple):
    """What measures ask of a run."""

    first_spot: float
    events: Floats
    """One row for each event, in the order of `books.COLUMNS`."""
    worths: Sequence[float]
    """By agent: what everything it has is worth at the end."""

    @property
    def columns(self) -> dict[str, Floats]:
        """The events by name."""
        return dict(zip(COLUMNS, self.events.T, strict=True))

    @property
    def spots(self) -> Floats:
        """The price at the deployment and at each event."""
        return np.concatenate(([self.first_spot], self.events[:, COLUMNS.index("spot")]))


def measures_of(agents: Sequence[Agent]) -> tuple[str, ...]:
    """The names of what `measured` finds, in its order."""
    return (*MEASURES, *(f"{agent.name}_profit" for agent in agents))


def measured(scene: Scene, played: Played) -> Floats:
    """The measures of a run, in the order of their names (`measures_of`)."""
    column, spot = played.columns, played.spots
    skew = column["long_balance"] / column["short_balance"]
    leverage, moves = scene.terms.leverage_wad / WAD, returns(spot)
    prices = [
        np.concatenate(([1.0], column[f"{side}_balance"] / column[f"{side}_supply"]))
        for side in ("long", "short")
    ]
    ends = zip(played.worths, scene.agents, strict=True)
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
            *(worth - agent.cash for worth, agent in ends),
        ]
    )
