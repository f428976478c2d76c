"""Tables as files: whole or not at all, the same from each sort of database and in each form."""

import json
from pathlib import Path

import polars
import pytest

from perpools.errors import ConfigError
from perpools.index import export as exporting
from perpools.index.database import Database
from perpools.index.export import TABLES, export
from tests.index.synthetic import MARKETS, fill

ROWS = 1_500


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database, ROWS)
    return database


def test_a_table_is_written_in_the_order_of_its_keys(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    assert export(filled, "records", path) == ROWS // 3
    found = polars.read_csv(path)
    assert found.height == ROWS // 3
    keys = found.select("market", "block_number", "log_index").rows()
    assert keys == sorted(keys)
    assert list(tmp_path.glob("*.part")) == []


def test_both_forms_have_the_same_rows(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 70)
    for name in ("orders", "snapshots", "meta"):
        csv, parquet = tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"
        assert export(filled, name, csv) == export(filled, name, parquet)
        read = polars.read_parquet(parquet)
        assert read.schema == {c.name: exporting._kind(c) for c in TABLES[name].columns}
        assert polars.read_csv(csv, schema=read.schema).equals(read)


def test_integers_of_any_size_are_exact(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "markets.parquet"
    with filled.writing() as session:
        session.execute(TABLES["markets"].update().values(price_wad=2**200 + 1))
    export(filled, "markets", path, MARKETS[1])
    [row] = polars.read_parquet(path).to_dicts()
    assert (row["address"], int(row["price_wad"])) == (MARKETS[1], 2**200 + 1)
    assert json.loads(row["terms"]) == {}
    assert row["wound_down"] is False


def test_one_markets_part_is_written_alone(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "keepers.csv"
    export(filled, "keepers", path, MARKETS[0])
    assert set(polars.read_csv(path)["market"]) == {MARKETS[0]}


def test_an_older_file_stays_until_the_new_one_is_whole(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("older")

    def broken(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exporting.WRITERS, ".csv", broken)
    with pytest.raises(ConfigError, match=r"orders.csv: cannot be written: No space left"):
        export(filled, "orders", path)
    assert path.read_text() == "older"
    assert [file.name for file in tmp_path.iterdir() if "orders" in file.name] == ["orders.csv"]


@pytest.mark.parametrize(
    ("table", "file", "message"),
    [
        ("trades", "trades.csv", "table: there is no 'trades': accounts, announcements"),
        ("orders", "orders.xlsx", "name a file that ends in .csv or .parquet"),
        ("orders", "absent/orders.csv", "cannot be written: No such file"),
        ("orders", "absent/orders.parquet", "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_is_said(
    filled: Database, tmp_path: Path, table: str, file: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        export(filled, table, tmp_path / file)


def test_a_table_of_all_markets_has_no_part_of_one(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="market: the table meta is of all markets"):
        export(filled, "meta", tmp_path / "meta.csv", MARKETS[0])
