"""A deployment file brings later commands to the same contracts, on the same chain alone."""

from pathlib import Path

import pytest

from perpools.chain import connect, deployment
from perpools.chain.node import Node
from perpools.chain.protocol import Protocol
from perpools.errors import ConfigError
from tests.chain.workshop import GENESIS


@pytest.fixture(scope="module")
def node() -> Node:
    return connect(genesis=GENESIS, accounts=2)


@pytest.fixture(scope="module")
def protocol(node: Node) -> Protocol:
    deployer, *_ = node.accounts
    return Protocol.deploy(node, deployer)


def test_a_protocol_is_the_same_after_a_file(
    node: Node, protocol: Protocol, tmp_path: Path
) -> None:
    path = tmp_path / "deployment.toml"
    protocol.save(path)
    found = Protocol.load(node, path)
    assert found.deployment == protocol.deployment
    assert found.factory == protocol.factory
    assert found.factory.contract.read("market_count") == 0
    assert (found.upkeep is None) == (protocol.upkeep is None)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_no_file_is_overwritten_by_accident(protocol: Protocol, tmp_path: Path) -> None:
    path = tmp_path / "deployment.toml"
    path.write_text("what somebody needs")
    with pytest.raises(ConfigError, match="is there already"):
        protocol.save(path)
    assert path.read_text() == "what somebody needs"
    protocol.save(path, replace=True)
    assert deployment.load(path) == protocol.deployment


def test_a_folder_that_is_not_there_is_told(protocol: Protocol, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be written: No such file"):
        protocol.save(tmp_path / "absent" / "deployment.toml")


def test_another_chains_file_is_refused(node: Node, protocol: Protocol, tmp_path: Path) -> None:
    path = tmp_path / "deployment.toml"
    deployment.save(protocol.deployment.model_copy(update={"chain_id": 1}), path)
    with pytest.raises(ConfigError, match=r"deployment\.toml: is for chain 1, but the node is on"):
        Protocol.load(node, path)


def test_a_chain_that_began_anew_is_told(protocol: Protocol, tmp_path: Path) -> None:
    path = tmp_path / "deployment.toml"
    protocol.save(path)
    with pytest.raises(ConfigError, match=r"deployment\.toml: factory: no contract at 0x"):
        Protocol.load(connect(genesis=GENESIS, accounts=2), path)


WRONG = {
    "chain_id": "deployment.toml: not TOML",
    "chain_id = 1": "deployment.toml: block_number: Field required",
    'chain_id = "1"': "deployment.toml: chain_id: ",
    'factory = "0x1"': "deployment.toml: ",
    "surprise = 1": "deployment.toml: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_file_that_says_something_else_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "deployment.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        deployment.load(path)
    assert WRONG[text] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"deployment\.toml: No such file"):
        deployment.load(tmp_path / "deployment.toml")
