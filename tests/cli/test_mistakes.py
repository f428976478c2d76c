"""Mistakes: what cannot be asked, meant or paid is one line that says what to do."""

import socket
from pathlib import Path

import pytest

from perpools.chain import accounts
from perpools.chain.factory import Factory
from perpools.demo.stage import Stage
from perpools.spec.units import Address
from tests.cli.desk import Desk

QUICK_WORK = 2
NOBODY = "0x" + 40 * "0"


@pytest.fixture
def closed_port() -> int:
    """Where nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def visitor(tmp_path: Path) -> Desk:
    """Knows no node."""
    return Desk(None, tmp_path)


@pytest.fixture
def owner(built: Stage, v1: Address, tmp_path: Path) -> Desk:
    """Has a keystore whose account is empty."""
    accounts.create(tmp_path / "wallet.json", "right", work=QUICK_WORK)
    (tmp_path / "right").write_text("right\n")
    (tmp_path / "wrong").write_text("wrong\n")
    return Desk(built.node, tmp_path, ("--market", v1, "--keystore", "wallet.json"))


def test_without_a_node_it_says_where_to_name_one(visitor: Desk) -> None:
    code, told = visitor.refused("show")
    assert code == 2
    assert told == "no node: give --rpc URL, set PERPOOLS_RPC, or write rpc into perpools.toml"


def test_a_node_that_is_down_is_named(visitor: Desk, closed_port: int) -> None:
    code, told = visitor.refused("markets", "--rpc", f"http://127.0.0.1:{closed_port}")
    assert code == 1
    assert str(closed_port) in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rpc", "localhost"), '"localhost" is no address of a node'),
        (("--config", "absent.toml"), "absent.toml: No such file"),
        (("--chain-id", "main"), '--chain-id: "main" is not a whole number'),
        (("--account", "me"), '--account: "me" is not an address'),
    ],
)
def test_a_wrong_setting_is_named(visitor: Desk, options: tuple[str, ...], told: str) -> None:
    refused = visitor.refused("show", *options)
    assert refused[0] == 2
    assert told in refused[1]


def test_a_market_must_be_named_where_no_factory_is(built: Stage, tmp_path: Path) -> None:
    nobody = Desk(built.node, tmp_path)
    expected = "market: give --market ADDRESS, or --factory ADDRESS to use its name"
    assert nobody.refused("show") == (2, expected)
    assert nobody.refused("show", "3L-EUR/USD") == (2, expected)


def test_what_is_no_market_is_named(built: Stage, tmp_path: Path) -> None:
    nobody = Desk(built.node, tmp_path)
    code, told = nobody.refused("show", NOBODY)
    assert code in (1, 2)
    assert NOBODY in told


def test_an_ambiguous_name_lists_what_it_may_mean(built: Stage, tmp_path: Path) -> None:
    factory = Factory(built.node, None).markets()[0].factory
    someone = Desk(built.node, tmp_path, ("--factory", factory))
    code, told = someone.refused("show", "EUR/USD")
    assert code == 2
    assert all(mirror.market.address in told for mirror in built.mirrors)
    code, told = someone.refused("show", "BTC/USD")
    assert (code, "known are 3L-EUR/USD" in told) == (2, True)


def test_an_account_must_be_named(built: Stage, v1: Address, tmp_path: Path) -> None:
    code, told = Desk(built.node, tmp_path, ("--market", v1)).refused("claim", "--yes")
    assert code == 2
    assert told.startswith("no account: give --keystore FILE")


def test_an_account_that_the_node_does_not_sign_for_is_refused(
    built: Stage, v1: Address, tmp_path: Path
) -> None:
    desk = Desk(built.node, tmp_path, ("--market", v1, "--account", v1))
    code, told = desk.refused("order", "mint", "long", "1", "--yes")
    assert code == 2
    assert "does not sign for" in told


def test_an_empty_wallet_is_told_before_anything_is_sent(owner: Desk) -> None:
    options = ("--password-file", "right")
    code, told = owner.refused("order", "mint", "long", "1", "--yes", *options)
    assert (code, told) == (1, "this needs 1 DUSD from the wallet, which has 0 DUSD")
    code, told = owner.refused("pair", "mint", "1", "--yes", *options)
    assert (code, told) == (1, "this needs 1 DUSD from the wallet, which has 0 DUSD")
    code, told = owner.refused("order", "burn", "long", "all", "--yes", *options)
    assert (code, told) == (2, "amount: there is no 3L-EUR/USD at all")


def test_a_wrong_password_is_one_line(owner: Desk) -> None:
    left = owner("operator", "set", NOBODY, "--yes", "--password-file", "wrong")
    assert left.code == 2
    assert left.err == "perpools: the password of wallet.json is wrong\n"


def test_without_a_password_file_and_a_terminal_it_says_so(owner: Desk) -> None:
    left = owner("operator", "set", NOBODY, "--yes")
    assert left.code == 2
    assert "give --password-file FILE" in left.err


@pytest.mark.parametrize("content", ["", "{}", "[1]", "not json"])
def test_a_damaged_keystore_is_one_line(owner: Desk, content: str) -> None:
    (owner.home / "wallet.json").write_text(content)
    code, told = owner.refused("claim", "--yes", "--password-file", "right")
    assert code == 2
    assert told.startswith("wallet.json")


def test_a_keystore_is_never_overwritten(owner: Desk) -> None:
    before = (owner.home / "wallet.json").read_text()
    code, told = owner.refused("wallet", "new", "wallet.json", "--password-file", "right")
    assert (code, "never overwritten" in told) == (2, True)
    assert (owner.home / "wallet.json").read_text() == before


def test_a_sandbox_is_for_development_chains(owner: Desk, built: Stage) -> None:
    (owner.home / "perpools.toml").write_text("")
    code, told = owner.refused("sandbox", "--yes")
    assert (code, "is there already" in told) == (2, True)


def test_a_deployment_needs_a_factory(owner: Desk) -> None:
    (owner.home / "market.toml").write_text('preset = "v2"\nname = "ETH/USD"\nleverage = 3\n')
    code, told = owner.refused("deploy", "market.toml", "--yes")
    assert (code, "perpools deploy --protocol" in told) == (2, True)
