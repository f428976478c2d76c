"""
What a sweep varies: keys of the market file and settings of its agents, each with its values.
"""

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile

from .agents import Agent
from .roster import OF_AGENT

AGENT = "agent."
SHORT_NAMES = {"sma_periods": "price.sma_periods"}
"""Keys that a sweep knows by a shorter name."""

MOST = 100_000
"""Settings of a sweep."""

Vary = Mapping[str, Sequence[str]]


class Setting(NamedTuple):
    """One choice of everything that is varied."""

    labels: tuple[tuple[str, str], ...]
    """Key and value, as they were written."""
    market: MarketFile
    agents: tuple[Agent, ...]


def vary_of(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What the command line writes as `leverage=1,2,3`."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        key, _, values = text.partition("=")
        parts = tuple(part.strip() for part in values.split(",") if part.strip())
        if not parts:
            raise ConfigError(f"--vary {text}: write it like leverage=1,2,3")
        if key in found:
            raise ConfigError(f"--vary {key}: given twice, write all values in one")
        found[key] = parts
    return found


def settings(text: str, agents: Sequence[Agent], vary: Vary) -> tuple[Setting, ...]:
    """Every combination of the values, the last key's changing fastest."""
    count = 1
    for values in vary.values():
        count *= len(values)
    if count > MOST:
        raise ConfigError(f"{count:,} settings are too many: {MOST:,} at most")
    labels = (tuple(zip(vary, values, strict=True)) for values in product(*vary.values()))
    return tuple(_setting(text, agents, label) for label in labels)


def _setting(text: str, agents: Sequence[Agent], labels: tuple[tuple[str, str], ...]) -> Setting:
    of_market = {
        SHORT_NAMES.get(key, key): _value(value)
        for key, value in labels
        if not key.startswith(AGENT)
    }
    unknown = of_market.keys() - set(market_file.keys())
    if unknown:
        raise ConfigError(
            f"--vary {min(unknown)}: no key of a market file, and agents' settings are written"
            " like agent.threshold"
        )
    varied = tuple(agents)
    for key, value in labels:
        if key.startswith(AGENT):
            varied = _vary_agents(varied, key.removeprefix(AGENT), value)
    return Setting(labels, market_file.parse(text, of_market), varied)


def _value(text: str) -> Any:
    """As TOML has it; what is none there is a text, so that durations need no quotes."""
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return text


def _vary_agents(agents: tuple[Agent, ...], key: str, text: str) -> tuple[Agent, ...]:
    try:
        value = float(text)
    except ValueError:
        raise ConfigError(f"--vary agent.{key}: {text} is not a number") from None
    found = tuple(_varied(agent, key, value) for agent in agents)
    if all(new is old for new, old in zip(found, agents, strict=True)):
        raise ConfigError(f"--vary agent.{key}: no agent has such a setting")
    return found


def _varied(agent: Agent, key: str, value: float) -> Agent:
    """The agent with a setting of its own changed; the same where it has none of this name."""
    if key in OF_AGENT:
        given: Any = int(value) if key == "acts_after_s" else value
        return dataclasses.replace(agent, **{key: given})
    if key not in getattr(agent.settings, "_fields", ()):
        return agent
    whole = isinstance(getattr(agent.settings, key), int)
    number = int(value) if whole else value
    return dataclasses.replace(agent, settings=agent.settings._replace(**{key: number}))
