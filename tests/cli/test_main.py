"""The command line: exit codes, one line for whatever goes wrong, nothing loaded in vain."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from perpools.cli import main

MARKET = 'preset = "v2"\nname = "ETH/USD"\nleverage = 3\n'


class Outcome:
    """What a command leaves behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["perpools", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main.run()
        return Outcome(end.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture
def market(tmp_path: Path) -> Path:
    path = tmp_path / "market.toml"
    path.write_text(MARKET)
    return path


def test_without_arguments_it_lists_its_commands(command) -> None:
    outcome = command()
    assert outcome.code == 0
    assert all(name in outcome.out for name in main.COMMANDS)


@pytest.mark.parametrize("name", sorted(main.COMMANDS))
def test_the_help_says_what_a_value_is_not_which_type_of_python(command, name: str) -> None:
    outcome = command(name, "--help")
    assert outcome.code == 0
    options = [line for line in outcome.out.splitlines() if "--" in line]
    assert any("--help" in line for line in options)
    assert not [line for line in options if "<str>" in line or "<bool>" in line]


def test_it_knows_its_version(command) -> None:
    assert command("--version").out.startswith("perpools ")


def test_check_shows_every_term(command, market: Path) -> None:
    outcome = command("check", market)
    assert outcome.code == 0
    for row in ["ETH/USD", "sigmoid", "management fee", "2%", "8h", "20 gwei", "30d"]:
        assert row in outcome.out


def test_check_prints_the_integers_as_json(command, market: Path) -> None:
    terms = json.loads(command("check", market, "--json").out)
    assert terms["leverage_wad"] == str(3 * 10**18)
    assert terms["interval_s"] == 3_600
    assert terms["transfer"] == "sigmoid"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nonsense"], "No such command 'nonsense' (see perpools --help)"),
        (["check"], "Missing argument 'MARKET.toml' (see perpools --help)"),
        (["check", "--nonsense"], "No such option: --nonsense (see perpools --help)"),
        (["check", "absent.toml"], "absent.toml: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_line(command, arguments: list[str], line: str) -> None:
    outcome = command(*arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"perpools: {line}\n")


def test_a_wrong_market_file_is_one_line(command, market: Path) -> None:
    market.write_text(MARKET + 'interval = "soon"')
    outcome = command("check", market)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "interval:" in outcome.err


def test_a_missing_extra_is_named() -> None:
    without_web3 = "import sys; sys.modules['web3'] = None; sys.argv[1:] = ['demo']; "
    outcome = subprocess.run(
        [sys.executable, "-c", without_web3 + "from perpools.cli.main import run; run()"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr == "perpools: demo needs more: pip install 'perpools[demo]'\n"
