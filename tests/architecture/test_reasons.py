"""Every reason a contract gives has an exception in the specification, and the other way round."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vyper.ast import nodes, parse_to_ast

from perpools.spec.errors import REASONS
from tests.evm import ROOT

CONTRACTS = sorted((ROOT / "contracts").rglob("*.vy"))

# "noun: what is wrong with it", in lower case but for the names of standards.
FORM = re.compile(r"[a-zA-Z][\w' -]*: [^.]+[^.\s]")
WORD_BYTES = 32


def reasons(path: Path) -> Iterator[str]:
    """What a contract says when it refuses."""
    tree = parse_to_ast(path.read_text())
    stated: list[Any] = [node.msg for node in tree.get_descendants(nodes.Assert)]
    stated += [node.exc for node in tree.get_descendants(nodes.Raise)]
    yield from (node.value for node in stated if isinstance(node, nodes.Str))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_every_refusal_says_why(path: Path) -> None:
    tree = parse_to_ast(path.read_text())
    for node in tree.get_descendants(nodes.Assert):
        assert node.msg is not None, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_a_reason_is_a_noun_and_what_is_wrong_with_it(path: Path) -> None:
    for reason in reasons(path):
        assert FORM.fullmatch(reason), reason
        assert len(reason.encode()) <= WORD_BYTES, reason


def test_the_contracts_refuse_for_the_reasons_of_the_specification() -> None:
    assert {reason for path in CONTRACTS for reason in reasons(path)} == set(REASONS)
