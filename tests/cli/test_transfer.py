"""`perpools transfer`: exact answers, and one line for every question that has none."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from perpools.cli import transfer as command
from perpools.cli.main import app, run

HEADER = "function,leverage,from,to,balance"
ANSWER_HEADER = f"{HEADER},fraction,amount\n"
QUESTION = {
    "--function": "power",
    "--leverage": "3",
    "--from": "2000",
    "--to": "2100",
    "--balance": "1000000000000000000000000000",
}

Failed = Callable[..., str]


def options(changed: dict[str, str | None] | None = None) -> list[str]:
    """The question with some options changed, or left out where None."""
    chosen = QUESTION | (changed or {})
    return [part for name, value in chosen.items() if value is not None for part in (name, value)]


def answer(*args: str, stdin: str | None = None) -> str:
    result = CliRunner().invoke(app, ["transfer", *args], input=stdin)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Failed:
    """Run the installed command to its end; it must be exit code 2 and one line, returned."""

    def fail(*args: str, stdin: bytes = b"", printed: str = "") -> str:
        monkeypatch.setattr(sys, "argv", ["perpools", "transfer", *args])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = capsys.readouterr()
        assert ended.value.code == 2
        assert out == printed
        assert err.count("\n") == 1
        return err

    return fail


def test_json_holds_the_question_and_the_answer() -> None:
    assert json.loads(answer(*options(), "--json")) == {
        "function": "power",
        "leverage": "3",
        "from": "2000",
        "to": "2100",
        "balance": 10**27,
        "fraction": "0.136162401468523917503509340244034120",
        "amount": 136162401468523917503509340,
        "payer": "short",
    }


def test_people_get_a_table() -> None:
    shown = answer(*options())
    assert "0.136162401468523917503509340244034120" in shown
    assert re.search(r"payer +short", shown)


@pytest.mark.parametrize(("to", "payer"), [("2100", "short"), ("1900", "long"), ("2000", "none")])
def test_the_side_the_price_moved_against_pays(to: str, payer: str) -> None:
    paid = json.loads(answer(*options({"--to": to}), "--json"))
    assert paid["payer"] == payer
    assert (paid["amount"] == 0) == (payer == "none")


def test_fractional_leverage() -> None:
    changed: dict[str, str | None] = {"--leverage": "1.5", "--from": "100", "--to": "25"}
    paid = json.loads(answer(*options(changed), "--json"))
    assert paid["fraction"].startswith("0.8749999999999999999999999999999999")


def test_linear_stops_at_its_cap() -> None:
    changed: dict[str, str | None] = {"--function": "linear", "--to": "9000"}
    for args, fraction in (([], "0.99"), (["--cap", "50%"], "0.5"), (["--cap", "0.25"], "0.25")):
        paid = json.loads(answer(*options(changed), *args, "--json"))
        assert paid["fraction"] == fraction.ljust(38, "0")


@pytest.mark.parametrize("text", ["2100.0", "2.1e3", "21E+2", "+2100", "2100.", " 2100 "])
def test_a_number_may_be_written_in_many_ways(text: str) -> None:
    assert json.loads(answer(*options({"--to": text}), "--json"))["amount"] == int(
        "136162401468523917503509340"
    )


def test_the_ends_of_the_ranges_are_accepted() -> None:
    ends: dict[str, str | None] = {
        "--from": "0.000000000000000001",
        "--to": "1329227995784915872.903807060280344575",
        "--leverage": "100",
        "--balance": str(2**128 - 1),
    }
    paid = json.loads(answer(*options(ends), "--json"))
    assert paid["fraction"] == "0." + 36 * "9"
    assert paid["amount"] == 2**128 - 1 - 341


BAD = [
    ("--function", "cubic", "'cubic' is unknown, expected power, sigmoid, linear"),
    *[
        (name, text, problem)
        for name in ("--leverage", "--from", "--to", "--balance")
        for text, problem in (
            ("0", "zero, expected"),
            ("0e99", "zero, expected"),
            ("-1", "negative, expected"),
            ("nan", "not a number, expected"),
            ("inf", "not a number, expected"),
            ("", "not a number, expected"),
            ("1_000", "not a number, expected"),
            ("1,000", "not a number, expected"),
            ("0x10", "not a number, expected"),
            ("١", "not a number, expected"),
            ("1.0000000000000000001", "too fine, expected"),
            ("1e-19", "too fine, expected"),
            ("1e-999999999", "too fine, expected"),
            ("1e999999999", "too large, expected"),
        )
    ],
    ("--leverage", "100.000000000000000001", "too large, expected above 0 and at most 100"),
    ("--to", "1329227995784915872.903807060280344576", "too large, expected above 0 and below"),
    ("--balance", str(2**128), "too large, expected whole base units"),
    ("--balance", "0.5", "too fine, expected whole base units"),
]


@pytest.mark.parametrize(("name", "text", "problem"), BAD)
def test_a_bad_option_is_named_with_what_is_allowed(
    failed: Failed, name: str, text: str, problem: str
) -> None:
    told = failed(*options({name: text}), "--json")
    assert f"{name.removeprefix('--')}: " in told
    assert problem in told


@pytest.mark.parametrize("name", QUESTION)
def test_a_missing_option_is_named(failed: Failed, name: str) -> None:
    assert f"{name}: missing" in failed(*options({name: None}))


@pytest.mark.parametrize("cap", ["0", "1", "100%", "-1%", "x", "%"])
def test_a_cap_lies_between_nothing_and_everything(failed: Failed, cap: str) -> None:
    assert "cap: " in failed(*options({"--function": "linear"}), "--cap", cap)


def test_a_table_is_answered_row_by_row() -> None:
    shown = answer("--csv", "-", stdin=f"{HEADER}\npower,3,2000,2100,1000\nlinear,2,2000,1900,50\n")
    assert shown.splitlines() == [
        f"{HEADER},fraction,amount",
        "power,3,2000,2100,1000,0.136162401468523917503509340244034120,136",
        "linear,2,2000,1900,50,0.100000000000000000000000000000000000,5",
    ]


def test_a_table_answers_like_single_questions() -> None:
    rows = [["sigmoid", "2.5", "10", "11", "1e18"], ["power", "0.1", "1", "1000000", "77"]]
    shown = answer("--csv", "-", stdin="\n".join([HEADER, *map(",".join, rows)]) + "\n")
    for row, answered in zip(rows, csv.DictReader(io.StringIO(shown)), strict=True):
        single = json.loads(answer(*options(dict(zip(QUESTION, row, strict=True))), "--json"))
        assert answered["fraction"] == single["fraction"]
        assert answered["amount"] == str(single["amount"])


def test_a_table_may_come_from_a_file_in_any_order_of_columns(tmp_path: Path) -> None:
    table = tmp_path / "moves.csv"
    text = "\ufeffto, from, balance, leverage, function\r\n2100,2000,1000,3,power\r\n"
    table.write_bytes(text.encode())
    [_, row] = answer("--csv", str(table)).splitlines()
    assert row.startswith("power,3,2000,2100,1000,0.1361")


def test_a_table_in_json_is_one_object_a_line() -> None:
    shown = answer("--csv", "-", "--json", stdin=f"{HEADER}\npower,3,2000,2100,1000\n")
    assert [json.loads(line)["amount"] for line in shown.splitlines()] == [136]


def test_a_table_without_rows_is_a_header() -> None:
    assert answer("--csv", "-", stdin=f"{HEADER}\n") == ANSWER_HEADER


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "header: missing"),
        ("\n", "header: missing"),
        ("function,leverage,from,to\n", "column balance: missing"),
        ("power,3,2000,2100,1000\n", "column function: missing"),
        (f"{HEADER},date\n", "column 'date': unknown"),
        (f"{HEADER},to\n", "column to: given twice"),
    ],
)
def test_a_wrong_header_is_named(failed: Failed, header: str, problem: str) -> None:
    told = failed("--csv", "-", stdin=header.encode())
    assert problem in told
    assert f"expected the header {HEADER}" in told


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"cubic,3,2000,2100,1000", "column function: 'cubic' is unknown"),
        (b"power,101,2000,2100,1000", "column leverage: '101' is too large"),
        (b"power,3,nan,2100,1000", "column from: 'nan' is not a number"),
        (b"power,3,2000,0,1000", "column to: '0' is zero"),
        (b"power,3,2000,\xff,1000", r"column to: '\\xff' is not a number"),
        (b"power,3,2000,2100,-5", "column balance: '-5' is negative"),
        (b"power,3,2000,2100,340282366920938463463374607431768211456", "too large"),
        (b"power,3,2000,2100", "column balance: missing"),
        (b"", "column function: missing"),
        (b"power,3,2000,2100,1000,", "column 6: '' is not in the header"),
        (b'power,3,2000,"21\n00",1000', r"column to: '21\n00' is not a number"),
    ],
)
def test_a_bad_row_ends_the_table_and_is_named(failed: Failed, row: bytes, problem: str) -> None:
    good = b"power,3,2000,2000,1000"
    printed = f"{ANSWER_HEADER}{good.decode()},0.{36 * '0'},0\n"
    told = failed(
        "--csv", "-", stdin=b"\n".join([HEADER.encode(), good, row, good, b""]), printed=printed
    )
    assert re.search(r"row 2 \(line [34]\)", told)
    assert problem in told


def test_an_open_quotation_is_refused(failed: Failed) -> None:
    table = f'{HEADER}\npower,"3,2000,2100,1000\n'
    assert "not CSV" in failed("--csv", "-", stdin=table.encode(), printed=ANSWER_HEADER)


def test_a_table_that_cannot_be_read_is_named(failed: Failed, tmp_path: Path) -> None:
    assert "cannot read" in failed("--csv", str(tmp_path / "absent.csv"))
    assert "cannot read" in failed("--csv", str(tmp_path))


def test_a_table_and_a_single_question_exclude_each_other(failed: Failed) -> None:
    assert "--leverage: not together with --csv" in failed("--csv", "-", "--leverage", "3")


def test_the_example_in_the_help_is_executed() -> None:
    [example] = re.findall(r"^ *perpools transfer (.+)$", command.transfer.__doc__ or "", re.M)
    assert "136162 " in answer(*example.split())
