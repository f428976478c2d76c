"""The example in every command's help is executed, on a sandbox of its own."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from perpools.chain import connect
from perpools.chain.node import Node
from perpools.cli import main
from tests.cli.desk import Desk, Left

DAY_S = 86_400
INTERVAL_S = 60

# The order in which a market's life needs them; those before the first are executed elsewhere.
LIFE = (
    "wallet",
    "markets",
    "show",
    "quote",
    "order",
    "cancel",
    "withdraw",
    "claim",
    "pair",
    "portfolio",
    "operator",
    "vault",
    "publish",
    "rebalance",
    "pay-fees",
    "recipient",
    "watch",
    "wind-down",
    "redeem",
)
SET_UP = ("sandbox", "deploy")


def example(command: str) -> list[str]:
    """What a command's help shows, without the program's name."""
    name = command.replace("-", "_")
    told = getattr(import_module(f"perpools.cli.{name}"), name).__doc__
    [line] = re.findall(r"^ *For example: perpools (.+)$", told, re.MULTILINE)
    return shlex.split(line)


def wait(node: Node, seconds: int) -> None:
    """Let time pass."""
    node.advance_to(node.block().timestamp + seconds)


def charge_fees(market: Path) -> None:
    """Let the market of a sandbox have something to pay out."""
    market.write_text(market.read_text() + '[fees]\nmanagement = "10%/year"\n')


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Left]:
    """Every example, executed in the order of a market's life."""
    node = connect(accounts=3)
    home: Path = tmp_path_factory.mktemp("home")
    (home / "password").write_text("a secret\n")
    _, owner, _ = node.accounts
    newcomer = Desk(node, home, ("--account", owner, "--password-file", "password"))
    desk = Desk(node, home)
    left = {"sandbox": newcomer("sandbox", "--yes")}
    charge_fees(home / "market.toml")
    left["deploy"] = desk(*example("deploy"))
    for command in LIFE:
        if command in ("rebalance", "publish"):
            wait(node, INTERVAL_S)
        if command == "wind-down":
            wait(node, 120 * DAY_S)
        left[command] = desk(*example(command))
        if command == "wind-down":
            desk("wind-down", "--yes")
    return left


@pytest.mark.parametrize("command", sorted(main.CHAIN))
def test_the_example_in_the_help_is_executed(played: dict[str, Left], command: str) -> None:
    assert played[command].code == 0, played[command].err


@pytest.mark.parametrize("command", sorted(main.CHAIN))
def test_nothing_wider_than_a_terminal_is_printed(played: dict[str, Left], command: str) -> None:
    if "--json" not in example(command):
        assert all(len(line) <= 80 for line in played[command].out.splitlines())


@pytest.mark.parametrize("command", sorted(main.CHAIN))
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    left = Desk(None, tmp_path)(command, "--help")
    assert left.code == 0
    assert "For example" in left.out
    assert "--json" in left.out
