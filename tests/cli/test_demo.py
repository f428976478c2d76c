"""`perpools demo`: a short story, prices from a file, and what a difference looks like."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from perpools.cli.demo import as_dict, show
from perpools.cli.main import app
from perpools.demo import prices
from perpools.demo.mirror import Mirror
from perpools.demo.run import Result, run
from perpools.demo.stage import HOLDERS, Stage
from perpools.errors import ConfigError
from perpools.spec.invariants import broken

DAY_S = 86_400
FIXINGS = 12


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The command's own JSON, of a short story."""
    done = CliRunner().invoke(app, ["demo", "--fixings", str(FIXINGS), "--json"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == 1
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_contracts_and_specification_agree(told: dict[str, Any]) -> None:
    assert told["mismatches"] == 0
    assert told["operations"] == sum(market["operations"] for market in told["markets"])
    assert told["operations"] > 2 * told["grid_points"]
    assert told["events"] > 0
    assert told["holders"] == HOLDERS


def test_there_is_a_market_of_each_preset(told: dict[str, Any]) -> None:
    assert [market["preset"] for market in told["markets"]] == ["v1", "v2"]
    assert all(market["epochs"] > 0 for market in told["markets"])


def test_value_is_conserved(told: dict[str, Any]) -> None:
    for market in told["markets"]:
        custody = {name: int(amount) for name, amount in market["custody"].items()}
        held = custody.pop("held")
        assert held == sum(custody.values()) + market["dust"]
        assert market["conserved"] is True
        assert custody["sides"] == int(market["long_balance"]) + int(market["short_balance"])


def test_sides_earn_what_they_hold_and_took_beyond_what_they_put_in(told: dict[str, Any]) -> None:
    for market in told["markets"]:
        for side in (market["long"], market["short"]):
            names = ("paid_in", "taken_out", "worth", "earned")
            paid_in, taken_out, worth, earned = (int(side[name]) for name in names)
            assert earned == worth + taken_out - paid_in


def test_skew_and_rebalancing_rate_are_of_the_balances(told: dict[str, Any]) -> None:
    for market in told["markets"]:
        skew = int(market["long_balance"]) / int(market["short_balance"])
        assert market["skew"] == pytest.approx(skew, abs=1e-6)
        assert market["rebalancing_rate"] == pytest.approx(skew - 1, abs=1e-6)


def richer(stage: Stage) -> None:
    """One unit more for the longs of the first market, in the specification alone."""
    mirror = stage.mirrors[0]
    long, short = mirror.spec.pool.balances
    mirror.spec = replace(mirror.spec, pool=mirror.spec.pool._replace(balances=(long + 1, short)))


@pytest.fixture(scope="module")
def doctored() -> Result:
    return run(prices.fixings(FIXINGS), seed=1, spoil=richer)


def test_a_unit_too_much_is_found(doctored: Result) -> None:
    assert doctored.mismatch is not None
    assert doctored.mismatch.where.endswith("state: balances: 0")
    assert doctored.mismatch.spec == doctored.mismatch.chain + 1
    assert as_dict(doctored)["mismatches"] == 1


def test_a_difference_is_exit_code_1_and_one_line(
    doctored: Result, capsys: pytest.CaptureFixture[str]
) -> None:
    for as_json in (True, False):
        with pytest.raises(typer.Exit) as ended:
            show(doctored, as_json=as_json)
        assert ended.value.exit_code == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert "balances: 0: chain 100000000000, specification 100000000001" in error


def hidden(mirror: Mirror, holder: str) -> None:
    """A holder's tokens, in the specification alone."""
    long, short = mirror.spec.holdings
    mirror.spec = replace(mirror.spec, holdings=({**long, holder: 1}, short))


def test_what_nobody_touched_is_found_as_well() -> None:
    """An account that no operation concerns is compared when its turn comes."""

    def spoil(stage: Stage) -> None:
        hidden(stage.mirrors[1], stage.cast.holders[-1])
        assert broken(stage.mirrors[1].spec) == ["SUPPLY"]

    found = run(prices.fixings(FIXINGS), seed=1, spoil=spoil).mismatch
    assert found is not None
    assert found.where.endswith("wallet: long_tokens")


def test_the_same_seed_is_the_same_story(told: dict[str, Any]) -> None:
    same, other = (as_dict(run(prices.fixings(FIXINGS), seed)) for seed in (1, 2))
    assert same == told
    assert other != told


def write(path: Path, *rows: str, header: str = "timestamp,price") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def test_prices_come_from_a_file(tmp_path: Path) -> None:
    rows = [f"2024-03-{day:02}T00:00:00Z,{1000 + 10 * day}.5" for day in range(1, 13)]
    found = prices.read(write(tmp_path / "prices.csv", *rows))
    assert found.interval_s == DAY_S
    assert found.fixings[0] == (1_709_251_200, 1_010_500_000_000_000_000_000)
    assert found.fixings[-1].at == found.fixings[0].at + 11 * DAY_S


def test_unix_seconds_and_iso_8601_say_the_same(tmp_path: Path) -> None:
    seconds = [f"{1_709_251_200 + 3_600 * hour},1.5" for hour in range(12)]
    iso = [f"2024-03-01T{hour:02}:00:00+00:00,1.5" for hour in range(12)]
    plain = prices.read(write(tmp_path / "seconds.csv", *seconds))
    assert plain == prices.read(write(tmp_path / "iso.csv", *iso))


GOOD = [f"{1_700_000_000 + 3_600 * row},1.{row:02}" for row in range(12)]
WRONG = {
    "line 1: the header must be timestamp,price": (["time,price"], GOOD),
    "line 3: price: 0 is not positive": ([], [GOOD[0], "1700003600,0"]),
    "line 3: price: -1 is not positive": ([], [GOOD[0], "1700003600,-1"]),
    "line 3: price: nan is not a number": ([], [GOOD[0], "1700003600,nan"]),
    "line 3: price: 'much' is not a number": ([], [GOOD[0], "1700003600,much"]),
    "line 3: price: 1e60 is out of range": ([], [GOOD[0], "1700003600,1e60"]),
    "line 3: 2 columns expected, not 1": ([], [GOOD[0], "1700003600"]),
    "line 3: timestamp: the same as the row before": ([], [GOOD[0], GOOD[0]]),
    "line 3: timestamp: earlier than the row before": ([], [GOOD[1], GOOD[0]]),
    "line 2: timestamp: 'soon' is neither whole Unix seconds nor ISO 8601": ([], ["soon,1"]),
    "line 2: timestamp: 1700000000000 counts milliseconds or less": ([], ["1700000000000,1"]),
    "3 prices are too few: 10 at least": ([], GOOD[:3]),
    "0 prices are too few": ([], []),
    "60 seconds apart": ([], [f"{1_700_000_000 + row},1" for row in range(12)]),
    "are too many": ([], [*GOOD, "1900000000,1"]),
}


@pytest.mark.parametrize("complaint", WRONG)
def test_a_wrong_file_is_one_line_that_says_where(tmp_path: Path, complaint: str) -> None:
    header, rows = WRONG[complaint]
    path = write(tmp_path / "prices.csv", *rows, header=header[0] if header else "timestamp,price")
    with pytest.raises(ConfigError) as wrong:
        prices.read(path)
    message = str(wrong.value)
    assert message.startswith(f"{path}: ")
    assert complaint in message
    assert "\n" not in message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        prices.read(tmp_path / "absent.csv")
