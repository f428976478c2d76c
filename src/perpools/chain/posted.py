"""A posted feed: what its publisher signs, and how anybody posts it."""

from typing import Any

from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain.contract import Contract
from perpools.chain.node import Node, Receipt
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Seconds, Timestamp, Wad

NAME, VERSION = "Perpetual Pools posted feed", "1"
VALUE = [{"name": "price", "type": "uint256"}, {"name": "observed_at", "type": "uint256"}]


class PostedFeed:
    """One feed of one publisher."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._chain_id = contract.node.chain_id

    @classmethod
    def deploy(
        cls, node: Node, publisher: Address, max_age: Seconds, *, sender: Address
    ) -> "PostedFeed":
        """A new feed."""
        artifact = artifacts.load("Posted")
        return cls(Contract.deploy(node, artifact, publisher, max_age, sender=sender))

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.contract.address

    def post(
        self, publisher: LocalAccount, price: Wad, observed_at: Timestamp, *, sender: Address
    ) -> Receipt:
        """Have a value signed by its publisher, and post it."""
        value = {"price": price, "observed_at": observed_at}
        signed = publisher.sign_typed_data(self._domain(), {"Value": VALUE}, value)
        v, r, s = signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
        return self.contract.send("post", price, observed_at, v, r, s, sender=sender)

    def observation(self, index: int) -> Observation:
        """The value of an index, from 1."""
        price, observed_at, posted_at = self.contract.read("value", index)
        return Observation(price, observed_at, posted_at - observed_at)

    def _domain(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            "chainId": self._chain_id,
            "verifyingContract": self.address,
        }
