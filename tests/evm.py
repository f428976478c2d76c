"""The only file that knows how the contracts under test are compiled and deployed."""

import hashlib
from functools import cache
from pathlib import Path

import boa
from boa.contracts.vyper.vyper_contract import StorageModel, VyperDeployer
from vyper.compiler.settings import OptimizationLevel

ROOT = Path(__file__).resolve().parents[1]

# boa's disk cache does not see a change in a library that another library imports: one folder per
# state of the sources.
SOURCES = sorted(
    path for folder in ("contracts", "tests/vyper") for path in (ROOT / folder).rglob("*.vy*")
)
STATE = hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()[:16]
boa.interpret.set_cache_dir(str(ROOT / ".build" / f"boa-{STATE}"))

# boa prints a contract's whole storage into every error: slow, and it fails where keys of two
# contracts hash alike.
StorageModel.dump = lambda self: {}

# What every supported chain runs; also the level of the packaged bytecode.
COMPILER = {"evm_version": "cancun", "optimize": OptimizationLevel.GAS}


@cache
def deployer(path: str) -> VyperDeployer:
    """Compile a contract, by its path from the repository's root; once per session."""
    return boa.load_partial(str(ROOT / path), compiler_args=COMPILER)
