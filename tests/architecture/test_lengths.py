"""Functions and files stay short; what does not is named here with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from vyper.ast import nodes, parse_to_ast

from tests.evm import ROOT

FUNCTION_LINES, FILE_LINES, SPEC_FILE_LINES = 25, 300, 200

# "path::function" or "path", and why it is better long.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES: dict[str, str] = {
    "src/perpools/spec/errors/__init__.py": "every refusal's name, imported and exported",
}

PYTHON = sorted((ROOT / "src").rglob("*.py")) + sorted((ROOT / "tests").rglob("*.py"))
VYPER = sorted((ROOT / "contracts").rglob("*.vy")) + sorted((ROOT / "tests").rglob("*.vy"))


class Function(NamedTuple):
    name: str
    lines: int
    """Of code: without docstring, comments, blank lines and the signature."""


def path_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_lines(source: str, first: int, last: int) -> int:
    """How many of these lines hold code."""
    lines = source.splitlines()[first - 1 : last]
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


def python_functions(path: Path) -> Iterator[Function]:
    source = path.read_text()
    tree = ast.parse(source)
    owners = {
        id(member): f"{node.name}."
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for member in node.body
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        last = node.end_lineno or node.lineno
        lines = code_lines(source, body[0].lineno, last) if body else 0
        yield Function(owners.get(id(node), "") + node.name, lines)


def vyper_functions(path: Path) -> Iterator[Function]:
    source = path.read_text()
    for node in parse_to_ast(source).get_descendants(nodes.FunctionDef):
        lines = code_lines(source, node.body[0].lineno, node.end_lineno) if node.body else 0
        yield Function(node.name, lines)


def functions(path: Path) -> list[Function]:
    return list((python_functions if path.suffix == ".py" else vyper_functions)(path))


@pytest.mark.parametrize("path", PYTHON + VYPER, ids=path_of)
def test_functions_are_short(path: Path) -> None:
    long = {
        f"{path_of(path)}::{function.name}": function.lines
        for function in functions(path)
        if function.lines > FUNCTION_LINES
    }
    assert not {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS}


@pytest.mark.parametrize("path", PYTHON + VYPER, ids=path_of)
def test_files_are_short(path: Path) -> None:
    limit = SPEC_FILE_LINES if "src/perpools/spec/" in path_of(path) else FILE_LINES
    lines = len(path.read_text().splitlines())
    assert lines <= limit or path_of(path) in LONG_FILES


def test_exceptions_are_still_needed() -> None:
    for name in LONG_FUNCTIONS:
        file, _, function = name.partition("::")
        [lines] = [f.lines for f in functions(ROOT / file) if f.name == function]
        assert lines > FUNCTION_LINES, name
