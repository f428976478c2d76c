"""The protocol on a chain: deployed once, then markets from its factory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perpools import artifacts
from perpools.chain import deployment
from perpools.chain.contract import Contract, Interface, deploy_blueprint
from perpools.chain.deployment import Deployment
from perpools.chain.factory import Deployed, Factory
from perpools.chain.feed_plan import First
from perpools.chain.lens import Lens
from perpools.chain.node import Node
from perpools.chain.planning import TRANSFERS
from perpools.chain.steps import Listing, Plan
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.spec.units import Address

__all__ = ["Deployed", "Listing", "Protocol"]

UPKEEP = "Upkeep"


@dataclass(frozen=True, slots=True)
class Protocol:
    """What markets share: the factory, the lens, the upkeep, the transfer functions."""

    node: Node
    factory: Factory
    lens: Lens
    transfers: Mapping[str, Address]
    upkeep: Contract | None = None
    """None: it was not deployed."""
    block_number: int = 0
    """No market of the factory is older."""

    @classmethod
    def deploy(cls, node: Node, sender: Address, *, with_upkeep: bool = True) -> "Protocol":
        """All of it, anew."""
        blueprints = [
            deploy_blueprint(node, artifacts.load(name), sender) for name in ("Market", "SideToken")
        ]
        transfers = {
            name: Contract.deploy(node, artifacts.load(contract), *arguments, sender=sender).address
            for name, (contract, arguments) in TRANSFERS.items()
        }
        factory = Contract.deploy(node, artifacts.load("Factory"), *blueprints, sender=sender)
        block_number = node.block().number
        lens = Lens(Contract.deploy(node, artifacts.load("Lens"), sender=sender))
        upkeep = None
        if with_upkeep and UPKEEP in artifacts.names():
            upkeep = Contract.deploy(node, artifacts.load(UPKEEP), sender=sender)
        return cls(node, Factory(node, factory.address), lens, transfers, upkeep, block_number)

    @classmethod
    def load(cls, node: Node, path: Path) -> "Protocol":
        """What a deployment file says; `ConfigError` where it is not about this chain."""
        try:
            return cls.at(node, deployment.load(path))
        except ConfigError as wrong:
            told = str(wrong)
            raise ConfigError(told if told.startswith(str(path)) else f"{path}: {told}") from None

    @classmethod
    def at(cls, node: Node, deployed: Deployment) -> "Protocol":
        """The protocol where a deployment says that it is."""
        if deployed.chain_id != node.chain_id:
            raise ConfigError(
                f"is for chain {deployed.chain_id}, but the node is on chain {node.chain_id}"
            )
        for name, address in deployed.contracts.items():
            if not node.code(address):
                raise ConfigError(f"{name}: no contract at {address} on chain {node.chain_id}")
        return cls(
            node,
            Factory(node, deployed.factory),
            Lens(_contract(node, "Lens", deployed.lens)),
            deployed.transfers,
            _contract(node, UPKEEP, deployed.upkeep) if deployed.upkeep else None,
            deployed.block_number,
        )

    @property
    def deployment(self) -> Deployment:
        """Where everything is, for a file."""
        return Deployment(
            chain_id=self.node.chain_id,
            block_number=self.block_number,
            factory=self.factory.address,
            lens=self.lens.contract.address,
            upkeep=self.upkeep.address if self.upkeep else None,
            transfers=dict(self.transfers),
        )

    def save(self, path: Path, *, replace: bool = False) -> None:
        """Write the deployment file, whole or not at all; never over another, unless `replace`."""
        deployment.save(self.deployment, path, replace=replace)

    def plan(self, file: MarketFile, sender: Address, *, first: First | None = None) -> Plan:
        """What deploying a market will send; `factory.carry_out` sends it."""
        return self.factory.plan(file, sender, transfers=self.transfers, first=first)

    def deploy_market(self, listing: Listing, sender: Address) -> Deployed:
        """A market of contracts that are there; the sender approved twice the seed."""
        return self.factory.open(listing, sender)


def _contract(node: Node, name: str, address: Address) -> Contract:
    return Contract(node, address, Interface(artifacts.load(name).abi))
