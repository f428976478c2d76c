"""
What would have happened, and what could: markets simulated before anybody trades them.

`backtests` is where to begin, `agents` says how to write one. `scene` is what is played, `exact`
plays it by the specification, `fast` in floating point: `pool`, `seeing`, `acting` and `events`
are its parts. `statistics` says what came of it. `montecarlo` plays many `paths`; `sweep` plays
many settings over the same paths (`lanes`), `history_sweep` over one history (`history_lanes`).
"""

from .agents import Agent, Orders, View, order
from .backtests import Result, backtest
from .roster import recruit
from .scene import Keeper

__all__ = ["Agent", "Keeper", "Orders", "Result", "View", "backtest", "order", "recruit"]
