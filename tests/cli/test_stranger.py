"""A stranger's path: the README's commands, from an empty wallet to claimed tokens."""

import json
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.anvil import ANVIL, running
from tests.cli.stranger import Stranger
from tests.evm import ROOT

README = ROOT / "README.md"
START = "anvil &"
MOST_COMMANDS = 10

pytestmark = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")


def commands() -> list[str]:
    """The block of the README that is marked as executed here."""
    marked = r"<!-- commands:[^>]*-->\n```sh\n(.*?)^```"
    [block] = re.findall(marked, README.read_text(), re.MULTILINE | re.DOTALL)
    return str(block).splitlines()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    with running() as url:
        yield Stranger(url, tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def done(stranger: Stranger) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every command of the README and what it left, in its order."""
    first, *rest = commands()
    assert first == START
    found = {}
    for line in rest:
        if "rebalance" in line:
            stranger.node.advance_to(stranger.node.block("pending").timestamp + 80)
        found[line] = stranger.types(line)
    return found


def test_it_takes_fewer_than_ten_commands() -> None:
    assert len(commands()) < MOST_COMMANDS


def test_every_command_succeeds(done: dict[str, subprocess.CompletedProcess[str]]) -> None:
    failed = {line: left.stderr for line, left in done.items() if left.returncode != 0}
    assert not failed


def test_the_wallet_holds_what_was_claimed(
    stranger: Stranger, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    told = json.loads(stranger.types("perpools portfolio --json").stdout)
    [market] = told["markets"]
    seeded = 10_000 * 10**18 - 10**12
    assert int(market["wallet"]["long_tokens"]["units"]) > seeded
    assert market["waiting"] == []
    assert market["to_claim"]["long_tokens"]["units"] == 0
    assert int(market["profit"]["units"]) != 0


def test_the_event_is_the_one_that_the_order_waited_for(
    done: dict[str, subprocess.CompletedProcess[str]],
) -> None:
    epochs = {
        command: re.findall(r"^ *epoch +(\d+)$", left.stdout, re.MULTILINE)
        for line, left in done.items()
        if (command := line.split()[1]) in ("order", "rebalance")
    }
    assert len(epochs["order"]) == 1
    assert epochs["order"] == epochs["rebalance"]


def test_no_key_and_no_password_is_printed(
    stranger: Stranger, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    password = (stranger.home / "wallet.password").read_text().strip()
    for left in done.values():
        assert password not in left.stdout + left.stderr


def test_files_with_secrets_are_their_owners_alone(
    stranger: Stranger, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    for name in ("wallet.json", "wallet.password", "publisher.json"):
        assert (stranger.home / name).stat().st_mode & 0o077 == 0


def test_nothing_wider_than_a_terminal_is_printed(
    done: dict[str, subprocess.CompletedProcess[str]],
) -> None:
    wide = {
        line: text
        for line, left in done.items()
        for text in left.stdout.splitlines()
        if len(text) > 80
    }
    assert not wide
