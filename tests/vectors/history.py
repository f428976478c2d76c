"""A history as it is kept in a file: how a market starts, what is done, and what then happens."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.stateful.model import Model
from tests.stateful.surroundings import ANSWERS, SILENT
from tests.strategies import CURVES, Setup

HERE = Path(__file__).parent
SAFE_INTEGER = 2**53
"""Beyond it readers that count in floating point lose units: larger numbers are strings."""

Step = dict[str, Any]

NOT_IN_FILE = ("transfer", "trigger")
"""Terms that are functions."""


def encode(value: Any) -> Any:
    """A value as JSON can carry it."""
    match value:
        case bool():
            return value
        case int():
            return str(value) if abs(value) > SAFE_INTEGER else value
        case dict():
            return {key: encode(item) for key, item in value.items()}
        case list() | tuple():
            return [encode(item) for item in value]
    return value


def decode(value: Any) -> Any:
    """What was encoded."""
    match value:
        case str() if value.isdigit():
            return int(value)
        case dict():
            return {key: decode(item) for key, item in value.items()}
        case list():
            return [decode(item) for item in value]
    return value


def start_of(setup: Setup) -> dict[str, Any]:
    """How a market starts; prices as of a moment are those of the step before."""
    terms = {key: value for key, value in asdict(setup.terms).items() if key not in NOT_IN_FILE}
    return {
        "now": setup.start,
        "transfer": setup.curve,
        "first_price": setup.first_price,
        "seed_assets": setup.seed_assets,
        "terms": terms,
    }


def setup_of(start: dict[str, Any], base: Setup) -> Setup:
    """The other way round."""
    terms = replace(base.terms, transfer=CURVES[start["transfer"]], trigger=None, **start["terms"])
    return Setup(
        terms,
        start["transfer"],
        first_price=start["first_price"],
        seed_units=start["seed_assets"] // 10**terms.decimals,
        drift=0,
        start=start["now"],
    )


def perform(model: Model, step: Step) -> Step:
    """Do what a step says; what happens then."""
    given = step["with"]
    match step["do"]:
        case "wait":
            model.advance(given["seconds"])
        case "price":
            model.set_price(given["price"])
        case "reward_price":
            model.set_price(given["price"], "eth_feed")
        case "feed":
            manner = ANSWERS if given["answers"] else SILENT
            model.feed_behaves("feed", manner, manner)
        case name:
            happened = model.act(name, sender=step["by"], value=step["value"], **given)
            return {"refused": model.refusal} if happened is None else {"events": told(happened)}
    return {}


def told(happened: Any) -> list[dict[str, Any]]:
    """Events with their names, but for the gas: it depends on who executes."""
    named = [{"event": type(event).__name__} | event._asdict() for event in happened]
    return [{key: value for key, value in event.items() if key != "gas_used"} for event in named]


def end_of(model: Model) -> dict[str, Any]:
    """Where everything is at the end."""
    market = model.market
    return {
        "last_epoch": market.last_epoch,
        "balances": list(market.pool.balances),
        "supplies": list(market.pool.supplies),
        "held": market.held,
        "tips_held": market.tips_held,
        "mint_fee_wad": market.mint_fee_wad,
        "fees": list(market.fees),
    }


def load(path: Path) -> dict[str, Any]:
    return decode(json.loads(path.read_text()))


def text(history: dict[str, Any]) -> str:
    return json.dumps(encode(history), indent=1) + "\n"
