"""Rules of form that every contract keeps."""

import re
from pathlib import Path

import pytest
from vyper.ast import nodes, parse_to_ast

from tests.evm import ROOT, deployer

CONTRACTS = sorted((ROOT / "contracts").rglob("*.vy"))
DEPLOYABLE = [path for path in CONTRACTS if path.stem[0].isupper()]
MODULES = [path for path in CONTRACTS if path not in DEPLOYABLE]

# A bare division rounds without saying where to; these say it in every docstring.
MAY_DIVIDE = {
    "fixed_point": "it is where roundings are defined",
    "schedule": "whole grid points passed",
    "keeper_reward": "whole block times passed",
    "transfer_curves": "unchecked products, proved to fit on their lines",
    "naming": "digits",
    "price_average": "an average of samples, rounded down as its docstrings say",
}


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", CONTRACTS, ids=name)
def test_a_rounding_has_a_direction(path: Path) -> None:
    tree = parse_to_ast(path.read_text())
    divisions = [
        node.lineno
        for kind in (nodes.BinOp, nodes.AugAssign)
        for node in tree.get_descendants(kind)
        if isinstance(node.op, nodes.FloorDiv)
    ]
    assert path.stem in MAY_DIVIDE or not divisions, f"a bare // in lines {divisions}"


@pytest.mark.parametrize("path", CONTRACTS, ids=name)
def test_a_module_is_the_only_writer_of_its_storage(path: Path) -> None:
    tree = parse_to_ast(path.read_text())
    imported = {
        alias.alias or alias.name
        for kind in (nodes.ImportFrom, nodes.Import)
        for alias in tree.get_descendants(kind)
    }
    written = [
        node.target
        for kind in (nodes.Assign, nodes.AugAssign)
        for node in tree.get_descendants(kind)
    ]
    for target in written:
        while isinstance(target, nodes.Attribute | nodes.Subscript):
            target = target.value
        assert not (isinstance(target, nodes.Name) and target.id in imported), target.lineno


@pytest.mark.parametrize("path", CONTRACTS, ids=name)
def test_the_compiler_and_the_lock_are_pinned(path: Path) -> None:
    lock = "on" if path in DEPLOYABLE else "off"
    pragmas = re.findall(r"^# *pragma +(.+)$", path.read_text(), re.MULTILINE)
    assert pragmas[:2] == ["version 0.4.3", f"nonreentrancy {lock}"]


@pytest.mark.parametrize("path", DEPLOYABLE, ids=name)
def test_a_contract_says_how_it_stops(path: Path) -> None:
    documentation = parse_to_ast(path.read_text()).doc_string
    assert documentation is not None
    assert re.search(r"@custom:kill \S+", documentation.value)


@pytest.mark.parametrize("path", DEPLOYABLE, ids=name)
def test_exports_are_a_list_you_can_read(path: Path) -> None:
    assert "__interface__" not in re.findall(r"exports: .*", path.read_text())


# What a chain accepts (EIP-170); as a blueprint, all of the initcode counts.
CODE_BYTES = 24_576


@pytest.mark.parametrize("path", DEPLOYABLE, ids=name)
def test_a_contract_fits_the_chain(path: Path) -> None:
    compiled = deployer(str(path.relative_to(ROOT))).compiler_data
    assert len(compiled.bytecode_runtime) <= CODE_BYTES
