"""A browser wallet: what pages see of it is `wallet.js`, what it does is here, on a real node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext
from web3.types import RPCEndpoint

from perpools.chain.node import Node
from perpools.spec.units import Address

SCRIPT = Path(__file__).with_name("wallet.js")
DECLINED = 4001


class BrowserWallet:
    """One account of a node that signs for it; says yes to everything until told otherwise."""

    def __init__(self, node: Node, account: Address) -> None:
        self.node, self.account = node, account
        self.sent: list[str] = []
        """Hashes of what was sent."""
        self.declines = False
        self.hides = False
        """Whether it tells nobody its account."""
        self.chain_id: int | None = None
        """Where the wallet is; None: on the node's chain."""
        self.before_send: Callable[[], None] = lambda: None

    def put_into(self, context: BrowserContext) -> None:
        """Every page of this context finds it."""
        context.expose_function("askWallet", self.answer)
        context.add_init_script(path=SCRIPT)

    def answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        """What the wallet answers a page."""
        if method == "eth_requestAccounts" and self.hides:
            return {"error": {"code": DECLINED, "message": "User rejected the request."}}
        if method in ("eth_requestAccounts", "eth_accounts"):
            return {"result": [self.account]}
        if method == "eth_chainId":
            return {"result": hex(self.chain_id or self.node.chain_id)}
        if method == "wallet_switchEthereumChain":
            self.chain_id = int(params[0]["chainId"], 16)
            return {"result": None}
        if method == "eth_sendTransaction" and self.declines:
            return {"error": {"code": DECLINED, "message": "User rejected the request."}}
        if method == "eth_sendTransaction":
            self.before_send()
        told = self.node.web3.provider.make_request(RPCEndpoint(method), params)
        if "error" in told:
            return {"error": dict(told["error"])}
        if method == "eth_sendTransaction":
            self.sent.append(str(told["result"]))
        return {"result": told["result"]}
