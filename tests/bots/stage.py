"""A node with everything on it that bots need: protocol, coin, posted feeds, hasty markets."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from perpools import artifacts
from perpools.bots import places
from perpools.chain.contract import Contract
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Listing, Protocol
from perpools.chain.terms import Contracts
from perpools.spec.kinds import LONG_MINT
from perpools.spec.orders import Order
from perpools.spec.terms import NOBODY, Terms
from perpools.spec.transfer_curves import sigmoid

E = TypeVar("E")

WAD = 10**18
MINUTE_S = 60
DECIMALS = 6
UNIT = 10**DECIMALS
SEED = 100_000 * UNIT
PURSE = 10_000_000 * UNIT
UNLIMITED = 2**256 - 1
DAY_S = 86_400

# Positions in the node's accounts.
DEPLOYER, KEEPER, RIVAL, CLAIMER, BALANCER, DEPOSITOR, SHORT_DEPOSITOR, TREASURY = range(8)

TERMS = Terms(
    decimals=DECIMALS,
    transfer=sigmoid,
    leverage_wad=3 * WAD,
    sma_periods=1,
    interval_s=MINUTE_S,
    front_running_interval_s=MINUTE_S // 2,
    primary=NOBODY,
    gas_premium_wei=20 * 10**9,
    tip_step_wad=WAD // 20,
    tip_max_wad=WAD,
    block_time_s=12,
    reward_cap_wad=WAD // 1_000,
    wind_down_after_s=DAY_S,
)


@dataclass
class Feed:
    """A posted feed and who signs its values."""

    publisher: LocalAccount
    posted: PostedFeed

    def post(self, price: int, at: int, sender: str) -> None:
        self.posted.post(self.publisher, price, at, sender=sender)


class Stage:
    """The chain's clock is wound by hand; every transaction has a second of its own."""

    def __init__(self, node: Node) -> None:
        self.node, self.accounts = node, node.accounts
        self.deployer = self.accounts[DEPLOYER]
        self.price, self.eth = self.feed(), self.feed()
        self.protocol = Protocol.deploy(node, self.deployer, with_upkeep=False)
        coin = artifacts.load("DemoCoin")
        sender = self.deployer
        self.coin = Contract.deploy(node, coin, "Demo Dollar", "DUSD", DECIMALS, sender=sender)
        for account in self.accounts[:TREASURY]:
            self.coin.send("mint", account, PURSE, sender=sender)
        self.coin.send("approve", self.protocol.factory.address, UNLIMITED, sender=sender)
        self.say(2_000)

    @property
    def now(self) -> int:
        return self.node.block().timestamp

    @property
    def factory(self) -> str:
        address: str = self.protocol.factory.address
        return address

    def feed(self, max_age_s: int = 7 * DAY_S) -> Feed:
        publisher: LocalAccount = Account.from_key(Web3.keccak(text="the publisher of the bots"))
        address = publisher.address
        return Feed(
            publisher, PostedFeed.deploy(self.node, address, max_age_s, sender=self.deployer)
        )

    def say(self, price: int) -> None:
        """Post a price of the asset and of ether, observed now."""
        at = self.now
        self.price.post(price * WAD, at, self.deployer)
        self.eth.post(3_000 * WAD, at, self.deployer)

    def market(self, feed: Feed | None = None, **terms: Any) -> Market:
        """A new market; it pays keepers in its collateral by the feed of ether."""
        wanted = replace(TERMS, primary=self.accounts[TREASURY], **terms)
        contracts = Contracts(
            collateral=self.coin.address,
            feed=(feed or self.price).posted.address,
            transfer=self.protocol.transfers["sigmoid"],
            eth_feed=self.eth.posted.address,
        )
        listing = Listing("ETH/USD", wanted, contracts, SEED)
        market = self.protocol.deploy_market(listing, self.deployer).market
        for account in (DEPOSITOR, SHORT_DEPOSITOR):
            self.coin.send("approve", market.address, UNLIMITED, sender=self.accounts[account])
        return market

    def order(
        self, market: Market, kind: int = LONG_MINT, who: int = DEPOSITOR, tip: int = 0
    ) -> int:
        """Order 1,000 units; the epoch it joins."""
        owner = self.accounts[who]
        outcome = market.place_order(Order(kind, 1_000 * UNIT, owner, owner), sender=owner, tip=tip)
        epoch: int = outcome.events[-1].epoch  # type: ignore[union-attr]
        return epoch

    def events(self, market: Market, kind: type[E]) -> list[E]:
        """All events of a kind that a market told."""
        last = self.node.block().number
        told = places.told(self.node, market.address, 0, last)
        return [one.event for one in told if isinstance(one.event, kind)]

    def mine(self, timestamp: int | None = None) -> None:
        """A block, at a time."""
        if timestamp is not None:
            self.node.advance_to(timestamp)
        self.ask("evm_mine")

    def set_balance(self, account: str, wei: int) -> None:
        """Of native coin."""
        self.ask("anvil_setBalance", account, hex(wei))

    def ask(self, method: str, *parameters: Any) -> Any:
        """What only a development node answers."""
        return self.node.web3.provider.make_request(method, list(parameters))["result"]  # type: ignore[arg-type]

    def pass_grid_point(self, count: int = 1, interval_s: int = MINUTE_S) -> int:
        """Let grid points pass; the epoch of the last one."""
        epoch = self.now // interval_s + count
        self.mine(epoch * interval_s + 1)
        return epoch


def last_epoch(market: Market) -> int:
    """The epoch that a market closed last."""
    epoch: int = market.contract.read("progress")[0]
    return epoch
