"""What the tests of deployments, feeds and tokens have at hand: mocks, keys, units."""

from functools import cache

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from vyper.compiler import compile_from_file_input
from vyper.compiler.input_bundle import FilesystemInputBundle

from perpools.artifacts import Artifact
from tests.evm import ROOT

GENESIS = 1_700_000_000
WAD = 10**18
DOLLAR = 10**8
UNIT = 10**6
HEARTBEAT_S = 3_600


@cache
def mock(name: str) -> Artifact:
    """A contract that only tests have, compiled."""
    path = ROOT / "tests" / "vyper" / "mocks" / f"{name}.vy"
    bundle = FilesystemInputBundle([ROOT])
    output = compile_from_file_input(
        bundle.load_file(path), input_bundle=bundle, output_formats=["abi", "bytecode"]
    )
    return Artifact(name, output["abi"], output["bytecode"], "", {}, "")


def key(owner: str) -> LocalAccount:
    """Somebody's own key, the same in each run."""
    account: LocalAccount = Account.from_key(keccak(text=owner))
    return account
