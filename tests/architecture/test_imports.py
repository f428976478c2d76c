"""Dependencies point one way, and the specification needs nothing but Python."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evm import ROOT

PACKAGE = ROOT / "src/perpools"

# What each part may import of ours, beside itself; parts not listed may be imported by all.
ALLOWED = {
    "spec": set(),
    "sim": {"spec"},
    "chain": {"spec"},
    "bots": {"chain", "spec"},
    "index": {"chain", "spec"},
    "web": {"index", "chain", "sim", "spec"},
    "demo": {"chain", "spec"},
    "cli": {"spec", "sim", "chain", "bots", "index", "web", "demo"},
}

# Their answers depend on more than their arguments.
NOT_IN_SPEC = {"asyncio", "datetime", "decimal", "os", "random", "socket", "sqlite3", "time"}
PURE = sys.stdlib_module_names - NOT_IN_SPEC


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all modules that a file imports."""
    package = ["perpools", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def part(module: str) -> str:
    """The part of ours that a module's name belongs to."""
    return module.partition(".")[2].partition(".")[0]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_dependencies_point_one_way(path: Path) -> None:
    inside = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    ours = {part(module) for module in imported(path) if module.startswith("perpools.")}
    parts = ours & ALLOWED.keys() - {inside}
    assert parts <= ALLOWED.get(inside, {"spec"})


@pytest.mark.parametrize("path", sorted((PACKAGE / "spec").rglob("*.py")), ids=lambda p: p.stem)
def test_the_specification_needs_nothing_but_python(path: Path) -> None:
    foreign = {
        module
        for module in imported(path)
        if module.split(".")[0] not in PURE and not module.startswith("perpools.spec")
    }
    assert not foreign


@pytest.mark.parametrize("path", sorted((PACKAGE / "spec").rglob("*.py")), ids=lambda p: p.stem)
def test_the_specification_counts_in_integers(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id == "float"), node.lineno
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), node.lineno
