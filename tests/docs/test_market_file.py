"""The reference of the market file has every key, its default and its bounds; its examples work."""

import re
from typing import NamedTuple

import pytest

from perpools import feed_source, market_file
from perpools.explanations import ALLOWED
from perpools.market_file import MarketFile
from tests.evm import ROOT

TEXT = (ROOT / "docs" / "market_file.md").read_text()

BARE = {
    "name": '"EUR/USD"',
    "leverage": "3",
    "transfer": '"power"',
    "interval": '"1h"',
    "front_running_interval": '"5m"',
}
BESIDE = {
    "max_interval": {"trigger": '"momentum 5%"'},
    "trigger": {"max_interval": '"1d"'},
    "fees.mint_step": {"fees.mint_max": '"5%"'},
    "fees.secondary_share": {"fees.secondary": '"0x00000000000000000000000000000000000000bb"'},
}
"""What a key needs beside it."""


class Row(NamedTuple):
    key: str
    meaning: str
    default: str
    allowed: str
    example: str


def rows() -> dict[str, Row]:
    lines = re.findall(r"^\| (`[a-z_.]+` \|.*) \|$", TEXT, re.MULTILINE)
    cells = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    return {row[0].strip("`"): Row(*row) for row in cells if len(row) == len(Row._fields)}


def file(**keys: str) -> MarketFile:
    """The bare market with keys set, by their dotted paths."""
    lines = [f"{key} = {value}" for key, value in {**BARE, **keys}.items()]
    return market_file.parse("\n".join(lines))


def test_every_key_is_there() -> None:
    assert sorted(rows()) == sorted(market_file.keys())


@pytest.mark.parametrize("key", market_file.keys())
def test_a_keys_example_is_accepted(key: str) -> None:
    example = rows()[key].example.strip("`")
    set_to_it = file(**{**BESIDE.get(key, {}), key: example})
    assert isinstance(set_to_it, MarketFile)


@pytest.mark.parametrize("key", [key for key, row in rows().items() if row.default != "-"])
def test_a_keys_default_is_the_real_one(key: str) -> None:
    bare, set_to_it = file(), file(**{key: rows()[key].default.strip("`")})
    if key == "wind_down_after":
        assert set_to_it.terms(18) == bare.terms(18)
    else:
        assert set_to_it == bare


@pytest.mark.parametrize(("key", "bounds"), ALLOWED.values())
def test_a_keys_bounds_are_the_real_ones(key: str, bounds: str) -> None:
    assert bounds in rows()[key].allowed


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S))
def test_market_files_are_accepted(block: str) -> None:
    assert market_file.parse(block).price.feed


@pytest.mark.parametrize("line", re.search(r"```text\n(.*?)```", TEXT, re.S)[1].splitlines())  # type: ignore[index]
def test_feeds_are_accepted(line: str) -> None:
    assert feed_source.parse(line).kind in feed_source.KINDS


def test_every_kind_of_feed_is_told() -> None:
    told = TEXT.partition("## Feeds")[2]
    for kind in feed_source.KINDS:
        assert f"`{kind}:" in told
    for option in feed_source.OPTIONS["chainlink"]:
        assert f"{option}=" in told
