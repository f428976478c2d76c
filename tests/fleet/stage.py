"""Ten markets of all sorts on a real node whose blocks come when they are asked for."""

from dataclasses import dataclass

from eth_account import Account
from eth_account.signers.local import LocalAccount

from perpools import artifacts, market_file
from perpools.chain.contract import Contract
from perpools.chain.node import Node, Transaction
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Listing, Protocol
from perpools.chain.terms import Contracts
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from perpools.spec.units import Address, Timestamp, Wad

WAD = 10**18
UNIT = 10**6
INTERVAL_S = 60
BLOCK_S = 12
AFTER_GRID_POINT_S = 6
"""When the first block of a period comes: blocks fall beside grid points, as they do."""
SEED = 100_000
MONTH_S = 30 * 86_400
PLENTY = 2**255

MARKET = """
preset = "{preset}"
name = "{name}"
leverage = {leverage}
interval = "{interval_s}s"
front_running_interval = "{front_running_s}s"
seed = {seed}
[price]
feed = "posted"
sma_periods = {sma_periods}
[keeper]
eth_feed = "posted"
"""


@dataclass(frozen=True)
class Stage:
    """Everything deployed."""

    node: Node
    protocol: Protocol
    feed: PostedFeed
    publisher: LocalAccount
    markets: tuple[Contract, ...]
    deployer: Address
    traders: tuple[Address, ...]
    keeper: Address


def build(node: Node, count: int) -> Stage:
    """So many markets, each with other terms, on one price."""
    deployer, keeper, *traders = node.accounts[:6]
    publisher: LocalAccount = Account.create()
    protocol = Protocol.deploy(node, deployer)
    coin = _coin(node, deployer, (deployer, *traders))
    now = node.block().timestamp
    price = _feed(node, deployer, publisher, now, 2_000 * WAD, 4 * INTERVAL_S)
    eth = _feed(node, deployer, publisher, now, 3_000 * WAD, MONTH_S)
    coin.send("approve", protocol.factory.address, PLENTY, sender=deployer)
    feeds = price, eth
    listings = (_listing(protocol, deployer, coin, feeds, number) for number in range(count))
    markets = [protocol.deploy_market(listing, deployer).market for listing in listings]
    for market in markets:
        for trader in traders:
            coin.send("approve", market.address, PLENTY, sender=trader)
    contracts = tuple(market.contract for market in markets)
    return Stage(node, protocol, price, publisher, contracts, deployer, tuple(traders), keeper)


def order(stage: Stage, number: int) -> Transaction:
    """Somebody's order, another one for each number."""
    market = stage.markets[number % len(stage.markets)]
    trader = stage.traders[number % len(stage.traders)]
    kind = (LONG_MINT, SHORT_MINT)[number % 2]
    arguments = (kind, (1 + number % 97) * UNIT)
    data = market.interface.function("place_order", arguments).encode(arguments)
    return Transaction(trader, market.address, data)


def post(stage: Stage, price: Wad, observed_at: Timestamp) -> Transaction:
    """The publisher's next price, brought by the deployer."""
    values = tuple(stage.feed.sign(stage.publisher, price, observed_at))
    data = stage.feed.contract.interface.function("post", values).encode(values)
    return Transaction(stage.deployer, stage.feed.address, data)


def _coin(node: Node, deployer: Address, holders: tuple[Address, ...]) -> Contract:
    artifact = artifacts.load("DemoCoin")
    coin = Contract.deploy(node, artifact, "Demo Dollar", "DUSD", 6, sender=deployer)
    for holder in holders:
        coin.send("mint", holder, 10_000_000 * UNIT, sender=deployer)
    return coin


def _feed(
    node: Node, deployer: Address, publisher: LocalAccount, now: Timestamp, price: Wad, age_s: int
) -> PostedFeed:
    feed = PostedFeed.deploy(node, publisher.address, age_s, sender=deployer)
    feed.post(publisher, price, now, sender=deployer)
    return feed


def _listing(
    protocol: Protocol,
    deployer: Address,
    coin: Contract,
    feeds: tuple[PostedFeed, PostedFeed],
    number: int,
) -> Listing:
    """A market whose terms are those of its number."""
    price, eth = feeds
    file = market_file.parse(
        MARKET.format(
            preset=("v1", "v2")[number % 2],
            name=f"ETH/USD {number}",
            leverage=1 + number // 2,
            interval_s=INTERVAL_S,
            front_running_s=(number % 4) * INTERVAL_S // 2,
            seed=SEED,
            sma_periods=(1, 8)[number % 2],
        )
    )
    contracts = Contracts(
        collateral=coin.address,
        feed=price.address,
        transfer=protocol.transfers[file.transfer],
        eth_feed=eth.address,
    )
    return Listing(file.name, file.terms(6, deployer), contracts, file.seed_assets(6))
