"""Deploying from files: a sandbox, the protocol, a market with a feed of its own; an exit."""

from pathlib import Path

import pytest

from perpools.chain import accounts, connect
from tests.cli.desk import Desk

MARKET = """
preset = "v1"
name = "BTC/USD"
leverage = 2
collateral = "{coin}"
seed = 100
[price]
feed = "posted:{publisher}"
max_age = "1d"
"""


@pytest.fixture(scope="module")
def deployer(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Has a sandbox."""
    node, home = connect(accounts=3), tmp_path_factory.mktemp("deployer")
    _, owner, _ = node.accounts
    (home / "password").write_text("a secret\n")
    left = Desk(node, home)(
        "sandbox", "--yes", "--account", owner, "--password-file", home / "password"
    )
    assert left.code == 0, left.err
    return Desk(node, home)


@pytest.fixture
def pioneer(deployer: Desk, tmp_path: Path) -> Desk:
    """In an empty folder, on the same chain."""
    assert deployer.node is not None
    _, owner, _ = deployer.node.accounts
    publisher = deployer.home / "publisher.json"
    password = deployer.home / "password"
    (tmp_path / "perpools.toml").write_text(
        f'account = "{owner}"\npublisher = "{publisher}"\npassword_file = "{password}"\n'
    )
    return Desk(deployer.node, tmp_path)


def coin(deployer: Desk) -> str:
    line, *_ = [
        line
        for line in (deployer.home / "market.toml").read_text().splitlines()
        if line.startswith("collateral")
    ]
    return line.split('"')[1]


def test_a_sandbox_writes_what_later_commands_need(deployer: Desk) -> None:
    names = {path.name for path in deployer.home.iterdir()}
    assert names >= {"perpools.toml", "market.toml", "deployment.toml", "publisher.json"}
    assert deployer.told("check", "market.toml")["name"] == "ETH/USD"
    assert deployer.told("wallet", "show")["balance"]["text"].endswith(" ETH")


def test_an_earlier_sandbox_is_not_overwritten(deployer: Desk) -> None:
    before = (deployer.home / "market.toml").read_text()
    code, told = deployer.refused("sandbox", "--yes")
    assert (code, "give --overwrite" in told) == (2, True)
    assert (deployer.home / "market.toml").read_text() == before


def test_the_protocol_and_a_market_with_its_own_feed(pioneer: Desk, deployer: Desk) -> None:
    publisher = accounts.address_of(deployer.home / "publisher.json")
    (pioneer.home / "market.toml").write_text(
        MARKET.format(coin=coin(deployer), publisher=publisher)
    )
    left = pioneer("deploy", "--protocol", "--yes")
    assert left.code == 0, left.err
    with (pioneer.home / "perpools.toml").open("a") as file:
        file.write('deployment = "deployment.toml"\n')
    assert "price.feed" in pioneer.refused("deploy", "market.toml", "--yes")[1]
    told = pioneer.told("deploy", "market.toml", "--price", "50000", "--yes")
    assert told["first_price"]["text"] == "50000"
    assert [market["symbol"] for market in pioneer.told("markets")] == ["2L-BTC/USD"]
    assert pioneer.told("show", "2S-BTC/USD")["market"] == told["address"]


def test_a_dry_run_of_a_deployment_tells_its_steps(deployer: Desk) -> None:
    left = deployer("deploy", "market.toml", "--dry-run")
    assert "let the factory take 20000 DUSD" in left.out
    assert deployer.told("markets") == []


def test_a_deployment_file_of_another_chain_is_refused(deployer: Desk, tmp_path: Path) -> None:
    text = (deployer.home / "deployment.toml").read_text()
    (tmp_path / "deployment.toml").write_text(text.replace("131277322940537", "1"))
    (tmp_path / "perpools.toml").write_text('deployment = "deployment.toml"\n')
    code, told = Desk(deployer.node, tmp_path).refused("markets")
    assert (code, "is for chain 1" in told) == (2, True)
