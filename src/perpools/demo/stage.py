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
from perpools.quantities import UNITS_S, show_duration
from perpools.spec import deployment
from perpools.spec.errors import FeedIsStale
from perpools.spec.fixed_point import WAD
from perpools.spec.state import Call
from perpools.spec.units import Address, Seconds, Timestamp, Wad

PRESETS = ("v1", "v2")
HOLDERS = 20
DECIMALS = 6
UNIT = 10**DECIMALS
POCKET = 100_000 * UNIT
"""What each holder begins with."""
SEED = 10_000
"""Whole units that the deployer pays to each side of a market."""
MAX_AGE_INTERVALS = 4
"""A fixing bridges a weekend, but not Easter: then an event waits for the next fixing (R14)."""
ETH_MAX_AGE_INTERVALS = 10
NOTHING_LESS = 2**256 - 1
"""An allowance that never shrinks."""

MARKET_FILE = """
preset = "{preset}"
name = "{name}"
leverage = 3
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
    presets: tuple[MarketFile, ...]
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

    coin = Contract.deploy(
        node, artifacts.load("DemoCoin"), "Demo Dollar", "DUSD", DECIMALS, sender=deployer
    )
    purses = {account: POCKET for account in holders}
    purses |= {deployer: 2 * len(PRESETS) * SEED * UNIT, keeper: 0, treasury: 0}
    for account, assets in purses.items():
        coin.send("mint", account, assets, sender=deployer)
    files = tuple(_market_file(preset, prices, treasury) for preset in PRESETS)
    builder = _Builder(Protocol.deploy(node, deployer), cast, coin, price, eth, purses)
    mirrors = tuple(builder.deploy(file) for file in files)
    return Stage(node, cast, price, eth, mirrors, files, sum(purses.values()))
