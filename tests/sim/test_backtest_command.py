"""`perpools backtest`: one line gives an answer, and one line says what is wrong."""

import json
import sys
from pathlib import Path

import polars
import pytest

from perpools.cli import main
from tests.sim.scenes import DAY_S, V1


class Outcome:
    """What a command leaves behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["perpools", "backtest", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main.run()
        return Outcome(end.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture
def market(tmp_path: Path) -> Path:
    path = tmp_path / "market.toml"
    path.write_text(V1)
    return path


@pytest.fixture
def price_file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    rows = [f"{DAY_S * (10_000 + day)},{100 + day % 7}" for day in range(60)]
    path.write_text("\n".join(["timestamp,price", *rows]) + "\n")
    return path


def test_one_line_gives_an_answer(command, market: Path, price_file: Path) -> None:
    outcome = command(market, "--prices", price_file)
    assert outcome.code == 0
    for text in ("EUR/USD, 1997-05-19 to 1997-07-17", "effective leverage", "largest transfer"):
        assert text in outcome.out
    assert "keepers are not paid" in outcome.err


def test_json_has_the_numbers_programs_ask_for(command, market: Path, price_file: Path) -> None:
    outcome = command(market, "--prices", price_file, "--agents", "all", "--json")
    found = json.loads(outcome.out)
    assert found["events"] == 59
    assert found["long_price"] == pytest.approx(found["long_balance"] / 1e6, rel=0.5)
    for name in ("short_price", "short_balance", "long", "short", "skew", "transfer", "costs"):
        assert name in found
    assert len(found["agents"]) == 6


def test_both_engines_print_the_same_numbers(command, market: Path, price_file: Path) -> None:
    found = [
        json.loads(command(market, "--prices", price_file, "--engine", engine, "--json").out)
        for engine in ("fast", "exact")
    ]
    for name in ("long_price", "short_price", "long_balance", "short_balance"):
        assert found[0][name] == pytest.approx(found[1][name], rel=1e-12)


def test_the_market_file_may_name_its_prices(command, market: Path, price_file: Path) -> None:
    market.write_text(f'{V1}[price]\nfeed = "{price_file.name}"\n')
    assert command(market, "--json").code == 0


def test_a_keeper_is_paid_where_ether_has_a_price(command, market: Path, price_file: Path) -> None:
    options = ("--eth-price", "3000", "--gas-price", "10 gwei", "--keeper-fails", "20%")
    found = json.loads(command(market, "--prices", price_file, *options, "--json").out)
    assert found["costs"]["keeper_rewards"] > 0
    assert found["lateness"]["missed"] > 0
    [note] = found["notes"]
    assert "what is told by the year says little" in note


def test_events_are_written_whole(command, market: Path, price_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    outcome = command(market, "--prices", price_file, "--events", path, "--agents", "momentum")
    assert outcome.code == 0
    table = polars.read_parquet(path)
    assert table.height == 59
    assert (table["closed_at"] - table["timestamp"] == 1).all()
    assert (table["timestamp"] // DAY_S == table["epoch"]).all()
    assert not list(tmp_path.glob("*.part"))


def test_the_report_stands_alone(command, market: Path, price_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    command(market, "--prices", price_file, "--html", path, "--agents", "all")
    page = path.read_text()
    assert page.count("<svg") == 5
    assert page.count("<table") == 8
    assert "<script" not in page
    assert not [link for link in ("src=", "@import", 'href="http') if link in page]


def test_a_report_without_a_place_leaves_nothing(
    command, market: Path, price_file: Path, tmp_path: Path
) -> None:
    outcome = command(market, "--prices", price_file, "--html", tmp_path / "gone" / "r.html")
    assert outcome.code == 2
    assert "No such file or directory" in outcome.err
    assert not (tmp_path / "gone").exists()


def test_a_folder_is_no_report(command, market: Path, price_file: Path, tmp_path: Path) -> None:
    outcome = command(market, "--prices", price_file, "--html", tmp_path)
    assert (outcome.code, outcome.err.count("Is a directory")) == (2, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--events", "out.csv"], "--events out.csv: it is Parquet"),
        ([], "no prices: give --prices FILE, or --source ecb:EURUSD"),
        (["--source", "ecb:EURXXX"], "ecb:EURXXX: the ECB has no such pair"),
        (["--source", "moon"], "--source moon: unknown, write ecb:EURUSD"),
        (["--source", "ecb:EURUSD", "--prices", "p.csv"], "--prices and --source: give one"),
        (["--prices", "none.csv"], "none.csv: No such file"),
        (["--source", "ecb:EURUSD", "--agents", "nobody"], "agent 'nobody' is unknown"),
        (["--source", "ecb:EURUSD", "--keeper-fails", "often"], "--keeper-fails"),
        (["--source", "ecb:EURUSD", "--keeper-late", "2d"], "a keeper comes 1 second to less than"),
        (["--source", "ecb:EURUSD", "--engine", "slow"], "'slow' is not one of"),
    ],
)
def test_what_is_wrong_is_one_line(command, market: Path, options: list[str], said: str) -> None:
    outcome = command(market, *options)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""


def test_the_example_of_its_help_runs(command, market: Path) -> None:
    example = "--source ecb:EURUSD --agents skew-farmer,momentum"
    assert example in " ".join(command("--help").out.split())
    assert command(market, *example.split()).code == 0
