"""
Every contract fits a chain: EIP-170 for what is deployed, ERC-5202 for what others are deployed
from.
"""

from pathlib import Path

import pytest

from tests.evm import ROOT, deployer

LIMIT = 24_576
"""Bytes of code that an account may hold (EIP-170)."""
PREAMBLE = 3
"""Bytes before the init code of a blueprint (ERC-5202)."""

DEPLOYABLE = sorted(path for path in (ROOT / "contracts").rglob("*.vy") if path.stem[0].isupper())
BLUEPRINTS = ["Market", "SideToken"]


@pytest.mark.parametrize("path", DEPLOYABLE, ids=lambda path: path.stem)
def test_runtime_code_fits(path: Path) -> None:
    compiled = deployer(str(path.relative_to(ROOT))).compiler_data
    immutables = compiled.global_ctx.immutable_section_bytes
    assert 0 < len(compiled.bytecode_runtime) + immutables < LIMIT


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_blueprint_fits(name: str) -> None:
    assert len(deployer(f"contracts/{name}.vy").compiler_data.bytecode) + PREAMBLE <= LIMIT
