"""Everything deployed: a chain, a coin, two feeds, a market of each preset, and who plays."""

from dataclasses import dataclass
from typing import NamedTuple

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from perpools import artifacts, market_file
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Listing, Protocol
from perpools.chain.terms import Contracts
from perpools.demo.mirror import Feed, Mirror
from perpools.demo.prices import Prices
from perpools.market_file import MarketFile
from perpools.spec import deployment, state
from perpools.spec.errors import FeedIsStale
from perpools.spec.state import Call
from perpools.spec.units import Address, Assets, Seconds, Timestamp, Wad

PRESETS = ("v1", "v2")
HOLDERS = 20
DECIMALS = 6
UNIT = 10**DECIMALS
POCKET = 1_000_000 * UNIT
"""What each holder begins with."""
LEVERAGE = 3
SEED = 100_000
"""Whole units that the deployer pays to each side of a market."""
MAX_AGE_INTERVALS = 4
"""A fixing bridges a weekend, but not Easter: then an event waits for the next fixing (R14)."""
ETH_MAX_AGE_INTERVALS = 10
NOTHING_LESS = 2**256 - 1
"""An allowance that never shrinks."""

MARKET_FILE = """
preset = "{preset}"
name = "{name}"
leverage = {leverage}
interval = "{interval_s}s"
front_running_interval = "{front_running_interval_s}s"
wind_down_after = "365d"
seed = {seed}
[price]
feed = "posted"
[fees]
primary = "{treasury}"
[keeper]
eth_feed = "posted"
"""
"""Hourly markets slowed down to the distance of the prices; the rest is the preset's."""


class Cast(NamedTuple):
    """Who plays."""

    deployer: Address
    keeper: Address
    treasury: Address
    """Gets the management fees."""
    holders: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    """A feed on the chain and in the specification."""

    node: Node
    publisher: LocalAccount
    on_chain: PostedFeed
    in_spec: Feed

    def post(self, price: Wad, observed_at: Timestamp, sender: Address) -> None:
        """Have the publisher sign a price, and post it."""
        self.on_chain.post(self.publisher, price, observed_at, sender=sender)
        delay = self.node.block().timestamp - observed_at
        self.in_spec.history = self.in_spec.history.observe(price, observed_at, delay)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story is played."""

    node: Node
    cast: Cast
    price: Posting
    eth: Posting
    mirrors: tuple[Mirror, ...]
    supply: int
    """Collateral there is."""


def build(prices: Prices, eth_price: Wad) -> Stage:
    """A new chain that begins with the first price, and everything on it."""
    first, interval_s = prices.fixings[0], prices.interval_s
    node = connect(genesis=first.at, accounts=HOLDERS + 3)
    deployer, keeper, treasury, *holders = node.accounts
    cast = Cast(deployer, keeper, treasury, tuple(holders))
    price = _posting(node, deployer, MAX_AGE_INTERVALS * interval_s)
    eth = _posting(node, deployer, ETH_MAX_AGE_INTERVALS * interval_s)
    price.post(first.price, first.at, keeper)
    eth.post(eth_price, first.at, keeper)

    purses = dict.fromkeys(holders, POCKET)
    purses |= {deployer: 2 * len(PRESETS) * SEED * UNIT, keeper: 0, treasury: 0}
    supply = sum(purses.values())
    coin = _coin(node, deployer, purses)
    protocol = Protocol.deploy(node, deployer, with_upkeep=False)
    coin.send("approve", protocol.factory.address, NOTHING_LESS, sender=deployer)

    files = tuple(_market_file(preset, prices, treasury) for preset in PRESETS)
    mirrors = tuple(_mirror(protocol, file, coin, deployer, (price, eth), purses) for file in files)
    return Stage(node, cast, price, eth, mirrors, supply)


def _posting(node: Node, deployer: Address, max_age: Seconds) -> Posting:
    publisher: LocalAccount = Account.from_key(Web3.keccak(text="the publisher of the demo"))
    feed = PostedFeed.deploy(node, publisher.address, max_age, sender=deployer)
    return Posting(node, publisher, feed, Feed(max_age))


def _coin(node: Node, deployer: Address, purses: dict[Address, Assets]) -> Contract:
    artifact = artifacts.load("DemoCoin")
    coin = Contract.deploy(node, artifact, "Demo Dollar", "DUSD", DECIMALS, sender=deployer)
    for account, assets in purses.items():
        coin.send("mint", account, assets, sender=deployer)
    return coin


def _market_file(preset: str, prices: Prices, treasury: Address) -> MarketFile:
    """The preset's market, its hours stretched to the distance of the prices."""
    usual = market_file.parse(f'preset = "{preset}"\nname = "{prices.name}"\nleverage = {LEVERAGE}')
    front_running_s = usual.front_running_interval * prices.interval_s // usual.interval
    return market_file.parse(
        MARKET_FILE.format(
            preset=preset,
            name=prices.name,
            leverage=LEVERAGE,
            interval_s=prices.interval_s,
            front_running_interval_s=front_running_s,
            seed=SEED,
            treasury=treasury,
        )
    )


def _mirror(
    protocol: Protocol,
    file: MarketFile,
    coin: Contract,
    deployer: Address,
    feeds: tuple[Posting, Posting],
    purses: dict[Address, Assets],
) -> Mirror:
    """Deploy a market, on the chain and in the specification."""
    price, eth = feeds
    listing = _listing(protocol, file, coin, feeds)
    market = protocol.deploy_market(listing, deployer).market
    spec = _in_spec(protocol.node, deployer, price, listing)
    purses[deployer] -= 2 * listing.seed_assets
    for account in purses:
        coin.send("approve", market.address, NOTHING_LESS, sender=account)
    return Mirror(
        name=f"{file.name} {file.preset}",
        preset=str(file.preset),
        node=protocol.node,
        lens=protocol.lens,
        market=market,
        spec=spec,
        price=price.in_spec,
        eth=eth.in_spec,
        wallets=purses,
    )


def _listing(
    protocol: Protocol, file: MarketFile, coin: Contract, feeds: tuple[Posting, Posting]
) -> Listing:
    price, eth = feeds
    contracts = Contracts(
        collateral=coin.address,
        feed=price.on_chain.address,
        transfer=protocol.transfers[file.transfer],
        eth_feed=eth.on_chain.address,
    )
    return Listing(file.name, file.terms(DECIMALS), contracts, file.seed_assets(DECIMALS))


def _in_spec(node: Node, deployer: Address, price: Posting, listing: Listing) -> state.Market:
    """The market that was deployed just now, in the specification."""
    now = node.block().timestamp
    first_price = price.in_spec.history.latest(now)
    if first_price is None:
        raise FeedIsStale
    return deployment.deploy(Call(deployer, now), listing.terms, first_price, listing.seed_assets)
