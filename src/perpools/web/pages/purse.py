"""Accounts that the server itself may send from: those of an embedded chain, whose node signs."""

import threading
from collections.abc import Sequence
from typing import Protocol

from perpools.chain.node import Node, Transaction
from perpools.chain.wire import Hash
from perpools.spec.units import Address
from perpools.web.transactions import Unsigned


class Purse(Protocol):
    """Play money for browsers without a wallet."""

    def account_for(self, browser: str) -> Address:
        """The account of one browser, always the same."""

    def send(self, browser: str, transaction: Unsigned) -> Hash:
        """
        Send from the browser's own account, without waiting; `Rejected` or `ChainError` where it
        is refused, and `PermissionError` where it would be from another account.
        """


class Accounts:
    """
    Funded accounts of a node that signs for them, handed out in turn; where there are more
    browsers than accounts, some share one. Safe for threads.
    """

    def __init__(self, node: Node, accounts: Sequence[Address]) -> None:
        self._node, self._accounts = node, tuple(accounts)
        self._given: dict[str, Address] = {}
        self._lock = threading.Lock()

    def account_for(self, browser: str) -> Address:
        """The next account for a new browser, its own for a known one."""
        with self._lock:
            following = self._accounts[len(self._given) % len(self._accounts)]
            return self._given.setdefault(browser, following)

    def send(self, browser: str, transaction: Unsigned) -> Hash:
        """What the node refuses to send is raised."""
        if transaction.sender != self.account_for(browser):
            raise PermissionError("the transaction is another account's")
        value, gas = transaction.value, transaction.gas
        sent = Transaction(
            transaction.sender, transaction.to, transaction.data, value=value, gas=gas
        )
        return self._node.entrust(sent)
