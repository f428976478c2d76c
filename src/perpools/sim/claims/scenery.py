"""Prices and markets that the checks share: fixings of the ECB, and seeded paths."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from perpools import market_file
from perpools.market_file import MarketFile
from perpools.sim import paths, prices
from perpools.sim.agents import Agent
from perpools.sim.backtests import Result, backtest
from perpools.sim.prices import Prices
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.transfer_curves import Linear, TransferFunction, power, sigmoid
from perpools.spec.units import Seconds

from .claim import Shown

HOUR_S, DAY_S = 3_600, 86_400
HOURS, DAYS = 8_760, 365
"""In a year."""
CRYPTO = 0.8
"""Volatility of a year that ether had in 2021 and 2022, about."""
EURO_UNTIL = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
"""So that a newer package of fixings changes no number."""
MILLION = 10**6 * WAD
"""A million coins, in base units."""
BASE = 100 * WAD
"""The price from which moves are measured."""
CURVES: dict[str, TransferFunction] = {"power": power, "sigmoid": sigmoid, "linear": Linear()}


def market(preset: str, leverage: float = 3, more: str = "") -> MarketFile:
    """A preset's market; `more` is TOML that comes before any table."""
    return market_file.parse(f'preset = "{preset}"\nname = "claims"\nleverage = {leverage}\n{more}')


@cache
def euro() -> Prices:
    """The ECB's fixings of EUR/USD from 1999 to 2024."""
    known = prices.ecb("EURUSD")
    count = sum(at < EURO_UNTIL for at in known.times)
    return Prices("EUR/USD (ECB, 1999 to 2024)", known.times[:count], known.wads[:count])


def listed(name: str, levels: Sequence[float], step_s: Seconds) -> Prices:
    """Prices at even distances."""
    times = tuple(step_s * (10_000 + place) for place in range(len(levels)))
    return Prices(name, times, tuple(round(float(level) * WAD) for level in levels))


@cache
def brownian(volatility: float, size: int, step_s: Seconds, path: int = 0) -> Prices:
    """A seeded path of geometric Brownian motion, without drift."""
    model = paths.Brownian(volatility)
    return listed("seeded walk", paths.spots(model, 1, path, size, step_s).tolist(), step_s)


def play(file: MarketFile, known: Prices, agents: Sequence[Agent] = ()) -> Result:
    """A market over prices."""
    return backtest(file, known, agents)


def part(curve: TransferFunction, move: float, leverage: float = 3) -> float:
    """What a move (0.1 is +10 %) takes from the losing side."""
    return curve(BASE, round(BASE * (1 + move)), round(leverage * WAD)) / ONE


def shown(function: str, old: int, new: int) -> Shown:
    """The command that shows one transfer at 3x, and what it prints."""
    fraction, million = CURVES[function](old * WAD, new * WAD, 3 * WAD), 1_000_000
    command = (
        f"perpools transfer --function {function} --leverage 3 --from {old} --to {new}"
        f" --balance {million} --json"
    )
    answer = {
        "function": function,
        "leverage": "3",
        "from": str(old),
        "to": str(new),
        "balance": million,
        "fraction": f"0.{fraction:036d}",
        "amount": million * fraction // ONE,
        "payer": "short" if new > old else "long",
    }
    return Shown(command, json.dumps(answer))
