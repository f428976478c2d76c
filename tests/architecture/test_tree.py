"""What may not stand anywhere in the tree."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.evm import ROOT

# Spelled in halves, so that this file does not find itself.
FORBIDDEN = {
    "an address of a package index": r"index-" + r'url|"resolved": *"http|source = [{] registry',
    "a path of one machine": r"(^|[^\w.])/(work|farm|home/\w+|root|Users/\w+|tmp/\w+)/",
    "work left open": r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?! *\(?#\d+)",
}
ROLELESS = re.compile(r"\b(ali" + r"ce|bo" + r"b|ca" + r"rol|accounts\[\d)", re.IGNORECASE)
MOCKED = re.compile(r"mock\.pat" + r"ch|monkeypatch\.setattr\(\s*[\"']?perpools")

# The lines that keep addresses out of the lock name the option that prints them.
NAMES_THE_OPTION = {"Makefile"}


@cache
def files() -> list[Path]:
    """Everything under version control, or about to be, that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1024]]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_tree_is_free_of(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        str(path.relative_to(ROOT))
        for path in files()
        if path.name not in NAMES_THE_OPTION and pattern.search(path.read_text(errors="replace"))
    ]
    assert not found


def test_tests_name_roles() -> None:
    tests = [path for path in files() if path.is_relative_to(ROOT / "tests")]
    assert not [path.name for path in tests if ROLELESS.search(path.read_text())]


def test_tests_replace_none_of_our_own_code() -> None:
    tests = [path for path in files() if path.is_relative_to(ROOT / "tests")]
    assert not [path.name for path in tests if MOCKED.search(path.read_text())]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src").rglob("*.py")), ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_nothing_else_prints(path: Path) -> None:
    """Output is the command line's business."""
    if "cli" in path.parts:
        return
    calls = [
        node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
