"""A posted feed: what its publisher signs, and how anybody posts it."""

from typing import Any, NamedTuple

from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node, Receipt
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Seconds, Timestamp, Wad

NAME, VERSION = "Perpetual Pools posted feed", "1"
VALUE = [{"name": "price", "type": "uint256"}, {"name": "observed_at", "type": "uint256"}]


class Signed(NamedTuple):
    """A value and its publisher's signature."""

    price: Wad
    observed_at: Timestamp
    v: int
    r: bytes
    s: bytes


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

    @classmethod
    def at(cls, node: Node, address: Address) -> "PostedFeed":
        """A feed that is there."""
        return cls(Contract(node, address, Interface(artifacts.load("Posted").abi)))

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.contract.address

    @property
    def publisher(self) -> Address:
        """Whose signature counts."""
        publisher: Address = self.contract.read("PUBLISHER")
        return publisher

    @property
    def count(self) -> int:
        """How many values it has: the index of the last one."""
        return int(self.contract.read("count"))

    def sign(self, publisher: LocalAccount, price: Wad, observed_at: Timestamp) -> Signed:
        """A value as its publisher signs it; nothing is sent, and no node needs to be asked."""
        value = {"price": price, "observed_at": observed_at}
        signed = publisher.sign_typed_data(self._domain(), {"Value": VALUE}, value)
        r, s = signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
        return Signed(price, observed_at, signed.v, r, s)

    def bring(self, signed: Signed, *, sender: Address) -> Receipt:
        """Post what a publisher signed: anybody may."""
        return self.contract.send("post", *signed, sender=sender)

    def post(
        self, publisher: LocalAccount, price: Wad, observed_at: Timestamp, *, sender: Address
    ) -> Receipt:
        """Have a value signed by its publisher, and post it."""
        return self.bring(self.sign(publisher, price, observed_at), sender=sender)

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
