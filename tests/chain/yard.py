"""A chain with everything that a deployer may name in a market file."""

from dataclasses import dataclass

from perpools import artifacts, market_file
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.factory import Deployed
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Protocol
from perpools.chain.tokens import Token
from perpools.market_file import MarketFile
from perpools.spec.units import Address
from tests.chain.workshop import DOLLAR, GENESIS, HEARTBEAT_S, UNIT, WAD, key, mock


@dataclass(frozen=True)
class Yard:
    """A chain with the protocol, a coin, an aggregator, and a posted feed that has a price."""

    node: Node
    protocol: Protocol
    coin: Token
    aggregator: Contract
    posted: PostedFeed
    deployer: Address
    newcomer: Address

    def file(self, feed: str, *lines: str, keeper: str = "", leverage: str = "3") -> MarketFile:
        return market_file.parse(
            f'preset = "v2"\nname = "ETH/USD"\nleverage = {leverage}\n'
            f'collateral = "{self.coin.address}"\nseed = 10\n'
            + "\n".join(lines)
            + f'\n[price]\nfeed = "{feed}"\nmax_age = "1h"\n[keeper]\n{keeper}\n'
        )

    def deploy(self, file: MarketFile, **options: object) -> Deployed:
        transfers = self.protocol.transfers
        return self.protocol.factory.deploy(file, self.deployer, transfers=transfers, **options)  # type: ignore[arg-type]


def build(node: Node | None = None) -> Yard:
    """The coin's holders are the deployer, and a newcomer who cannot pay a seed."""
    node = node or connect(genesis=GENESIS, accounts=4)
    deployer, newcomer, keeper, *_ = node.accounts
    coin = Contract.deploy(node, artifacts.load("DemoCoin"), "Coin", "COIN", 6, sender=keeper)
    coin.send("mint", deployer, 10_000 * UNIT, sender=keeper)
    coin.send("mint", newcomer, 3 * UNIT // 2, sender=keeper)
    aggregator = Contract.deploy(node, mock("PlainAggregator"), 8, sender=keeper)
    aggregator.send("push", 2_000 * DOLLAR, sender=keeper)
    posted = PostedFeed.deploy(node, key("publisher").address, HEARTBEAT_S, sender=keeper)
    posted.post(key("publisher"), WAD, node.block().timestamp, sender=keeper)
    protocol = Protocol.deploy(node, keeper)
    return Yard(node, protocol, Token(node, coin.address), aggregator, posted, deployer, newcomer)
