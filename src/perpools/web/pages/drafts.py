"""
A market as the wizard's form has it: texts by the keys of a market file, and back.

Nothing is checked here that the market file does not check itself: the form is written as a file,
the file is read, and what it says is wrong is told at the field of that key.
"""

import json
import re
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile

PRESETS = {"v2": "v2: averaged price, 8 h notice", "v1": "v1: spot price, 5 min notice"}


class Entry(NamedTuple):
    """One field of the form."""

    key: str
    label: str
    hint: str = ""


MAIN = (
    Entry("name", "Name", "What the price is of, such as ETH/USD"),
    Entry("leverage", "Leverage", "0.1 to 100, such as 3 or 1.5"),
    Entry("seed", "Seed of each side", "Whole units; you pay it and get both tokens for it"),
    Entry("collateral", "Collateral", "Address of the token that the market holds"),
    Entry("price.feed", "Price feed", "A feed's address, or chainlink:0x… and the like"),
)
TIMES = (
    Entry("interval", "Interval", "Between two events, such as 1h"),
    Entry("front_running_interval", "Front-running interval", "An order waits longer than this"),
    Entry("price.sma_periods", "Averaged prices", "1 to 24; 1 is the spot price"),
    Entry("wind_down_after", "Wind-down after", "Without a price for so long, such as 30d"),
)
FEES = (
    Entry("fees.mint", "Mint fee", "Stays in the side minted into"),
    Entry("fees.burn", "Burn fee", "Stays in the side burned from"),
    Entry("fees.management", "Management fee", "Such as 2%/year, of both sides"),
    Entry("fees.primary", "Paid to", "An address; yours if empty"),
)
KEEPER = (
    Entry("keeper.eth_feed", "Collateral per ether", "A feed; keepers are not paid without"),
    Entry("keeper.tip_step", "Tip per block", "By which a keeper's pay grows"),
    Entry("keeper.tip_max", "Highest tip"),
    Entry("keeper.reward_cap", "Highest reward", "Part of the pool, for one event"),
)
ENTRIES = (*MAIN, *TIMES, *FEES, *KEEPER)
TRANSFERS = {"power": "Power", "sigmoid": "Sigmoid", "linear": "Linear"}

NUMBERS = ("leverage", "seed", "price.sma_periods")
"""Keys whose values are written without quotes."""

DEFAULTS = {
    "seed": "1",
    "wind_down_after": "30d",
    "keeper.tip_step": "5%",
    "keeper.tip_max": "100%",
    "keeper.reward_cap": "0.1%",
}
"""What counts where neither form nor preset says anything, for people to see."""

HARMLESS = {"name": "-", "leverage": "1", "interval": "1d"}
"""What stands in for what is wrong while the rest is looked at; of others the preset's."""

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
MOST_KEPT = 2_000

Draft = Mapping[str, str]


class Lint(NamedTuple):
    """What a draft comes to."""

    market: MarketFile | None
    """None: something is wrong."""
    wrong: Mapping[str, str]
    """By key; an empty key is about all of it."""


class Drafts:
    """What each browser wrote last, so that a reload loses nothing."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, str]] = OrderedDict()

    def of(self, browser: str) -> dict[str, str]:
        """A browser's draft, to be changed in place."""
        draft = self._kept.setdefault(browser, {"preset": "v2"})
        self._kept.move_to_end(browser)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return draft


def lint(draft: Draft) -> Lint:
    """Everything that is wrong with it, each at its key; the market, if nothing is."""
    wrong: dict[str, str] = {}
    rest = dict(draft)
    for _ in range(len(ENTRIES) + 2):
        try:
            market = market_file.parse(toml(rest))
        except ConfigError as mistake:
            key, message = at_key(str(mistake))
            if key in wrong:
                break
            # what is told is put right, to see what else is wrong
            wrong[key] = message
            rest[key] = HARMLESS.get(key, "")
        else:
            return Lint(None if wrong else market, wrong)
    return Lint(None, wrong)


def toml(draft: Draft) -> str:
    """The market file; fields left empty are left to the preset."""
    lines = [f"preset = {_value('preset', draft.get('preset', 'v2'))}"]
    tables: dict[str, list[str]] = {}
    keys = (*(entry.key for entry in ENTRIES), "transfer")
    for key in keys:
        if text := draft.get(key, "").strip():
            table, _, name = key.rpartition(".")
            tables.setdefault(table, []).append(f"{name} = {_value(key, text)}")
    lines += tables.pop("", [])
    for table, inside in tables.items():
        lines += [f"[{table}]", *inside]
    return "\n".join(lines) + "\n"


@cache
def usual(preset: str) -> Mapping[str, str]:
    """What a preset sets, by key, as the form shows it."""
    text = (files("perpools") / "presets" / f"{preset}.toml").read_text(encoding="utf-8")
    found = dict(DEFAULTS)
    for key, value in tomllib.loads(text).items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": str(inner) for name, inner in value.items()}
        else:
            found[key] = str(value)
    return found


def _value(key: str, text: str) -> str:
    if key in NUMBERS and _NUMBER.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def at_key(message: str) -> tuple[str, str]:
    """The key that a message is about, and the rest of it as the form says it."""
    key, colon, rest = message.partition(": ")
    known = market_file.keys()
    if not colon or key not in known:
        return "", message
    told = rest.replace("write it without quotes, like", "write it like")
    told = told.replace("missing: set it here, or name a preset that does", "is needed")
    return key, told[:1].upper() + told[1:]
