"""A node: calls, transactions, blocks and, where it is ours, its clock. It knows no contract."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from requests import RequestException
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3Exception
from web3.types import RPCEndpoint, TxParams, Wei

from perpools.errors import ChainError
from perpools.spec.errors import Rejected
from perpools.spec.units import Address, Timestamp

GAS = 10_000_000
"""Sent with every transaction: more than any needs, and nothing has to be estimated."""

GAS_PRICE = 2 * 10**9
"""Above every base fee that a chain of ours reaches."""

DEMO_GENESIS: Timestamp = 1_700_000_000
"""When the embedded chain begins if nobody says otherwise."""

ACCOUNTS = 32
"""Funded accounts of the embedded chain if nobody says otherwise."""

REVERTED = "execution reverted: "
"""What nodes put before a contract's reason."""

_REFUSALS = {refusal.reason: refusal for refusal in Rejected.__subclasses__()}

SetClock = Callable[[Web3, Timestamp], None]
"""Lets the next block have a timestamp."""


class Transaction(NamedTuple):
    """What is sent; `to` is None where a contract is created."""

    sender: Address
    to: Address | None
    data: bytes
    value: int = 0
    gas_price: int = GAS_PRICE


class Log(NamedTuple):
    """What a contract told, undecoded."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction did and cost."""

    block_number: int
    gas_used: int
    gas_price: int
    created: Address | None
    """The contract it created, if any."""
    logs: tuple[Log, ...]


class Block(NamedTuple):
    """The block mined last."""

    number: int
    timestamp: Timestamp
    base_fee: int


@dataclass(frozen=True, slots=True)
class Node:
    """One chain, through web3."""

    web3: Web3
    set_clock: SetClock
    asker: Address | None = None
    """Who calls views where nobody is named; an embedded chain makes even callers pay."""

    @property
    def accounts(self) -> tuple[Address, ...]:
        """Accounts that the node signs for."""
        return tuple(self.web3.eth.accounts)

    @property
    def chain_id(self) -> int:
        """Which chain it is."""
        return self.web3.eth.chain_id

    def block(self) -> Block:
        """The block mined last."""
        block = self.web3.eth.get_block("latest")
        return Block(block["number"], block["timestamp"], block["baseFeePerGas"])

    def advance_to(self, timestamp: Timestamp) -> None:
        """Let the next block be mined at `timestamp`, later than the last one."""
        try:
            self.set_clock(self.web3, timestamp)
        except Web3Exception as refused:
            raise ChainError(f"this node's clock cannot be set to {timestamp}: {refused}") from None

    def balance(self, account: Address) -> int:
        """Native coin of an account."""
        return self.web3.eth.get_balance(Web3.to_checksum_address(account))

    def code(self, account: Address) -> bytes:
        """The code of a contract."""
        return self.web3.eth.get_code(Web3.to_checksum_address(account))

    def call(self, to: Address, data: bytes, sender: Address | None = None) -> bytes:
        """What a call would answer now; whatever the contract refuses is raised."""
        gas_price = 0 if self.asker is None else GAS_PRICE
        return self._call(Transaction(sender or self.asker or to, to, data, gas_price=gas_price))

    def send(self, transaction: Transaction) -> Receipt:
        """Have a transaction mined; whatever the contract refuses is raised."""
        try:
            mined = self.web3.eth.send_transaction(_params(transaction))
            receipt = self.web3.eth.wait_for_transaction_receipt(mined, poll_latency=0.002)
        except (Web3Exception, RequestException, OSError) as failed:
            raise _explained(failed) from None
        if receipt["status"] == 0:
            self._call(transaction)
            raise ChainError(f"the transaction failed, but would not now: {mined.to_0x_hex()}")
        return Receipt(
            receipt["blockNumber"],
            receipt["gasUsed"],
            receipt["effectiveGasPrice"],
            receipt["contractAddress"],
            tuple(
                Log(log["address"], tuple(map(bytes, log["topics"])), bytes(log["data"]))
                for log in receipt["logs"]
            ),
        )

    def _call(self, transaction: Transaction) -> bytes:
        try:
            return bytes(self.web3.eth.call(_params(transaction)))
        except (Web3Exception, RequestException, OSError) as failed:
            raise _explained(failed) from None


def connect(
    url: str | None = None, *, genesis: Timestamp = DEMO_GENESIS, accounts: int = ACCOUNTS
) -> Node:
    """
    The node at `url`; without one, a new chain embedded in this process, which begins at `genesis`
    with so many funded accounts, and mines each transaction at once.
    """
    if url is None:
        from perpools.chain import embedded

        web3 = _plain(Web3(embedded.provider(genesis, accounts)))
        return Node(web3, embedded.set_clock, web3.eth.accounts[0])
    web3 = _plain(Web3(Web3.HTTPProvider(url)))
    if not web3.is_connected():
        raise ChainError(f"no node answers at {url}")
    return Node(web3, _set_clock)


def _plain(web3: Web3) -> Web3:
    """Without what web3 does for people: every transaction here says gas and gas price itself."""
    web3.middleware_onion.clear()
    return web3


def _set_clock(web3: Web3, timestamp: Timestamp) -> None:
    """As development nodes do it."""
    method = RPCEndpoint("evm_setNextBlockTimestamp")
    web3.manager.request_blocking(method, [timestamp])


def _params(transaction: Transaction) -> TxParams:
    params: TxParams = {
        "from": Web3.to_checksum_address(transaction.sender),
        "data": transaction.data,
        "value": Wei(transaction.value),
        "gas": GAS,
    }
    if transaction.gas_price != 0:
        params["gasPrice"] = Wei(transaction.gas_price)
    if transaction.to is not None:
        params["to"] = Web3.to_checksum_address(transaction.to)
    return params


def _explained(failed: Exception) -> Exception:
    """A contract's refusal as the specification's; anything else as an error of the chain."""
    if isinstance(failed, ContractLogicError):
        reason = str(failed.message).removeprefix(REVERTED)
        refusal: Any = _REFUSALS.get(reason)
        return refusal() if refusal else ChainError(f"the contract refused: {reason}")
    return ChainError(f"the node did not do it: {failed}")
