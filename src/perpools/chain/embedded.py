"""The embedded chain: an EVM in this process, whose blocks and clock depend on nothing outside."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import eth_tester.exceptions
from eth.exceptions import VMError
from eth.vm.spoof import SpoofTransaction
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import BlockNotFound, TransactionFailed
from eth_utils.address import to_checksum_address
from eth_utils.exceptions import ValidationError
from web3 import EthereumTesterProvider, Web3
from web3.types import RPCEndpoint, RPCResponse

from perpools.errors import ChainError
from perpools.spec.units import Timestamp

SENDS = ("eth_sendTransaction", "eth_sendRawTransaction")
MINE = "evm_mine"
ESTIMATE = "eth_estimateGas"
LATEST, PENDING = "latest", "pending"
LEAST_GAS = 21_000

REFUSALS = (ValidationError, eth_tester.exceptions.ValidationError, BlockNotFound)
"""How the EVM in this process says that it does not do something."""

NOBODY = bytes(20)
NOT_RANDOM = bytes(32)
"""In place of a beacon chain's randomness: no two runs may differ, and no contract asks for it."""


class Backend(PyEVMBackend):  # type: ignore[misc]
    """Mines the same blocks from the same transactions, and can estimate for the block to come."""

    def mine_blocks(self, num_blocks: int = 1, coinbase: bytes = NOBODY) -> tuple[bytes, ...]:
        """Mine what waits, then empty blocks; their hashes."""
        told = {"coinbase": coinbase, "mix_hash": NOT_RANDOM, "blob_gas_used": 0}
        return tuple(self.chain.mine_block(**told).hash for _ in range(num_blocks))

    def estimate_gas(self, transaction: dict[str, Any], block_number: Any = PENDING) -> int:
        """Gas that a transaction would use in the block to come, whichever is asked about."""
        asked = {**transaction, "gas": LEAST_GAS}
        unsigned = self._get_normalized_and_unsigned_evm_transaction(asked, PENDING)
        tried = SpoofTransaction(unsigned, from_=transaction["from"])
        # py-evm's own estimate would be made at the machine's time
        vm = self.chain.get_vm(self.chain.header)
        free = self.chain.header.copy(base_fee_per_gas=0)
        state = vm.build_state(vm.chaindb.db, free, vm.chain_context, vm.previous_hashes)
        before = state.snapshot()
        try:
            return int(self.chain.gas_estimator(state, tried))
        except VMError as failed:
            raise TransactionFailed(failed) from None
        finally:
            state.revert(before)


class Provider(EthereumTesterProvider):
    """
    Answers refusals as a node does, and lets each block follow the last by one second, where no
    clock is followed. One request at a time, whatever the thread.
    """

    def __init__(self, tester: EthereumTester) -> None:
        super().__init__(tester)
        self._lock = threading.RLock()

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer one request."""
        with self._lock:
            try:
                return self._answer(method, params)
            except TransactionFailed as failed:
                return _error(3, str(failed))
            except REFUSALS as refused:
                return _error(-32000, str(refused))

    def _answer(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        chain = cast(Any, self.ethereum_tester).backend.chain
        if method == "eth_getLogs":
            return _result(list(_logs(chain, params[0])))
        if method in (*SENDS, MINE, ESTIMATE) or PENDING in params:
            _hold_clock(chain)
        answer = super().make_request(method, params)
        if method in (*SENDS, MINE):
            chain.timestamp_is_set = False
        return answer


def provider(genesis: Timestamp, accounts: int) -> Provider:
    """A new chain with so many funded accounts, whose first block has the timestamp `genesis`."""
    backend = Backend(
        genesis_parameters=Backend.generate_genesis_params({"timestamp": genesis}),
        genesis_state=dict(Backend.generate_genesis_state(num_accounts=accounts)),
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


def follow_clock(web3: Web3, clock: Callable[[], Timestamp]) -> None:
    """From now on let each block have a clock's time, or as soon after the last one as can be."""
    cast(Any, web3.provider).ethereum_tester.backend.chain.clock = clock


def mine(web3: Web3) -> None:
    """A block without transactions."""
    web3.manager.request_blocking(RPCEndpoint(MINE), [])


def _hold_clock(chain: Any) -> None:
    """Without a set clock the EVM would take the machine's, and no two runs would be the same."""
    if not getattr(chain, "timestamp_is_set", False):
        soonest = _last_timestamp(chain) + 1
        clock = getattr(chain, "clock", None)
        chain.header = chain.header.copy(timestamp=max(soonest, clock()) if clock else soonest)


def _last_timestamp(chain: Any) -> Timestamp:
    number = chain.header.block_number - 1
    return int(chain.get_canonical_block_header_by_number(number).timestamp)


def _logs(chain: Any, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a node answers; eth-tester would look through all blocks again for each transaction."""
    head = chain.header.block_number - 1
    first, last = (_number(wanted.get(name, LATEST), head) for name in ("from_block", "to_block"))
    for number in range(first, min(last, head) + 1):
        if not chain.get_canonical_block_header_by_number(number).bloom:
            continue
        block = chain.get_canonical_block_by_number(number)
        receipts = block.get_receipts(chain.chaindb)
        index = 0
        for place, (transaction, receipt) in enumerate(
            zip(block.transactions, receipts, strict=True)
        ):
            for log in receipt.logs:
                found = _log(log)
                if _is_wanted(found, wanted):
                    yield found | {
                        "blockNumber": hex(number),
                        "blockHash": "0x" + block.hash.hex(),
                        "transactionHash": "0x" + transaction.hash.hex(),
                        "transactionIndex": hex(place),
                        "logIndex": hex(index),
                        "removed": False,
                    }
                index += 1


def _log(log: Any) -> dict[str, Any]:
    topics = ["0x" + topic.to_bytes(32, "big").hex() for topic in log.topics]
    return {
        "address": to_checksum_address(log.address),
        "topics": topics,
        "data": "0x" + log.data.hex(),
    }


def _is_wanted(log: dict[str, Any], wanted: dict[str, Any]) -> bool:
    addresses, topics = wanted.get("address"), wanted.get("topics") or []
    if addresses and log["address"] not in _several(addresses):
        return False
    found = log["topics"]
    return len(topics) <= len(found) and all(
        choice is None or topic in map(str.lower, _several(choice))
        for choice, topic in zip(topics, found, strict=False)
    )


def _several(one: Any) -> Sequence[str]:
    return [one] if isinstance(one, str) else one


def _number(block: Any, head: int) -> int:
    if isinstance(block, str) and not block.startswith("0x"):
        return 0 if block == "earliest" else head
    return int(block, 16) if isinstance(block, str) else int(block)


def _result(result: Any) -> RPCResponse:
    return cast(RPCResponse, {"jsonrpc": "2.0", "id": 0, "result": result})


def _error(code: int, message: str) -> RPCResponse:
    error = {"code": code, "message": message}
    return cast(RPCResponse, {"jsonrpc": "2.0", "id": 0, "error": error})
