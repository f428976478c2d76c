"""The only file that knows how the contracts under test are compiled and deployed."""

from functools import cache
from pathlib import Path

import boa
from boa.contracts.vyper.vyper_contract import VyperDeployer
from vyper.compiler.settings import OptimizationLevel

ROOT = Path(__file__).resolve().parents[1]

# What every supported chain runs; also the level of the packaged bytecode.
COMPILER = {"evm_version": "cancun", "optimize": OptimizationLevel.GAS}


@cache
def deployer(path: str) -> VyperDeployer:
    """Compile a contract, by its path from the repository's root; once per session."""
    return boa.load_partial(str(ROOT / path), compiler_args=COMPILER)
