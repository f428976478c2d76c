"""A node that sends nothing: every transaction is only tried on the chain as it is now."""

from dataclasses import fields
from typing import Self

from perpools.chain.node import Node, Receipt, Transaction
from perpools.errors import ChainError, StrangeAnswer


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
