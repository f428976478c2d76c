"""`perpools index`: its example and its actions, on a sandbox of its own."""

from pathlib import Path

import polars
import pytest

from perpools.chain import connect
from tests.cli.desk import Desk
from tests.cli.test_examples import example, wait

INTERVAL_S = 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A market with two events, indexed by the help's example."""
    node = connect(accounts=3)
    home: Path = tmp_path_factory.mktemp("home")
    (home / "password").write_text("a secret\n")
    _, depositor, *_ = node.accounts
    newcomer = Desk(node, home, ("--account", depositor, "--password-file", "password"))
    assert newcomer("sandbox", "--yes").code == 0
    made = Desk(node, home)
    assert made(*example("deploy")).code == 0
    for price in (2_100, 2_050):
        assert made("order", "mint", "long", "1000", "--yes").code == 0
        wait(node, INTERVAL_S)
        assert made("publish", str(price), "--yes").code == 0
        wait(node, INTERVAL_S)
        assert made("rebalance", "--yes").code == 0
    left = made(*example("index"))
    assert left.code == 0, left.err
    return made


def test_it_explains_itself(tmp_path: Path) -> None:
    left = Desk(None, tmp_path)("index", "--help")
    assert left.code == 0
    assert all(word in left.out for word in ("For example", "--json", "--database", "check"))


def test_a_second_run_finds_nothing_new(desk: Desk) -> None:
    told = desk.told("index", "follow", "--once")
    assert told["problems"] == []
    assert [market["block"] for market in told["blocks"]] == [told["head"]]


def test_how_far_it_is(desk: Desk) -> None:
    told = desk.told("index", "status")
    [market] = told["markets"]
    assert (told["lag"], market["block"]) == (0, told["head"])
    assert "block" in desk("index", "status").out


def test_a_table_is_exported(desk: Desk) -> None:
    told = desk.told("index", "export", "--table", "epochs", "--to", "epochs.csv")
    assert told == {"table": "epochs", "file": "epochs.csv", "rows": 2}
    assert polars.read_csv(desk.home / "epochs.csv").height == 2
    assert desk("index", "export", "--table", "orders", "--to", "orders.parquet").code == 0


def test_everything_is_checked(desk: Desk) -> None:
    told = desk.told("index", "check")
    [market] = told["markets"]
    assert (market["broken"], market["differing"], market["compared"]) == ([], [], True)
    assert "as the chain says" in desk("index", "check").out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("status", "--database", "sqlite:///absent.db"), "database: there is no absent.db"),
        (("status", "--database", "mysql://x"), "database: mysql is not supported"),
        (("export",), "export: give --table NAME and --to FILE"),
        (("export", "--table", "trades", "--to", "x.csv"), "table: there is no 'trades'"),
        (("export", "--table", "orders", "--to", "x.doc"), "x.doc: name a file that ends in .csv"),
        (("check", "--market", "nobody's"), "market: the database has no nobody's"),
    ],
)
def test_what_cannot_be_is_one_line(desk: Desk, arguments: tuple[str, ...], line: str) -> None:
    code, said = desk.refused("index", *arguments)
    assert code == 2
    assert said.startswith(line)
