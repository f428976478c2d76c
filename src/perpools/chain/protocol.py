"""The protocol on a chain: deployed once, then markets from its factory."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from perpools import artifacts
from perpools.chain.contract import Contract, deploy_blueprint
from perpools.chain.lens import Lens
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.chain.terms import Contracts, encode_terms
from perpools.errors import ChainError
from perpools.spec.terms import Terms
from perpools.spec.transfer_curves import Linear
from perpools.spec.units import Address, Assets

TRANSFERS = {
    "power": ("Power", ()),
    "sigmoid": ("Sigmoid", ()),
    "linear": ("Linear", (Linear().cap,)),
}
"""Each transfer function's contract and the arguments of its constructor."""


class Listing(NamedTuple):
    """A market to deploy."""

    name: str
    """Of what the price is, such as `ETH/USD`."""
    terms: Terms
    contracts: Contracts
    seed_assets: Assets
    """Collateral that the deployer pays to each side."""


class Deployed(NamedTuple):
    """A new market, and the fields of the factory's event about it."""

    market: Market
    announced: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Protocol:
    """What markets share: the factory, the lens, the transfer functions."""

    node: Node
    factory: Contract
    lens: Lens
    transfers: dict[str, Address]

    @classmethod
    def deploy(cls, node: Node, sender: Address) -> "Protocol":
        """All of it, anew."""
        blueprints = [
            deploy_blueprint(node, artifacts.load(name), sender) for name in ("Market", "SideToken")
        ]
        transfers = {
            name: Contract.deploy(node, artifacts.load(contract), *arguments, sender=sender).address
            for name, (contract, arguments) in TRANSFERS.items()
        }
        factory = Contract.deploy(node, artifacts.load("Factory"), *blueprints, sender=sender)
        lens = Lens(Contract.deploy(node, artifacts.load("Lens"), sender=sender))
        return cls(node, factory, lens, transfers)

    def deploy_market(self, listing: Listing, sender: Address) -> Deployed:
        """A new market; the sender has approved twice the seed to the factory."""
        receipt = self.factory.send(
            "deploy",
            listing.name,
            encode_terms(listing.terms, listing.contracts),
            listing.seed_assets,
            sender=sender,
        )
        for name, fields in self.factory.told(receipt):
            if name == "MarketDeployed":
                return Deployed(Market(self.node, fields["market"]), fields)
        raise ChainError("the factory announced no market")
