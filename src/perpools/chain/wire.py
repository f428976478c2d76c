"""What goes to a node and comes back, undecoded: transactions, logs, receipts, blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from eth_utils.address import to_checksum_address
from web3.types import TxParams, Wei

from perpools.errors import ChainError
from perpools.spec.units import Address, Timestamp

GAS = 10_000_000
"""Sent where the node signs: more than any operation needs, and nothing has to be estimated."""

GAS_PRICE = 2 * 10**9
"""Above every base fee that a chain of ours reaches."""

Hash = str
"""Of a block or a transaction: `0x` and 64 lower-case digits."""

BlockName = int | str
"""A block's number, or `latest`, `pending`, `safe`, `finalized`, `earliest`."""


class Transaction(NamedTuple):
    """What is sent; `to` is None where a contract is created."""

    sender: Address
    to: Address | None
    data: bytes
    value: int = 0
    gas_price: int = GAS_PRICE
    """Of node-signed ones; 0 leaves it to the node. One signed here pays what its policy says,
    unless this is neither 0 nor the usual."""
    gas: int | None = None
    """Most gas it may use; None: plenty where the node signs, else estimated."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a contract told, undecoded, and where the chain keeps it."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int = 0
    block_hash: Hash = ""
    transaction_hash: Hash = ""
    index: int = 0
    """Among all logs of its block."""
    timestamp: Timestamp | None = None
    """Of its block; not every node says it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction did and cost."""

    block_number: int
    gas_used: int
    gas_price: int
    """Paid for each unit of gas, in wei."""
    created: Address | None
    """The contract it created, if any."""
    logs: tuple[Log, ...]
    hash: Hash = ""
    block_hash: Hash = ""
    succeeded: bool = True


class Block(NamedTuple):
    """One block."""

    number: int
    hash: Hash
    """Empty while it is pending."""
    timestamp: Timestamp
    base_fee: int
    """Wei for each unit of gas; 0 where the chain has none."""
    has_base_fee: bool = True
    """Not on chains from before EIP-1559: transactions there only say a gas price."""


def params(transaction: Transaction, gas_price: int = 0) -> TxParams:
    """A transaction as nodes are told of it, and what it pays for gas unless that is 0."""
    told: TxParams = {
        "from": to_checksum_address(transaction.sender),
        "data": transaction.data,
        "value": Wei(transaction.value),
    }
    if transaction.to is not None:
        told["to"] = to_checksum_address(transaction.to)
    if gas_price != 0:
        told["gasPrice"] = Wei(gas_price)
    return told


def sent(transaction: Transaction) -> TxParams:
    """A transaction for the node to sign, or to try: with plenty of gas."""
    told = params(transaction, transaction.gas_price)
    told["gas"] = transaction.gas or GAS
    return told


def sent_in_json(transaction: Transaction) -> dict[str, str]:
    """The same with every value as nodes spell it."""
    return {name: in_json(value) for name, value in sent(transaction).items()}


def in_json(value: Any) -> str:
    """Numbers and bytes as nodes spell them; text is left as it is."""
    if isinstance(value, str):
        return value
    return "0x" + value.hex() if isinstance(value, bytes) else hex(value)


def topics(wanted: Sequence[Any]) -> list[Any]:
    """A filter's topics as nodes spell them."""
    return [
        topics(one) if isinstance(one, list | tuple) else None if one is None else in_json(one)
        for one in wanted
    ]


def named(at: BlockName | None) -> Any:
    """A block as web3 takes it; None: the latest."""
    return "latest" if at is None else at


def block(told: Mapping[str, Any]) -> Block:
    """A block as a node tells it."""
    base_fee = told.get("baseFeePerGas")
    found = told.get("hash")
    return Block(
        told["number"],
        "" if found is None else hash_of(found),
        told["timestamp"],
        base_fee or 0,
        base_fee is not None,
    )


def log(told: Mapping[str, Any]) -> Log:
    """A log as a node tells it."""
    return Log(
        told["address"],
        tuple(map(bytes, told["topics"])),
        bytes(told["data"]),
        told["blockNumber"],
        hash_of(told["blockHash"]),
        hash_of(told["transactionHash"]),
        told["logIndex"],
        None if (said := told.get("blockTimestamp")) is None else int(str(said), 0),
    )


def logs(told: Any) -> list[Log]:
    """Logs in a node's JSON but those removed; `ChainError` where it is anything else."""
    try:
        return [_log_in_json(one) for one in told if not one.get("removed")]
    except (AttributeError, LookupError, TypeError, ValueError) as garbled:
        raise ChainError(f"the node's logs cannot be read: {garbled!r}") from None


def _log_in_json(told: Mapping[str, Any]) -> Log:
    said = told.get("blockTimestamp")
    return Log(
        _checksummed(told["address"]),
        tuple(_bytes(topic) for topic in told["topics"]),
        _bytes(told["data"]),
        int(told["blockNumber"], 16),
        hash_of(told["blockHash"]),
        hash_of(told["transactionHash"]),
        int(told["logIndex"], 16),
        None if said is None else int(str(said), 0),
    )


def _bytes(digits: str) -> bytes:
    return bytes.fromhex(digits[2:])


@lru_cache(maxsize=4_096)
def _checksummed(address: str) -> Address:
    return to_checksum_address(address)


def receipt(told: Mapping[str, Any]) -> Receipt:
    """A receipt as a node tells it."""
    return Receipt(
        told["blockNumber"],
        told["gasUsed"],
        told.get("effectiveGasPrice", 0),
        told["contractAddress"],
        tuple(map(log, told["logs"])),
        hash_of(told["transactionHash"]),
        hash_of(told["blockHash"]),
        told["status"] != 0,
    )


def hash_of(told: Any) -> Hash:
    """A hash, in bytes or digits, as text."""
    return told.lower() if isinstance(told, str) else "0x" + bytes(told).hex()
