"""The embedded chain: an EVM in this process, whose blocks and clock depend on nothing outside."""

from typing import Any, cast

from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from web3 import EthereumTesterProvider, Web3
from web3.types import RPCEndpoint, RPCResponse

from perpools.errors import ChainError
from perpools.spec.units import Timestamp


class Provider(EthereumTesterProvider):
    """Answers what reverts as a node does, and lets each block follow the last by one second."""

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer one request."""
        if method == "eth_sendTransaction":
            _hold_clock(self.ethereum_tester)
        try:
            return super().make_request(method, params)
        except TransactionFailed as failed:
            error = {"code": 3, "message": str(failed)}
            return cast(RPCResponse, {"jsonrpc": "2.0", "id": 0, "error": error})


def provider(genesis: Timestamp, accounts: int) -> Provider:
    """A new chain with so many funded accounts, whose first block has the timestamp `genesis`."""
    backend = PyEVMBackend(
        genesis_parameters=PyEVMBackend.generate_genesis_params({"timestamp": genesis}),
        genesis_state=dict(PyEVMBackend.generate_genesis_state(num_accounts=accounts)),
    )
    return Provider(EthereumTester(backend))


def set_clock(web3: Web3, timestamp: Timestamp) -> None:
    """Let the next block have a timestamp, later than the last one's."""
    chain = cast(Any, web3.provider).ethereum_tester.backend.chain
    last = _last_timestamp(chain)
    if timestamp <= last:
        raise ChainError(f"the next block must be later than {last}, not at {timestamp}")
    chain.header = chain.header.copy(timestamp=timestamp)
    chain.timestamp_is_set = True


def _hold_clock(tester: EthereumTester) -> None:
    """Without a set clock the EVM would take the machine's, and no two runs would be the same."""
    chain = tester.backend.chain
    if not getattr(chain, "timestamp_is_set", False):
        chain.header = chain.header.copy(timestamp=_last_timestamp(chain) + 1)
    chain.timestamp_is_set = False


def _last_timestamp(chain: Any) -> Timestamp:
    number = chain.header.block_number - 1
    return int(chain.get_canonical_block_header_by_number(number).timestamp)
