"""What is deployed, and for whom: a chain that begins in the past, a coin, feeds, three markets."""

from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from perpools import artifacts, market_file
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Protocol
from perpools.demo.live import paths
from perpools.demo.live.venue import Venue
from perpools.market_file import MarketFile
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Address, Timestamp, Wad

INTERVAL_S, FRONT_RUNNING_S = 60, 15
"""Hourly markets, sixty times as fast: a newcomer sees an order executed within two minutes."""

MAX_AGE_S = 3_600
"""A feed may be silent for so long: much longer than anybody sleeps here."""

DECIMALS = 6
UNIT = 10**DECIMALS
SEED = 50_000
"""Whole units that the deployer pays to each side of a market."""
PURSE, GUEST_PURSE = 250_000 * UNIT, 10_000 * UNIT
"""What traders and guests begin with."""

TRADERS, GUESTS = 6, 8
NOTHING_LESS = 2**256 - 1
"""An allowance that never shrinks."""

FIRST_ETH = 3_000 * WAD

MARKET_FILE = """
preset = "{preset}"
name = "{name}"
leverage = {leverage}
collateral = "{coin}"
interval = "{interval_s}s"
front_running_interval = "{front_running_s}s"
seed = {seed}
[price]
feed = "{feed}"
[fees]
primary = "{treasury}"
[keeper]
eth_feed = "{eth_feed}"
"""

MARKETS = (("EUR/USD", "v2", 3), ("ETH/USD", "v1", 3), ("EUR/JPY", "v2", 10))
"""Name, preset and leverage: a sigmoid, a power, and one that most should keep away from."""


class Cast(NamedTuple):
    """Who there is; the node signs for all of them."""

    deployer: Address
    keeper: Address
    claimer: Address
    publisher: Address
    """Pays for posting; what is posted is signed by a key of its own."""
    treasury: Address
    traders: tuple[Address, ...]
    guests: tuple[Address, ...]
    """Funded, and nobody's: for whoever looks at this world."""

    @property
    def everybody(self) -> tuple[Address, ...]:
        """All who have collateral."""
        return (self.deployer, *self.traders, *self.guests)


@dataclass
class Ticker:
    """A feed, the path of what it tells, and what it told."""

    posted: PostedFeed
    signer: LocalAccount
    path: paths.Path
    told: list[Wad] = field(default_factory=list)

    def tell(self, at: Timestamp, sender: Address) -> None:
        """Post the next price."""
        price = self.path(at)
        self.posted.post(self.signer, price, at, sender=sender)
        self.told.append(price)


@dataclass
class World:
    """Everything there is."""

    node: Node
    protocol: Protocol
    coin: Contract
    cast: Cast
    tickers: dict[str, Ticker]
    """By the name of what they price."""
    venues: tuple[Venue, ...]


def build(genesis: Timestamp, seed: int) -> World:
    """A new chain, whose first block is as old as is said, and everything on it."""
    node = connect(genesis=genesis, accounts=5 + TRADERS + GUESTS)
    cast = _cast(node)
    protocol = Protocol.deploy(node, cast.deployer)
    coin = _coin(node, cast)
    tickers = {name: _ticker(node, cast, path) for name, path in _paths(Random(seed)).items()}
    venues = tuple(_venue(protocol, coin, cast, tickers, market) for market in MARKETS)
    return World(node, protocol, coin, cast, tickers, venues)


def _cast(node: Node) -> Cast:
    deployer, keeper, claimer, publisher, treasury, *others = node.accounts
    traders, guests = tuple(others[:TRADERS]), tuple(others[TRADERS:])
    return Cast(deployer, keeper, claimer, publisher, treasury, traders, guests)


def _coin(node: Node, cast: Cast) -> Contract:
    artifact, deployer = artifacts.load("DemoCoin"), cast.deployer
    coin = Contract.deploy(node, artifact, "Demo Dollar", "DUSD", DECIMALS, sender=deployer)
    purses = {deployer: 2 * len(MARKETS) * SEED * UNIT}
    purses |= dict.fromkeys(cast.traders, PURSE) | dict.fromkeys(cast.guests, GUEST_PURSE)
    for account, assets in purses.items():
        coin.send("mint", account, assets, sender=deployer)
    return coin


def _paths(rng: Random) -> dict[str, paths.Path]:
    return {
        "EUR/USD": paths.by_turns(paths.played("USD")),
        "ETH/USD": paths.made_up(FIRST_ETH, rng),
        "EUR/JPY": paths.by_turns(paths.played("JPY")),
    }


def _ticker(node: Node, cast: Cast, path: paths.Path) -> Ticker:
    """A feed with its first price: before it no market can be deployed."""
    signer: LocalAccount = Account.from_key(Web3.keccak(text="the publisher of the demo"))
    feed = PostedFeed.deploy(node, signer.address, MAX_AGE_S, sender=cast.deployer)
    ticker = Ticker(feed, signer, path)
    ticker.tell(node.block().timestamp, cast.publisher)
    return ticker


def _venue(
    protocol: Protocol,
    coin: Contract,
    cast: Cast,
    tickers: dict[str, Ticker],
    market: tuple[str, str, int],
) -> Venue:
    file = _file(coin, cast, tickers, market)
    deployed = protocol.factory.deploy(file, cast.deployer, transfers=protocol.transfers)
    address = deployed.market.address
    for trader in cast.traders:
        coin.send("approve", address, NOTHING_LESS, sender=trader)
    return Venue(protocol.node, market[0], deployed.market, protocol.factory.address)


def _file(
    coin: Contract, cast: Cast, tickers: dict[str, Ticker], market: tuple[str, str, int]
) -> MarketFile:
    name, preset, leverage = market
    return market_file.parse(
        MARKET_FILE.format(
            preset=preset,
            name=name,
            leverage=leverage,
            coin=coin.address,
            interval_s=INTERVAL_S,
            front_running_s=FRONT_RUNNING_S,
            seed=SEED,
            feed=tickers[name].posted.address,
            eth_feed=tickers["ETH/USD"].posted.address,
            treasury=cast.treasury,
        )
    )
