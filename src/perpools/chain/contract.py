"""A contract's interface: names and Python values to bytes, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import (
    abi_to_signature,
    collapse_if_tuple,
    event_signature_to_log_topic,
    function_signature_to_4byte_selector,
)
from eth_utils.address import to_checksum_address

from perpools.artifacts import Artifact
from perpools.chain.node import GAS_PRICE, Log, Node, Receipt, Transaction
from perpools.errors import ChainError, StrangeAnswer
from perpools.spec.units import Address

Abi = list[dict[str, Any]]

CONSTRUCTOR = ""
"""The name under which an interface keeps its constructor."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of an interface."""

    selector: bytes
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]

    def encode(self, values: Sequence[Any]) -> bytes:
        """The data of a call."""
        return self.selector + encode(_types(self.inputs), values)

    def decode(self, data: bytes) -> Any:
        """What a call answered: the value, or a tuple of several."""
        values = _decoded(self.outputs, data)
        return values[0] if len(values) == 1 else values


class Interface:
    """The functions and events of a contract, by name."""

    def __init__(self, abi: Abi) -> None:
        self._functions: dict[tuple[str, int], Function] = {}
        for entry in abi:
            if entry["type"] == "function":
                self._functions[entry["name"], len(entry["inputs"])] = _function(entry)
            elif entry["type"] == "constructor":
                inputs = entry["inputs"]
                self._functions[CONSTRUCTOR, len(inputs)] = Function(b"", inputs, [])
        events = [entry for entry in abi if entry["type"] == "event"]
        self._events = {event_signature_to_log_topic(abi_to_signature(e)): e for e in events}  # type: ignore[arg-type]

    def function(self, name: str, arguments: Sequence[Any]) -> Function:
        """The function of this name that takes so many arguments: contracts have defaults."""
        if name == CONSTRUCTOR and not arguments:
            return self._functions.get((name, 0), Function(b"", [], []))
        try:
            return self._functions[name, len(arguments)]
        except KeyError:
            raise ChainError(f"the contract has no {name} of {len(arguments)} arguments") from None

    def decode_log(self, log: Log) -> tuple[str, dict[str, Any]] | None:
        """Name and fields of an event, in their declared order; None where it is not ours."""
        event = self._events.get(log.topics[0]) if log.topics else None
        if event is None:
            return None
        indexed = [field for field in event["inputs"] if field["indexed"]]
        plain = [field for field in event["inputs"] if not field["indexed"]]
        topics = [*_decoded(indexed, b"".join(log.topics[1:]))] if indexed else []
        found = dict(zip(_names(indexed), topics, strict=True))
        found |= zip(_names(plain), _decoded(plain, log.data), strict=True)
        return event["name"], {name: found[name] for name in _names(event["inputs"])}


@dataclass(frozen=True, slots=True)
class Contract:
    """An interface at an address."""

    node: Node
    address: Address
    interface: Interface

    @classmethod
    def deploy(cls, node: Node, artifact: Artifact, *arguments: Any, sender: Address) -> Self:
        """A new contract."""
        interface = Interface(artifact.abi)
        code = bytes.fromhex(artifact.bytecode.removeprefix("0x"))
        data = code + interface.function(CONSTRUCTOR, arguments).encode(arguments)
        return cls(node, created(node, data, sender), interface)

    def read(self, function: str, *arguments: Any) -> Any:
        """What a view answers."""
        called = self.interface.function(function, arguments)
        return called.decode(self.node.call(self.address, called.encode(arguments)))

    def send(
        self,
        function: str,
        *arguments: Any,
        sender: Address,
        value: int = 0,
        gas_price: int = GAS_PRICE,
    ) -> Receipt:
        """Have a transaction mined."""
        data = self.interface.function(function, arguments).encode(arguments)
        return self.node.send(Transaction(sender, self.address, data, value, gas_price))

    def told(self, receipt: Receipt) -> list[tuple[str, dict[str, Any]]]:
        """Names and fields of the events that this contract logged."""
        ours = (log for log in receipt.logs if log.address == self.address)
        return [event for log in ours if (event := self.interface.decode_log(log))]


def deploy_blueprint(node: Node, artifact: Artifact, sender: Address) -> Address:
    """A contract's code for others to create it from (ERC-5202)."""
    return created(node, bytes.fromhex(artifact.blueprint.removeprefix("0x")), sender)


def created(node: Node, data: bytes, sender: Address) -> Address:
    """The contract that some code creates."""
    receipt = node.send(Transaction(sender, None, data))
    if receipt.created is None:
        raise ChainError("the node created no contract")
    return receipt.created


def _function(entry: dict[str, Any]) -> Function:
    selector = function_signature_to_4byte_selector(abi_to_signature(entry))  # type: ignore[arg-type]
    return Function(selector, entry["inputs"], entry["outputs"])


def _types(fields: list[dict[str, Any]]) -> list[str]:
    return [collapse_if_tuple(field) for field in fields]


def _names(fields: list[dict[str, Any]]) -> list[str]:
    return [field["name"] for field in fields]


def _decoded(fields: list[dict[str, Any]], data: bytes) -> tuple[Any, ...]:
    try:
        values = decode(_types(fields), data)
    except DecodingError as garbled:
        raise StrangeAnswer(f"the contract's answer is garbled: {garbled}") from None
    return tuple(_spelled(f, f["type"], v) for f, v in zip(fields, values, strict=True))


def _spelled(field: dict[str, Any], kind: str, value: Any) -> Any:
    """A value with every address in it as the specification spells accounts: checksummed."""
    if kind.endswith("]"):
        inner = kind[: kind.rindex("[")]
        return tuple(_spelled(field, inner, item) for item in value)
    if kind == "tuple":
        parts = zip(field["components"], value, strict=True)
        return tuple(_spelled(part, part["type"], item) for part, item in parts)
    return _checksummed(value) if kind == "address" else value


@lru_cache(maxsize=4_096)
def _checksummed(address: str) -> Address:
    return to_checksum_address(address)
