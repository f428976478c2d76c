"""Each Vyper library names its Python twin: the same functions, arguments and constants."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from vyper.ast import nodes, parse_to_ast

from tests.evm import ROOT, deployer

LIBRARIES = sorted((ROOT / "contracts/lib").glob("*.vy"))

# Where the twins cannot have the same arguments: the library's and the specification's.
OTHER_ARGUMENTS = {
    # the contract reads the decimals from the collateral, the specification's terms carry them
    "terms._check": (["terms", "decimals", "seed_assets"], ["terms", "seed_assets"]),
}


def twin_of(path: Path) -> ModuleType:
    """The specification's module that a library names."""
    documentation = parse_to_ast(path.read_text()).doc_string.value
    found = re.search(r"@custom:model (perpools\.spec\.\w+)", documentation)
    assert found, f"{path.name} names no model"
    return import_module(found[1])


def functions(path: Path) -> list[Any]:
    return list(parse_to_ast(path.read_text()).get_children(nodes.FunctionDef))


def decorators(function: Any) -> set[str]:
    return {decorator.id for decorator in function.decorator_list}


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda p: p.stem)
def test_a_library_has_a_twin_of_its_name(path: Path) -> None:
    assert twin_of(path).__name__ == f"perpools.spec.{path.stem}"


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda p: p.stem)
def test_twins_take_the_same_arguments(path: Path) -> None:
    twin = twin_of(path)
    for function in functions(path):
        here = [argument.arg for argument in function.args.args]
        there = list(inspect.signature(getattr(twin, function.name.removeprefix("_"))).parameters)
        exception = OTHER_ARGUMENTS.get(f"{path.stem}.{function.name}")
        assert (here, there) == exception if exception else here == there, function.name


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda p: p.stem)
def test_a_library_is_pure(path: Path) -> None:
    for function in functions(path):
        assert function.name.startswith("_"), function.name
        assert decorators(function) == {"internal", "pure"}, function.name


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda p: p.stem)
def test_constants_of_the_same_name_have_the_same_value(path: Path) -> None:
    module = deployer(str(path.relative_to(ROOT))).compiler_data.annotated_vyper_module
    twin = twin_of(path)
    for declaration in module.get_children(nodes.VariableDecl):
        name = declaration.target.id
        value = declaration.value.get_folded_value() if declaration.is_constant else None
        if isinstance(value, nodes.Int) and hasattr(twin, name):
            assert value.value == getattr(twin, name), name
