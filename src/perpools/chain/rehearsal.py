"""Nodes that send nothing: what would be sent is tried on the chain as it is, or written down."""

from dataclasses import dataclass, field, fields
from typing import Self

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from perpools.chain.node import Node, Receipt, Transaction
from perpools.errors import ChainError, StrangeAnswer
from perpools.spec.units import Address


class Rehearsal(Node):
    """What a contract would refuse is raised; nothing else happens."""

    @classmethod
    def of(cls, node: Node) -> Self:
        """The same chain, untouched."""
        return cls(**{field.name: getattr(node, field.name) for field in fields(node)})

    def send(self, transaction: Transaction) -> Receipt:
        """Try it; the receipt is empty."""
        sender, to, data, value = transaction[:4]
        if to is None:
            raise ChainError("a deployment cannot be tried without sending it")
        try:
            self.call(to, data, sender, block="pending", value=value)
        except StrangeAnswer:
            raise
        except ChainError:  # not every node prepares a block
            self.call(to, data, sender, value=value)
        return Receipt(self.block().number, 0, 0, None, ())


@dataclass(frozen=True, slots=True)
class Draft(Node):
    """Every transaction is written down, and neither tried nor sent."""

    written: list[Transaction] = field(default_factory=list)
    first_nonce: int = 0
    """Of the sender's next transaction: it decides where a contract will be."""

    @classmethod
    def of(cls, node: Node, first_nonce: int = 0) -> Self:
        """Of a chain; it is only asked what transactions depend on."""
        told = {field.name: getattr(node, field.name) for field in fields(Node)}
        return cls(**told, first_nonce=first_nonce)

    def send(self, transaction: Transaction) -> Receipt:
        """Write it down; the receipt is empty but for what it would create."""
        made = None
        if transaction.to is None:
            made = created(transaction.sender, self.first_nonce + len(self.written))
        self.written.append(transaction)
        return Receipt(0, 0, 0, made, ())


def created(sender: Address, nonce: int) -> Address:
    """Where the contract will be that an account creates with a nonce."""
    told = bytes([0x80 + 20]) + bytes.fromhex(sender.removeprefix("0x"))
    digits = nonce.to_bytes((nonce.bit_length() + 7) // 8)
    told += digits if 0 < nonce < 0x80 else bytes([0x80 + len(digits)]) + digits
    return to_checksum_address(keccak(bytes([0xC0 + len(told)]) + told)[12:])
