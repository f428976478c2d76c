"""Terms are tried on the past before they are deployed."""

import pytest

from perpools import market_file
from perpools.errors import ConfigError
from perpools.web import playing
from perpools.web.pages import trial_charts
from perpools.web.pages.trials import BUSY, read_pair, try_out
from perpools.web.playing import read_file

CSV = "timestamp,price\n" + "\n".join(
    f"{1_700_000_000 + 3_600 * hour},{2_000 + 40 * (hour % 7) - 25 * (hour % 3)}"
    for hour in range(200)
)


def market(**changes: str) -> market_file.MarketFile:
    return market_file.parse('preset = "v2"\nname = "ETH/USD"\nleverage = 3', changes)


def test_terms_are_compared_with_the_presets_they_are_not() -> None:
    trial = try_out(market(transfer="linear"), read_file("past.csv", CSV.encode()))

    assert [name for name, _ in trial.all] == ["these terms", "preset v1", "preset v2"]
    assert len({result.statistics.long.total_return for _, result in trial.all}) == 3


def test_a_preset_is_not_compared_with_itself() -> None:
    trial = try_out(market(), read_file("past.csv", CSV.encode()))

    assert [name for name, _ in trial.all] == ["these terms", "preset v1"]


def test_a_preset_that_the_interval_rules_out_is_left_away() -> None:
    short = market(interval="10s", front_running_interval="10s", transfer="linear")
    past = "timestamp,price\n" + "\n".join(
        f"{10 * step},100.00000{step % 2}" for step in range(1, 60)
    )

    trial = try_out(short, read_file("past.csv", past.encode()))

    assert [name for name, _ in trial.all] == ["these terms", "preset v2"]


def test_a_long_history_is_cut_to_its_end() -> None:
    history = read_pair("EUR/USD")
    trial = try_out(market(interval="1h", front_running_interval="1h"), history)

    most = playing.MOST_POINTS // 3
    assert trial.own.events <= most
    assert trial.notes[0] == f"Only the last {most:,} grid points of the prices were played."
    assert int(trial.own.times[-1]) > history.times[-1] - 3_600


def test_an_interval_far_too_short_is_refused() -> None:
    history = read_pair("EUR/USD")

    with pytest.raises(ConfigError, match="too short for these prices"):
        try_out(market(interval="1s", front_running_interval="1s"), history)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("past.csv", b"", "past.csv: empty; the first line must be timestamp,price"),
        ("past.csv", b"timestamp,price\n1,x\n", "past.csv: line 2: price: 'x' is not a number"),
        ("past.csv", b"\xff\xfe", "past.csv: not a text file"),
        ("past.parquet", b"nothing", "past.parquet: not a Parquet file"),
        ("past.csv", b"x" * (playing.MOST_BYTES + 1), "past.csv: more than 5,000,000 bytes"),
    ],
)
def test_a_bad_file_is_explained_by_its_own_name(name: str, content: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        read_file(name, content)

    assert str(wrong.value) == said


@pytest.mark.parametrize("pair", ["", "EUR", "EUR/QQQ", "../../x", "EURUSDX", "ÄÖÜUSD"])
def test_a_pair_that_is_none_is_explained(pair: str) -> None:
    with pytest.raises(ConfigError, match="pair"):
        read_pair(pair)


def test_charts_show_both_tokens_from_one_on() -> None:
    trial = try_out(market(), read_file("past.csv", CSV.encode()))

    drawn = {line["id"]: line["data"] for line in trial_charts.tokens(trial.own)["series"]}

    assert drawn["long"][0][1] == drawn["short"][0][1] == drawn["spot"][0][1] == 1.0
    assert drawn["long"][-1][1] == pytest.approx(trial.own.series.long_price[-1], rel=1e-5)
    assert {line["id"] for line in trial_charts.decay(trial.own)["series"]} >= {"long", "short"}
    assert len(trial_charts.compared(trial)) == len(trial.all)


def test_prices_whose_yearly_return_is_beyond_all_numbers_are_refused() -> None:
    wild = "timestamp,price\n" + "\n".join(f"{3_600 * n},{3**n}" for n in range(1, 9))

    with pytest.raises(ConfigError, match="too short a time"):
        try_out(market(), read_file("past.csv", wild.encode()))


def test_who_finds_too_many_before_him_is_told_so() -> None:
    turns = playing.Turns(most_waiting=0)

    with turns.taken(), pytest.raises(ConfigError, match=BUSY):
        try_out(market(), read_file("past.csv", CSV.encode()), turns=turns)
