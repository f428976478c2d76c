"""A market with a past, on any node: everything that can be done to it was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract, Interface
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Listing, Protocol
from perpools.chain.terms import Contracts
from perpools.spec import schedule
from perpools.spec.events import Event, OrderPlaced, Withdrawn
from perpools.spec.kinds import (
    ASSETS,
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    LONG_TOKENS,
    SHORT,
    SHORT_BURN,
    SHORT_MINT,
)
from perpools.spec.orders import Order
from perpools.spec.state import MARKET
from perpools.spec.terms import Terms
from perpools.spec.transfer_curves import sigmoid
from tests.anvil import ANVIL, anvil
from tests.chain.workshop import GENESIS, UNIT, WAD, key, mock
from tests.terms_cases import TERMS

HOUR_S, DAY_S = 3_600, 86_400
TOKEN, PERCENT = 10**18, 10**16
PURSE, SEED = 10**6 * UNIT, 1_000 * UNIT
TIP = 10**15
UNLIMITED = 2**256 - 1


@contextmanager
def node_of(kind: str) -> Iterator[Node]:
    """A new chain: `embedded`, or a real node where there is one."""
    if kind == "embedded":
        yield connect(genesis=GENESIS, accounts=8)
        return
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with anvil() as found:
        yield found


class Past:
    """One market; who plays is named by role."""

    def __init__(self, node: Node) -> None:
        self.node = node
        roles = ("deployer", "keeper", "depositor", "hedger", "trader", "partner", "treasury")
        self.role = dict(zip(roles, node.accounts, strict=False))
        self.now, self.price = node.block().timestamp, 2_000 * WAD
        deployer = self.role["deployer"]
        self.coin = self.issue()
        self.feed = PostedFeed.deploy(node, key("publisher").address, 4 * HOUR_S, sender=deployer)
        self.eth = PostedFeed.deploy(node, key("publisher").address, DAY_S, sender=deployer)
        self.post()
        self.protocol = Protocol.deploy(node, deployer)
        self.market = self.deploy()
        tokens = self.market.contract.read("tokens")
        interface = Interface(artifacts.load("SideToken").abi)
        self.tokens = [Contract(node, token, interface) for token in tokens]

    def issue(self) -> Contract:
        """The collateral."""
        words = ("Demo Dollar", "DUSD", 6)
        coin = artifacts.load("DemoCoin")
        return Contract.deploy(self.node, coin, *words, sender=self.role["deployer"])

    def deploy(self) -> Market:
        """Three-hour averages, an hour's notice, every fee; everybody has coins."""
        for account in self.role.values():
            self.coin.send("mint", account, PURSE, sender=account)
        contracts = Contracts(
            self.coin.address,
            self.feed.address,
            self.protocol.transfers["sigmoid"],
            eth_feed=self.eth.address,
        )
        factory, deployer = self.protocol.factory, self.role["deployer"]
        self.coin.send("approve", factory.address, UNLIMITED, sender=deployer)
        market = factory.open(Listing("ETH/USD", self.terms(), contracts, SEED), deployer).market
        for account in self.role.values():
            self.coin.send("approve", market.address, UNLIMITED, sender=account)
        return market

    def terms(self) -> Terms:
        return replace(
            TERMS,
            transfer=sigmoid,
            sma_periods=3,
            front_running_interval_s=HOUR_S,
            mint_fee_step_wad=PERCENT // 4,
            burn_fee_wad=PERCENT // 2,
            management_fee_wad=10 * PERCENT,
            primary=self.role["treasury"],
            secondary=self.role["partner"],
            secondary_share_wad=30 * PERCENT,
            wind_down_after_s=DAY_S,
        )

    @property
    def donated(self) -> int:
        """Collateral that came to the market's account without being paid in."""
        return UNIT

    def gift(self, event: Event) -> int:
        """The part of it that an event brought."""
        to_market = isinstance(event, Withdrawn) and event.receiver == MARKET
        return event.amount if to_market and event.item == ASSETS else 0

    # what happens

    def post(self) -> None:
        """What the feeds say now."""
        now, keeper = self.node.block().timestamp + 1, self.role["keeper"]
        self.node.advance_to(now)
        self.feed.post(key("publisher"), self.price, now, sender=keeper)
        self.eth.post(key("publisher"), 3_000 * WAD, now, sender=keeper)

    def event(self, price: int, missed: int = 0) -> None:
        """Let grid points pass, the last at a new price, and close what can be closed."""
        interval_s = HOUR_S
        point = (self.node.block().timestamp // interval_s + 1 + missed) * interval_s
        self.price = price
        self.node.advance_to(point - 60)
        self.post()
        self.node.advance_to(point + 5)
        passed = schedule.latest_passed(point + 5, interval_s)
        while self.market.contract.read("progress")[0] < passed:
            self.market.rebalance(self.hint(), sender=self.role["keeper"], gas_price=20 * 10**9)

    def hint(self) -> int:
        """The last value posted at or before the grid point that is closed next."""
        _, earliest, waiting, _ = self.market.contract.read("progress")
        now = self.node.block().timestamp
        passed = schedule.latest_passed(now, HOUR_S)
        epoch, _ = schedule.next_to_close(passed, earliest, waiting)
        index = self.feed.contract.read("count")
        while index and sum(self.seen_at(index)) > epoch * HOUR_S:
            index -= 1
        return int(index)

    def seen_at(self, index: int) -> tuple[int, int]:
        seen = self.feed.observation(index)
        return seen.observed_at, seen.delay

    def order(self, who: str, kind: int, amount: int, tip: int = 0, **options: object) -> int:
        """The epoch joined."""
        account = self.role[who]
        order = Order(kind, amount, account, account)._replace(**options)
        [placed] = self.market.place_order(order, sender=account, tip=tip).events
        assert isinstance(placed, OrderPlaced)
        return placed.epoch

    def send(self, side: int, who: str, receiver: str, amount: int) -> None:
        self.tokens[side].send("transfer", receiver, amount, sender=self.role[who])

    def claim(self, who: str, sender: str | None = None) -> None:
        self.market.claim(self.role[who], sender=self.role[sender or who])

    def live(self) -> None:
        """Everything but the end."""
        self.enter()
        self.trade()
        self.hand_over()
        self.order("trader", LONG_MINT, 70 * UNIT, TIP)
        self.order("depositor", LONG_BURN, 3 * TOKEN)
        self.event(self.price * 101 // 100)
        self.order("hedger", SHORT_MINT, 5 * UNIT, TIP)

    def enter(self) -> None:
        """Orders of both sides, one cancelled; a pair; a claim that was tipped for."""
        self.order("depositor", LONG_MINT, 500 * UNIT)
        self.order("hedger", SHORT_MINT, 700 * UNIT, TIP)
        epoch = self.order("trader", SHORT_MINT, 10 * UNIT, TIP)
        trader = self.role["trader"]
        self.market.cancel_order(epoch, SHORT_MINT, trader, sender=trader)
        self.market.mint_pair(90 * UNIT, sender=trader)
        self.event(2_010 * WAD)
        self.event(2_050 * WAD)
        self.claim("hedger", "partner")
        self.claim("depositor")

    def trade(self) -> None:
        """Burns and flips from wallets and escrow, gifts of tokens, grid points missed."""
        depositor, hedger, trader = (self.role[who] for who in ("depositor", "hedger", "trader"))
        self.order("depositor", LONG_FLIP, 100 * TOKEN)
        self.order("trader", LONG_MINT, 4 * UNIT, from_escrow=3 * UNIT)
        self.send(SHORT, "hedger", trader, 7 * TOKEN)
        self.send(SHORT, "hedger", self.market.address, 5 * TOKEN)
        self.order("hedger", SHORT_BURN, 5 * TOKEN)
        self.send(LONG, "depositor", self.tokens[LONG].address, TOKEN)
        self.event(1_900 * WAD, missed=2)
        self.market.withdraw(ASSETS, UNIT, (hedger, trader), sender=hedger)
        self.market.withdraw(ASSETS, UNIT, (trader, self.market.address), sender=trader)
        for receiver in (self.market.address, self.tokens[SHORT].address, depositor):
            parties = (depositor, receiver)
            self.market.withdraw(LONG_TOKENS + SHORT, 2 * TOKEN, parties, sender=depositor)
        self.order("depositor", SHORT_BURN, 2 * TOKEN, from_escrow=TOKEN)
        self.market.redeem_pair(TOKEN, sender=trader)

    def hand_over(self) -> None:
        """An operator orders for another, fees are paid, a recipient proposes its heir."""
        partner, hedger, treasury = (self.role[who] for who in ("partner", "hedger", "treasury"))
        self.market.set_operator(partner, approved=True, sender=hedger)
        self.market.set_operator(treasury, approved=True, sender=hedger)
        self.market.set_operator(treasury, approved=False, sender=hedger)
        order = Order(SHORT_MINT, 8 * UNIT, hedger, partner)
        self.market.place_order(order, sender=partner, tip=TIP)
        self.market.pay_fees(0, sender=partner)
        self.market.propose_recipient(0, hedger, sender=treasury)
        self.market.propose_recipient(1, hedger, sender=partner)
        self.market.accept_recipient(1, sender=hedger)

    def end(self) -> None:
        """The feed falls silent with orders waiting; somebody redeems."""
        self.node.advance_to(self.node.block().timestamp + 3 * DAY_S)
        self.market.wind_down(sender=self.role["trader"])
        self.market.redeem(SHORT, TOKEN, sender=self.role["trader"])
        self.claim("trader")


class Unruly(Past):
    """The same with a coin that can shut accounts out, and lie."""

    def issue(self) -> Contract:
        """Its mock."""
        return Contract.deploy(self.node, mock("Coin"), 6, sender=self.role["deployer"])
