"""Contracts are compiled once, and anew when anything they are made of changes."""

from pathlib import Path

import pytest

from perpools import artifacts
from perpools.artifacts import Shelf
from perpools.errors import ConfigError
from tests.evm import deployer

PLAIN = (
    "# pragma version 0.4.3\n\nfrom . import helper\n\n\n@external\n@pure\ndef f() -> uint256:\n"
)
BODY = "    return helper._two()\n"
HELPER = "# pragma version 0.4.3\n\n\n@internal\n@pure\ndef _two() -> uint256:\n    return 2\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with one contract and the module it imports."""
    contracts = tmp_path / "contracts"
    contracts.mkdir()
    (contracts / "Plain.vy").write_text(PLAIN + BODY)
    (contracts / "helper.vy").write_text(HELPER)
    (tmp_path / "src/perpools").mkdir(parents=True)
    return tmp_path


def shelf(tree: Path) -> Shelf:
    return Shelf(tree / "src/perpools")


def test_the_artifact_is_what_the_tests_run() -> None:
    artifact = artifacts.load("Power")
    tested = deployer("contracts/transfer/Power.vy").compiler_data
    assert artifact.bytecode == "0x" + tested.bytecode.hex()
    assert [member["name"] for member in artifact.abi] == ["fraction"]


def test_names_are_those_of_deployable_contracts(tree: Path) -> None:
    assert shelf(tree).names() == ["Plain"]


def test_a_contract_is_compiled_once(tree: Path) -> None:
    first = shelf(tree).load("Plain")
    [kept] = (tree / ".build").iterdir()
    kept.write_text(kept.read_text().replace('"name": "Plain"', '"name": "Kept"'))
    again = shelf(tree).load("Plain")
    assert again.name == "Kept"
    assert again.source_hash == first.source_hash


def test_what_is_loaded_stays_so(tree: Path) -> None:
    ours = shelf(tree)
    assert ours.load("Plain") is ours.load("Plain")


def test_a_change_in_what_it_imports_compiles_it_anew(tree: Path) -> None:
    first = shelf(tree).load("Plain")
    (tree / "contracts/helper.vy").write_text(HELPER.replace("return 2", "return 3"))
    assert shelf(tree).load("Plain").bytecode != first.bytecode


def test_packaged_artifacts_are_used_while_they_match(tree: Path) -> None:
    shelf(tree).compile_to(shelf(tree).compiled)
    [kept] = (tree / ".build").iterdir()
    kept.unlink()
    shelf(tree).load("Plain")
    assert not list((tree / ".build").iterdir())


def test_two_contracts_of_one_name_are_refused(tree: Path) -> None:
    (tree / "contracts/more").mkdir()
    (tree / "contracts/more/Plain.vy").write_text(PLAIN)
    with pytest.raises(ConfigError, match="two contracts are called Plain"):
        shelf(tree).names()


def test_a_blueprint_is_marked_as_one() -> None:
    artifact = artifacts.load("Power")
    code = bytes.fromhex(artifact.blueprint.removeprefix("0x"))
    initcode = bytes.fromhex(artifact.bytecode.removeprefix("0x"))
    assert code[10:] == b"\xfe\x71\x00" + initcode
    assert int.from_bytes(code[1:3]) == len(initcode) + 3
