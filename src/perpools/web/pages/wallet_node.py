"""
A node whose transactions the wallet of a page agrees to and sends: what is written for a node of
one's own, such as a plan of a deployment, runs through a browser's wallet unchanged.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from perpools.chain.node import Node, Receipt, Transaction
from perpools.web.pages.holder import Wallet
from perpools.web.transactions import Unsigned


@dataclass(frozen=True, slots=True)
class WalletNode(Node):
    """For a thread; it waits while somebody decides."""

    ask: Callable[[Transaction], Receipt] = field(kw_only=True)

    def send(self, transaction: Transaction) -> Receipt:
        """Have it agreed to, sent and mined; what the wallet or the contract refuses is raised."""
        return self.ask(transaction)


def through(wallet: Wallet, text: Callable[[], str]) -> WalletNode:
    """The chain as the wallet's account acts on it; `text` says what the next transaction does."""
    node, loop = wallet.live.node, asyncio.get_running_loop()

    def ask(transaction: Transaction) -> Receipt:
        to, data, value = transaction.to, transaction.data, transaction.value
        gas = node.gas_for(transaction)
        sender = transaction.sender
        unsigned = Unsigned(wallet.here, sender, to, data, value, gas, text())
        return asyncio.run_coroutine_threadsafe(wallet.send(unsigned), loop).result()

    kept: dict[str, Any] = {one.name: getattr(node, one.name) for one in fields(Node)}
    return WalletNode(**kept, ask=ask)
