"""
What was traded, what waited, who holds the pool, and how well agents hedge: from a run's record.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .arrays import Floats

Columns = Mapping[str, Floats]


class SideTrading(NamedTuple):
    """Orders into one side and out of it; a flip is out of one and into the other."""

    paid_in: float
    """Collateral, fees included."""
    paid_out: float
    entry_price: float | None
    """Collateral paid for one token on average, fees included; None where nobody entered."""
    exit_price: float | None


class TradingStatistics(NamedTuple):
    """What orders did; pairs are instant and none of them."""

    volume: float
    """Collateral of all that was minted and burned."""
    volume_per_day: float
    long: SideTrading
    short: SideTrading
    mean_waiting: float
    """Collateral's worth of the orders that waited when events came."""
    most_waiting: float


class HolderStatistics(NamedTuple):
    """Who holds the pool: agents, and as one those who never trade."""

    largest_share: float
    mean_largest_share: float
    concentration: float
    """Sum of the squares of all shares (Herfindahl): 1, all is one holder's."""
    mean_concentration: float
    in_escrow: float
    """
    Part of the pool that agents hold beside waiting orders. Nobody claims what was executed here,
    so that all of it but the tokens of pairs lies in escrow.
    """
    mean_in_escrow: float


def trading_of(column: Columns, years: float) -> TradingStatistics:
    """From the columns of a run's events."""
    long, short = _side(column, "long"), _side(column, "short")
    volume = sum(side.paid_in + side.paid_out for side in (long, short))
    waiting = column["waiting"]
    per_day = volume / (365 * years) if years else 0.0
    return TradingStatistics(
        volume, per_day, long, short, float(waiting.mean()), float(waiting.max())
    )


def holders_of(column: Columns) -> HolderStatistics:
    """From the columns of a run's events."""
    found: list[float] = []
    for name in ("largest_share", "concentration", "free_share"):
        found += [float(column[name][-1]), float(column[name].mean())]
    return HolderStatistics(*found)


def hedge_ratio_error(values: Floats, outside: Floats) -> float | None:
    """
    How far what an agent earned outside was from cancelling what it earned in the market, as part
    of it: 0 where one took back the other move by move, 1 where it did nothing, below 0 where it
    was too much. None for an agent with nothing outside, or nothing in the market.
    """
    legs = np.diff(values - outside), np.diff(outside)
    inside, other = (leg - leg.mean() for leg in legs) if len(values) > 1 else legs
    spread = float(inside @ inside)
    if spread == 0.0 or not np.any(outside):
        return None
    return 1.0 + float(inside @ other) / spread


def _side(column: Columns, side: str) -> SideTrading:
    paid_in, minted, paid_out, burned = (
        float(column[f"{side}_{flow}"].sum())
        for flow in ("paid_in", "minted", "paid_out", "burned")
    )
    return SideTrading(
        paid_in,
        paid_out,
        paid_in / minted if minted else None,
        paid_out / burned if burned else None,
    )
