"""Connecting: to nodes by their addresses, or to a new chain embedded in this process."""

from web3 import Web3
from web3.types import RPCEndpoint

from perpools.chain.endpoints import Patience
from perpools.chain.node import Node
from perpools.chain.providers import Failover, OnRequest
from perpools.spec.units import Timestamp

DEMO_GENESIS: Timestamp = 1_700_000_000
"""When the embedded chain begins if nobody says otherwise."""

ACCOUNTS = 32
"""Funded accounts of the embedded chain if nobody says otherwise."""


def connect(
    *urls: str,
    chain_id: int | None = None,
    timeout_s: float = 10,
    patience: Patience | None = None,
    on_request: OnRequest | None = None,
    genesis: Timestamp = DEMO_GENESIS,
    accounts: int = ACCOUNTS,
    meet: bool = True,
) -> Node:
    """
    The chain at one or several addresses of nodes, the preferred one first; `ChainError` where none
    answers within `timeout_s`, or one is of another chain than the others or than `chain_id`.
    Without `meet` nobody is asked yet: what is of another chain is never asked for anything else.

    Without an address: a new chain embedded in this process, which begins at `genesis` with so many
    funded accounts, and mines each transaction at once.
    """
    if not urls:
        from perpools.chain import embedded

        web3 = _plain(Web3(embedded.provider(genesis, accounts)))
        return Node(web3, embedded.set_clock, web3.eth.accounts[0])
    patience = patience or Patience(timeout_s)
    provider = Failover(urls, chain_id, patience, on_request)
    if meet:
        provider.meet()
    return Node(_plain(Web3(provider)), _set_clock)


def _plain(web3: Web3) -> Web3:
    """Without what web3 does for people: every transaction here says gas and gas price itself."""
    web3.middleware_onion.clear()
    return web3


def _set_clock(web3: Web3, timestamp: Timestamp) -> None:
    """As development nodes do it."""
    method = RPCEndpoint("evm_setNextBlockTimestamp")
    web3.manager.request_blocking(method, [timestamp])
