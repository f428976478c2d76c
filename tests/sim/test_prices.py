"""Prices as they come: whatever is wrong with them is one line that says where and what to do."""

from pathlib import Path

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.errors import ConfigError
from perpools.sim import prices
from perpools.sim.grid import on_grid
from perpools.sim.prices import Prices
from perpools.spec.fixed_point import WAD
from perpools.spec.prices import History
from tests.sim.scenes import DAY_S, daily

HOUR_S = 3_600
HEAD = "timestamp,price\n"


def csv(folder: Path, text: str) -> Path:
    path = folder / "prices.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty; the first line must be timestamp,price"),
        ("time,close\n1,2\n", "line 1: the header must be timestamp,price"),
        (HEAD, "0 prices are too few: 2 at least"),
        (f"{HEAD}100,1\n", "1 prices are too few: 2 at least"),
        (f"{HEAD}100,1,3\n", "line 2: 2 columns expected, not 3"),
        (f"{HEAD}100,1\n100,2\n", "line 3: timestamp: the same as the row before; keep one of"),
        (f"{HEAD}100,1\n99,2\n", "line 3: timestamp: earlier than the row before; sort the rows"),
        (f"{HEAD}100,1\n200,0\n", "line 3: price: 0 is not positive"),
        (f"{HEAD}100,1\n200,-3\n", "line 3: price: -3 is not positive"),
        (f"{HEAD}100,1\n200,nan\n", "line 3: price: nan is not a number"),
        (f"{HEAD}100,1\n200,inf\n", "line 3: price: inf is not a number"),
        (f"{HEAD}100,1\n200,\n", "line 3: price: '' is not a number"),
        (f"{HEAD}100,1\n200,1e-19\n", "line 3: price: 1e-19 is out of range"),
        (f"{HEAD}100,1\n200,1e999999\n", "line 3: price: 1e999999 is out of range"),
        (f"{HEAD}100,1\n1500000000000,1\n", "line 3: timestamp: 1500000000000 counts millisec"),
        (f"{HEAD}yesterday,1\n", "line 2: timestamp: 'yesterday' is neither whole Unix seconds"),
        (f"{HEAD}1500000000.5,1\n", "line 2: timestamp: '1500000000.5' is neither whole Unix"),
        (f"{HEAD}0,1\n", "line 2: timestamp: 0 is not after 1970"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        prices.load(csv(tmp_path, text))
    assert str(refusal.value).startswith(f"{tmp_path / 'prices.csv'}: {said}")
    assert "\n" not in str(refusal.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for name, said in [("none.csv", "No such file"), ("none.parquet", "no such file")]:
        with pytest.raises(ConfigError, match=said):
            prices.load(tmp_path / name)
    (tmp_path / "text.parquet").write_text("timestamp,price\n")
    with pytest.raises(ConfigError, match="not a Parquet file"):
        prices.load(tmp_path / "text.parquet")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ConfigError, match="not a text file"):
        prices.load(tmp_path / "bytes.csv")


def test_prices_are_read_to_the_last_digit(tmp_path: Path) -> None:
    text = f"{HEAD}1970-01-01T00:01:40,0.123456789012345678\n200,4308.83\n"
    known = prices.load(csv(tmp_path, text))
    assert known.times == (100, 200)
    assert known.wads == (123456789012345678, 430883 * 10**16)


def test_where_a_moment_has_several_prices_the_last_may_count(tmp_path: Path) -> None:
    path = csv(tmp_path, f"{HEAD}100,1\n100,2\n200,3\n200,4\n200,5\n")
    assert prices.load(path, keep_last=True).wads == (2 * WAD, 5 * WAD)


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    table = polars.DataFrame({"price": [1.5, 2.25], "timestamp": [100, 200], "volume": [1, 2]})
    path = tmp_path / "prices.parquet"
    table.write_parquet(path)
    assert prices.load(path).wads == (15 * 10**17, 225 * 10**16)
    moments = table.with_columns(polars.from_epoch("timestamp"))
    moments.write_parquet(path)
    assert prices.load(path).times == (100, 200)
    table.drop("price").write_parquet(path)
    with pytest.raises(ConfigError, match="the columns must be timestamp and price"):
        prices.load(path)
    holes = polars.DataFrame({"timestamp": [100, 200], "price": [1.0, None]})
    holes.write_parquet(path)
    with pytest.raises(ConfigError, match="row 2: price: 'None' is not a number"):
        prices.load(path)


def test_the_ecb_knows_what_a_euro_costs() -> None:
    known = prices.load("ecb:EURUSD")
    assert known.wads[0] == 11789 * 10**14
    assert known.times[0] == 915462000
    assert known.spacing_s == DAY_S


@pytest.mark.parametrize("pair", ["EURXYZ", "EUR", "EUREUR", ""])
def test_a_pair_the_ecb_does_not_know_is_refused(pair: str) -> None:
    with pytest.raises(ConfigError, match="write it like ecb:EURUSD"):
        prices.load(f"ecb:{pair}")


def test_a_gap_is_refused_and_a_weekend_is_not() -> None:
    weekend = Prices("p", (0, DAY_S, 4 * DAY_S, 5 * DAY_S), (WAD,) * 4)
    prices.check_gaps("p", weekend)
    gap = Prices("p", (0, DAY_S, 10 * DAY_S, 11 * DAY_S), (WAD,) * 4)
    with pytest.raises(ConfigError, match="no price for 9d after 1970-01-02 00:00 UTC"):
        prices.check_gaps("p", gap)


def test_too_short_a_history_for_the_interval_is_refused() -> None:
    with pytest.raises(ConfigError, match="less than two grid points of 30d"):
        on_grid(daily(1, 2, 3), 30 * DAY_S, None)


steps = st.lists(st.integers(1, 5 * HOUR_S), min_size=2, max_size=30)


@given(steps, st.integers(0, 3 * HOUR_S), st.sampled_from([600, HOUR_S, 7_000]))
def test_the_grid_has_what_a_feed_would_answer(
    gaps: list[int], max_age_s: int, interval_s: int
) -> None:
    times = [DAY_S + sum(gaps[: count + 1]) for count in range(len(gaps))]
    known = Prices("p", tuple(times), tuple(WAD + at for at in times))
    if known.times[-1] // interval_s <= -(-known.times[0] // interval_s):
        return
    grid = on_grid(known, interval_s, max_age_s)
    feed = History((), max_age_s)
    for at, wad in zip(known.times, known.wads, strict=True):
        feed = feed.observe(wad, at)
    for point, wad in enumerate(grid.wads):
        moment = (grid.first_epoch + point) * interval_s
        if grid.known[point] < grid.size:
            assert feed.as_of(moment) == wad
            assert grid.known[point] >= point
        if grid.known[point] == point:
            by_then = [seen for seen in feed.observations if seen.known_at <= moment]
            assert History(tuple(by_then), max_age_s).as_of(moment) == wad or moment == times[-1]


def test_what_is_seen_later_in_an_interval_is_newer() -> None:
    known = Prices("p", (0, 1_800, 3_600, 5_400, 7_200), tuple(n * WAD for n in range(1, 6)))
    grid = on_grid(known, HOUR_S, None)
    assert grid.seen(1) == [1.0, 3.0, 5.0]
    assert grid.seen(1_800) == [2.0, 4.0, 5.0]
