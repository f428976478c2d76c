"""Accounts of one test alone, with native coin from nowhere, and a node's mining by hand."""

from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from perpools.chain.node import Node, Transaction

ETHER = 10**18


def rpc(node: Node, method: str, *params: Any) -> Any:
    """What a node answers to a method that only development nodes have."""
    return node.web3.manager.request_blocking(method, list(params))  # type: ignore[arg-type]


def mine(node: Node, blocks: int = 1) -> None:
    """Mine what waits."""
    for _ in range(blocks):
        rpc(node, "evm_mine")


def rich(node: Node) -> LocalAccount:
    """A new account with ten ether, on a node that gives them away."""
    signer: LocalAccount = Account.create()
    rpc(node, "anvil_setBalance", signer.address, hex(10 * ETHER))
    return signer


def funded(node: Node) -> LocalAccount:
    """A new account with ten ether of the node's first account."""
    signer: LocalAccount = Account.create()
    node.send(Transaction(next(iter(node.accounts)), signer.address, b"", 10 * ETHER))
    return signer
