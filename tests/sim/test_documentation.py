"""docs/simulation.md cannot lie: its examples run."""

import contextlib
import io
import re

import pytest

from perpools.sim import Agent, Keeper, backtest, recruit
from perpools.sim.books import COLUMNS
from perpools.sim.paths import MODELS
from perpools.sim.roster import OF_AGENT, ROSTER
from perpools.sim.tables import as_dict
from tests.evm import ROOT
from tests.sim.scenes import V2, euro, market

TEXT = (ROOT / "docs/simulation.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_run(block: str) -> None:
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(block, names)
    for agent in names.get("AGENTS", []):
        assert isinstance(agent, Agent)
        played = backtest(market(V2), euro(200), [agent])
        assert played.columns["with_orders"].any()


def test_an_agent_is_about_ten_lines() -> None:
    [block] = (block for block in BLOCKS if "AGENTS" in block)
    assert len([line for line in block.splitlines() if line.strip()]) <= 11


@pytest.mark.parametrize("name", ROSTER)
def test_every_agent_is_described_with_all_its_settings(name: str) -> None:
    [row] = re.findall(rf"^\| `{name}` \|.*$", TEXT, re.MULTILINE)
    _, settings = ROSTER[name]
    assert re.findall(r"`(\w+)`", row.rpartition(" | ")[2]) == list(settings._fields)
    assert all(f"`{setting}`" in TEXT for setting in OF_AGENT)


def test_a_keeper_and_a_column_are_what_they_were() -> None:
    assert Keeper().late_s == 1
    assert len(COLUMNS) == 28


def test_every_key_of_the_json_is_described() -> None:
    def keys(told: object) -> set[str]:
        if isinstance(told, dict):
            return set(told).union(*map(keys, told.values()))
        return set[str]().union(*map(keys, told if isinstance(told, list) else []))

    found = as_dict(backtest(market(V2), euro(200), recruit("skew-farmer")))
    assert not [key for key in sorted(keys(found)) if f"`{key}`" not in TEXT]
    assert all(re.search(rf"^\| .*`{key}`.* \|", TEXT, re.MULTILINE) for key in found)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_described_with_all_its_settings(name: str) -> None:
    [row] = re.findall(rf"^\| `{name}` \|.*$", TEXT, re.MULTILINE)
    assert re.findall(r"`(\w+)`", row.rpartition(" | ")[2]) == list(MODELS[name]._fields)
