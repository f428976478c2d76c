"""The README cannot lie: its blocks are run."""

import contextlib
import io
import re
import shlex
import sys

import pytest

from perpools import market_file
from perpools.cli import main
from tests.evm import ROOT

README = (ROOT / "README.md").read_text()
RUN_BY_OTHERS = ("make", "pip", "perpools demo")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def printed(call) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        call()
    return out.getvalue()


@pytest.mark.parametrize("block", blocks("python"))
def test_examples_print_what_they_say(block: str) -> None:
    promised = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
    assert printed(lambda: exec(block, {})).splitlines() == promised


@pytest.mark.parametrize("block", blocks("toml"))
def test_market_files_are_accepted(block: str) -> None:
    market_file.parse(block)


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_they_say(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command, _, promised = block.removeprefix("$ ").partition("\n")
    if command.startswith(RUN_BY_OTHERS):
        return
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    assert printed(main.run) == promised
