"""Numbers on the terminal and in JSON: exact for programs, readable for people."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from perpools.cli import output
from perpools.errors import ConfigError
from perpools.values import (
    Amount,
    Duration,
    Moment,
    Name,
    Number,
    Share,
    exact,
    parse,
    readable,
)

UNIT = 10**18
NEW_YEAR = 1_767_225_600


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Whoever looks at the clock lives elsewhere."""

    def live_in(place: str) -> None:
        monkeypatch.setenv("TZ", place)
        time.tzset()

    yield live_in
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (0, 18, "0"),
        (UNIT, 18, "1"),
        (1_234_500_000, 6, "1,234.5"),
        (UNIT // 3, 18, "0.333333"),
        (1, 18, "0.000000000000000001"),
        (123_456_789, 18, "0.0000000001234"),
        (-1_500_000, 6, "-1.5"),
        (7, 0, "7"),
        (2**128, 18, "340,282,366,920,938,463,463.374607"),
    ],
)
def test_people_see_no_more_digits_than_they_read(units: int, decimals: int, text: str) -> None:
    assert readable(units, decimals) == text


def test_programs_see_every_digit() -> None:
    amount = Amount(UNIT + 1, 18, "3L-ETH/USD")
    assert amount.json == {
        "units": "1000000000000000001",
        "text": "1.000000000000000001 3L-ETH/USD",
    }
    assert Number(2_000 * UNIT).json == {"wad": "2000000000000000000000", "text": "2000"}
    assert Share(UNIT // 200).json == {"wad": 5 * 10**15, "text": "0.5%"}
    assert Duration(5_400).json == {"seconds": 5_400, "text": "1h30m"}
    assert Name(12_345_678).json == 12_345_678


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**256 - 1])
def test_an_integer_beyond_53_bits_is_text_in_json(value: int) -> None:
    assert exact(value) == str(value)
    assert exact(2**53 - 1) == 2**53 - 1
    assert exact(True) is True


def test_a_moment_is_told_in_utc_with_its_distance(local: Callable[[str], None]) -> None:
    local("UTC")
    assert Moment(NEW_YEAR).text == "2026-01-01 00:00:00 UTC"
    assert Moment(NEW_YEAR, NEW_YEAR - 290).text == "2026-01-01 00:00:00 UTC (in 4m50s)"
    assert Moment(NEW_YEAR, NEW_YEAR + 90_061).text == "2026-01-01 00:00:00 UTC (1d1h ago)"
    assert Moment(NEW_YEAR, NEW_YEAR).text.endswith("(now)")
    assert Moment(NEW_YEAR).json == {"unix": NEW_YEAR, "utc": "2026-01-01T00:00:00Z"}


def test_a_moment_is_told_in_local_time_too(local: Callable[[str], None]) -> None:
    local("JST-9")
    assert Moment(NEW_YEAR).text == "2026-01-01 00:00:00 UTC (09:00 JST)"


@pytest.mark.parametrize(
    ("text", "units"),
    [("1", 10**6), ("0.000001", 1), ("100.50", 100_500_000), ("1.0000000", 10**6)],
)
def test_an_amount_is_read_exactly(text: str, units: int) -> None:
    assert parse(text, 6, "amount") == units


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0", "is nothing: write more than 0"),
        ("0.0", "is nothing: write more than 0"),
        ("-1", "is negative"),
        ("nan", "is not an amount"),
        ("inf", "is not an amount"),
        ("1e3", "is not an amount"),
        ("1,000", "is not an amount"),
        ("", "is not an amount"),
        ("٣", "is not an amount"),
        ("0.0000001", "more digits than the token keeps: at most 6 decimals"),
        ("9" * 70, "is not an amount"),
    ],
)
def test_what_is_no_amount_is_one_line(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse(text, 6, "amount")
    assert str(told.value).startswith(f"amount: '{text}' ")
    assert problem in str(told.value)
    assert "\n" not in str(told.value)


def test_facts_within_facts_are_json_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"a": Amount(1, 0, "X"), "b": [{"c": 2**60}], "d": None, "e": Name(3)}
    output.print_json(facts)
    assert json.loads(capsys.readouterr().out) == {
        "a": {"units": 1, "text": "1 X"},
        "b": [{"c": str(2**60)}],
        "d": None,
        "e": 3,
    }
