"""
The agents that come with the simulator, by name, and how a command line writes them:
`skew-farmer`, or with settings of its own `skew-farmer:threshold=0.1,cash=50000`.
"""

from collections.abc import Sequence
from math import log
from pathlib import Path
from runpy import run_path
from typing import Any, NamedTuple

from perpools.errors import ConfigError

from .agents import Agent, Decide, Orders, View, order


class RandomFlow(NamedTuple):
    """Somebody who comes and goes without a reason."""

    activity: float = 0.25
    """The chance to order in an interval."""
    size: float = 1_000.0
    """Collateral of an order on average; sizes are exponential."""


def flow_at_random(my: RandomFlow, view: View) -> Orders:
    """Now and then, an order of any kind and size."""
    if view.chance >= my.activity:
        return order()
    amount, kind = -log(1.0 - view.size) * my.size, int(view.choice * 6.0)
    long_tokens, short_tokens = amount / view.long_rate, amount / view.short_rate
    if kind == 0:
        return order(long_mint=amount)
    if kind == 1:
        return order(short_mint=amount)
    if kind == 2:
        return order(long_burn=long_tokens)
    if kind == 3:
        return order(short_burn=short_tokens)
    if kind == 4:
        return order(long_flip=long_tokens)
    return order(short_flip=short_tokens)


class SkewFarmer(NamedTuple):
    """Somebody who joins the smaller side for its larger gains."""

    threshold: float = 0.05
    """Imbalance, as part of the pool, from which it joins."""
    buffer: float = 0.01
    """Imbalance below which it leaves again."""
    share: float = 0.5
    """Part of the missing collateral that it brings at a time."""
    hedged: float = 1.0
    """Part of its position that it hedges outside."""


def farm_skew(my: SkewFarmer, view: View) -> Orders:
    """Join the smaller side while it is smaller, the price risk hedged outside."""
    missing = view.short_expected - view.long_expected
    skew = missing / (view.short_expected + view.long_expected)
    exposure = (view.long_worth - view.short_worth) * view.leverage / view.price
    hedge = -exposure * my.hedged
    if skew > my.threshold:
        return order(long_mint=missing * my.share, short_burn=view.short_tokens, hedge=hedge)
    if skew < -my.threshold:
        return order(short_mint=-missing * my.share, long_burn=view.long_tokens, hedge=hedge)
    if abs(skew) < my.buffer:
        return order(long_burn=view.long_tokens, short_burn=view.short_tokens, hedge=hedge)
    return order(hedge=hedge)


class DeltaHedger(NamedTuple):
    """Somebody who owns the underlying and hedges it with S-tokens."""

    exposure: float = 200_000.0
    """Collateral's worth of the underlying owned from the start."""
    every: int = 9
    """Intervals between two corrections."""


def hedge_delta(my: DeltaHedger, view: View) -> Orders:
    """Every so often, bring the S-tokens held to what cancels the exposure."""
    units = view.memory
    if units == 0.0:
        units = my.exposure / view.price
    if view.step % my.every != 0:
        return order(hedge=units, memory=units)
    missing = units * view.price / view.leverage - view.short_worth
    if missing > 0.0:
        return order(short_mint=missing, hedge=units, memory=units)
    return order(short_burn=-missing / view.short_rate, hedge=units, memory=units)


class Momentum(NamedTuple):
    """Somebody who follows the trend."""

    periods: float = 48.0
    """Intervals of the exponential average that the price is compared with."""
    threshold: float = 0.01
    """Distance from it that makes a trend."""
    size: float = 50_000.0
    """Collateral at stake."""


def follow_trend(my: Momentum, view: View) -> Orders:
    """Long above the average, short below it."""
    average = view.memory
    if average == 0.0:
        average = view.price
    average += (view.price - average) * 2.0 / (my.periods + 1.0)
    trend = view.price / average - 1.0
    if trend > my.threshold:
        missing = my.size - view.long_worth - view.short_worth
        return order(long_mint=missing, short_flip=view.short_tokens, memory=average)
    if trend < -my.threshold:
        missing = my.size - view.long_worth - view.short_worth
        return order(short_mint=missing, long_flip=view.long_tokens, memory=average)
    return order(memory=average)


class PairArbitrageur(NamedTuple):
    """Somebody who keeps the tokens' prices elsewhere tied to book value."""

    noise: float = 0.002
    """How far the price of a pair elsewhere strays in an interval."""
    reverts: float = 0.1
    """Part of its distance from book value that it loses in an interval by itself."""
    cost: float = 0.003
    """What selling or buying a pair elsewhere costs."""
    size: float = 5_000.0
    """Collateral of a trade."""
    impact: float = 0.001
    """How far a trade moves the price elsewhere."""


def tie_pairs(my: PairArbitrageur, view: View) -> Orders:
    """Mint pairs while they sell above book value elsewhere, buy and redeem them below."""
    noise = (view.chance + view.choice + view.size - 1.5) * 2.0
    premium = view.memory * (1.0 - my.reverts) + noise * my.noise
    if premium > my.cost:
        return order(arbitrage=my.size, premium=premium - my.cost, memory=premium - my.impact)
    if premium < -my.cost:
        return order(arbitrage=-my.size, premium=premium + my.cost, memory=premium + my.impact)
    return order(memory=premium)


class FrontRunner(NamedTuple):
    """Somebody who trades on what the market's average gives away."""

    threshold: float = 0.002
    """Expected gain of an event, leverage included, that is worth an order."""
    size: float = 50_000.0
    """Collateral at stake."""


def run_ahead(my: FrontRunner, view: View) -> Orders:
    """Hold the side that the next events must favour if the price stays where it is."""
    gain = view.forecast * view.leverage
    missing = my.size - view.long_worth - view.short_worth
    if gain > my.threshold:
        return order(long_mint=missing, short_flip=view.short_tokens)
    if gain < -my.threshold:
        return order(short_mint=missing, long_flip=view.long_tokens)
    return order(long_burn=view.long_tokens, short_burn=view.short_tokens)


ROSTER: dict[str, tuple[Decide, Any]] = {
    "random-flow": (flow_at_random, RandomFlow()),
    "skew-farmer": (farm_skew, SkewFarmer()),
    "delta-hedger": (hedge_delta, DeltaHedger()),
    "momentum": (follow_trend, Momentum()),
    "pair-arbitrageur": (tie_pairs, PairArbitrageur()),
    "front-runner": (run_ahead, FrontRunner()),
}
"""Each decision and its usual settings. The front-runner acts at the last moment, all others at
the first."""

OF_AGENT = ("cash", "hedge_cost", "acts_after_s")
"""Settings that every agent has."""


def recruit(names: str | Sequence[str]) -> tuple[Agent, ...]:
    """
    Agents as the command line writes them, in a list or separated by commas: their names, "all",
    or a Python file that defines `AGENTS`. `ConfigError` says what is wrong.
    """
    texts = _split(names) if isinstance(names, str) else list(names)
    found: list[Agent] = []
    for text in texts:
        found += _read(Path(text)) if text.endswith(".py") else [_recruit(text, found)]
    return tuple(found)


def _split(text: str) -> list[str]:
    """At commas, except those between an agent's own settings."""
    texts: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if texts and "=" in part and ":" not in part:
            texts[-1] += f",{part}"
        elif part:
            texts += list(ROSTER) if part == "all" else [part]
    return texts


def _read(path: Path) -> list[Agent]:
    """A user's own agents; the file is run."""
    if not path.is_file():
        raise ConfigError(f"{path}: no such file")
    agents = run_path(str(path)).get("AGENTS")
    if isinstance(agents, list) and all(isinstance(agent, Agent) for agent in agents):
        return agents
    raise ConfigError(f"{path}: must define AGENTS, a list of perpools.sim.Agent")


def _recruit(text: str, before: Sequence[Agent]) -> Agent:
    name, _, given = text.partition(":")
    if name not in ROSTER:
        raise ConfigError(f"agent {name!r} is unknown: choose from {', '.join(ROSTER)}")
    decide, usual = ROSTER[name]
    settings = dict(_setting(name, usual, part) for part in given.split(",") if part)
    general: dict[str, Any] = {key: settings.pop(key) for key in OF_AGENT if key in settings}
    if name == "front-runner":
        general.setdefault("acts_after_s", None)
    twins = sum(other.decide is decide for other in before)
    label = f"{name} {twins + 1}" if twins else name
    return Agent(label, decide, usual._replace(**settings), **general)


def _setting(name: str, usual: Any, part: str) -> tuple[str, float | int]:
    key, _, value = part.partition("=")
    if key not in (*usual._fields, *OF_AGENT):
        known = ", ".join((*usual._fields, *OF_AGENT))
        raise ConfigError(f"agent {name} has no setting {key!r}: choose from {known}")
    whole = isinstance(getattr(usual, key, None), int) or key == "acts_after_s"
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise ConfigError(f"agent {name}: {key}={value} is not {kind}") from None
    return key, number
