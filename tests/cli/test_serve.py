"""What `perpools serve` refuses before it serves; `tests/browser` looks at what it serves."""

from pathlib import Path

from perpools.settings import Settings
from perpools.web.options import ServeSettings
from tests.cli.desk import Desk


def test_a_demo_is_about_no_other_chain(tmp_path: Path) -> None:
    left = Desk(None, tmp_path)("serve", "--demo", "--rpc", "http://127.0.0.1:1")
    assert left.code == 2
    assert "--rpc: a demo has a chain and a database of its own" in left.err


def test_without_a_node_there_is_nothing_to_follow(tmp_path: Path) -> None:
    left = Desk(None, tmp_path)("serve")
    assert left.code == 2
    assert "no node: give --rpc URL" in left.err


def test_a_database_that_nobody_made_is_not_served(tmp_path: Path) -> None:
    left = Desk(None, tmp_path)("serve", "--no-follow")
    assert left.code == 2
    assert "there is no perpools.db" in left.err


def test_what_the_index_is_kept_in_is_what_the_server_serves() -> None:
    assert ServeSettings.model_fields["database"].default == Settings().database


def test_the_table_of_the_server_is_read_and_what_is_wrong_in_it_said(tmp_path: Path) -> None:
    (tmp_path / "perpools.toml").write_text("[serve]\nport = 70000\n")
    left = Desk(None, tmp_path)("serve")
    assert left.code == 2
    assert "port: 70000 is not a port: at most 65535" in left.err


def test_the_help_explains_every_setting(tmp_path: Path) -> None:
    left = Desk(None, tmp_path)("serve", "--help")
    assert left.code == 0
    assert {"--database", "--no-follow", "--host", "--proxy", "--demo"} <= {*left.out.split()}
