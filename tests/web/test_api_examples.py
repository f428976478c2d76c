"""Every example of docs/api.md, asked of the API."""

import json
import re
import shlex
from collections.abc import Iterator

import pytest

from tests.evm import ROOT
from tests.web.served import Served

TEXT = (ROOT / "docs/api.md").read_text()
BLOCKS = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)


def examples() -> Iterator[tuple[str, str]]:
    """Each command and what it says."""
    for block in BLOCKS:
        for example in block.removeprefix("$ ").split("\n$ "):
            command, _, output = example.partition("\n")
            yield command, output.rstrip("\n")


def asked(served: Served, command: str) -> str:
    _, *words = shlex.split(command)
    if words[:2] == ["-X", "POST"]:
        return served.client.post(words[2], json=json.loads(words[4])).text
    return served.client.get(words[0]).text


def pattern(output: str) -> str:
    """Anything may stand where it says `...`."""
    return ".*".join(re.escape(part) for part in output.split("..."))


@pytest.mark.parametrize(("command", "output"), list(examples()))
def test_an_example_says_what_it_says(shown: Served, command: str, output: str) -> None:
    trader = shown.past.role["trader"]
    named = command.replace("MARKET", shown.address).replace("ACCOUNT", trader)
    told = asked(shown, named).replace("\r\n", "\n")
    told = told.replace(shown.address, "MARKET").replace(trader, "ACCOUNT")
    assert re.match(pattern(output), told, re.DOTALL), told[:600]


def test_every_path_is_named(shown: Served) -> None:
    for path in shown.read("/openapi.json")["paths"]:
        last = path.replace("{market}", "MARKET").replace("{account}", "ACCOUNT")
        tail = "/" + last.rsplit("/", 1)[1].replace("{epoch}", "N")
        assert tail in TEXT, path
