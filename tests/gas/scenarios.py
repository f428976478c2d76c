"""
What is measured: a market like those of the published second version, in its steady state.

An hour's interval, eight hours of front-running interval, the average of eight prices, 2 % a year,
the sigmoid at 3x, keepers paid by a Chainlink feed, collateral of 6 decimals with unlimited
approval. Every transaction has a block and a second of its own.
"""

from vyper.compiler.output import build_abi_output

from perpools import artifacts
from perpools.artifacts import Artifact
from perpools.chain.contract import Contract
from perpools.chain.market import Market, Outcome
from perpools.chain.node import Node
from perpools.chain.protocol import Listing, Protocol
from perpools.chain.terms import Contracts
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from perpools.spec.orders import Order
from perpools.spec.terms import NOBODY, Terms
from perpools.spec.transfer_curves import sigmoid
from tests.evm import deployer

WAD = 10**18
DAY_S, HOUR_S = 86_400, 3_600
UNLIMITED = 2**256 - 1
PURSE = 10**15
AMOUNT = 10**9
SEED = 10**12
FEED_DECIMALS = 10**8
AHEAD = 9
"""Events from an order to its execution: eight hours ahead, and the next grid point."""
CROWD = 100

# Positions in the node's accounts.
DEPLOYER, TREASURY, KEEPER = range(3)
EARLY_LONG, EARLY_SHORT, LONELY, HOURLY = 3, 4, 10, 11
FIRST_OF_CROWD = 20


class Scene:
    """One market on one node, and the clock."""

    def __init__(self, node: Node) -> None:
        self.node, self.accounts = node, node.accounts
        self.now, self.price = node.block().timestamp, 1_000
        deployer = self.accounts[DEPLOYER]
        self.oracle = self._aggregator(self.price)
        eth = self._aggregator(3_000)
        self.coin = self._deploy("DemoCoin", "Demo Dollar", "DUSD", 6)
        self._tick()
        self.protocol = Protocol.deploy(node, deployer)
        self.contracts = Contracts(
            collateral=self.coin.address,
            feed=self._deploy("Chainlink", self.oracle.address, 7 * DAY_S, NOBODY, 0).address,
            transfer=self.protocol.transfers["sigmoid"],
            eth_feed=self._deploy("Chainlink", eth.address, 30 * DAY_S, NOBODY, 0).address,
        )
        self._fund(self.protocol.factory.address)
        self.market = self.list_market(self.contracts)
        self._fund(self.market.address)

    def list_market(self, contracts: Contracts) -> Market:
        """A market from the factory."""
        listing = Listing("ETH/USD", self._terms(), contracts, SEED)
        self._tick()
        return self.protocol.deploy_market(listing, self.accounts[DEPLOYER]).market

    def order(self, who: int, kind: int = LONG_MINT) -> int:
        """Order, and what it cost."""
        self._tick()
        account = self.accounts[who]
        return cost(self.market.place_order(Order(kind, AMOUNT, account, account), sender=account))

    def claim(self, who: int) -> int:
        """Claim, and what it cost."""
        self._tick()
        return cost(self.market.claim(self.accounts[who], sender=self.accounts[who]))

    def miss(self) -> None:
        """Let a grid point pass: a minute before it there is a new price."""
        self.now = (self.now // HOUR_S + 1) * HOUR_S
        self.price += 1
        self.node.advance_to(self.now - 60)
        self.oracle.send("push", self.price * FEED_DECIMALS, sender=self.accounts[DEPLOYER])

    def event(self) -> int:
        """Let a grid point pass, and close its epoch in time; what it cost."""
        self.miss()
        self.now += 5
        self.node.advance_to(self.now)
        return cost(self.market.rebalance(sender=self.accounts[KEEPER]))

    def events(self, count: int) -> int:
        """Several in a row; what the last one cost."""
        return [self.event() for _ in range(count)][-1]

    def _tick(self) -> None:
        self.now = max(self.now, self.node.block().timestamp) + 1
        self.node.advance_to(self.now)

    def _deploy(self, name: str, *arguments: object) -> Contract:
        self._tick()
        sender = self.accounts[DEPLOYER]
        return Contract.deploy(self.node, artifacts.load(name), *arguments, sender=sender)

    def _aggregator(self, price: int) -> Contract:
        self._tick()
        mock, sender = aggregator_mock(), self.accounts[DEPLOYER]
        aggregator = Contract.deploy(self.node, mock, 8, sender=sender)
        self._tick()
        aggregator.send("push", price * FEED_DECIMALS, sender=sender)
        return aggregator

    def _fund(self, spender: str) -> None:
        for account in self.accounts[: FIRST_OF_CROWD + CROWD]:
            self._tick()
            self.coin.send("mint", account, PURSE, sender=account)
            self._tick()
            self.coin.send("approve", spender, UNLIMITED, sender=account)

    def _terms(self) -> Terms:
        return Terms(
            decimals=6,
            transfer=sigmoid,
            leverage_wad=3 * WAD,
            sma_periods=8,
            interval_s=HOUR_S,
            front_running_interval_s=8 * HOUR_S,
            management_fee_wad=2 * WAD // 100,
            primary=self.accounts[TREASURY],
            gas_premium_wei=20 * 10**9,
            tip_step_wad=5 * WAD // 100,
            tip_max_wad=WAD,
            block_time_s=12,
            reward_cap_wad=WAD // 1_000,
            wind_down_after_s=30 * DAY_S,
        )


def aggregator_mock() -> Artifact:
    """Not shipped, hence not among the package's artifacts."""
    compiled = deployer("tests/vyper/mocks/PlainAggregator.vy").compiler_data
    code = f"0x{compiled.bytecode.hex()}"
    return Artifact("PlainAggregator", build_abi_output(compiled), code, "", {}, "")


def cost(outcome: Outcome) -> int:
    """The gas that its sender paid for."""
    return outcome.receipt.gas_used


def measure(node: Node) -> dict[str, int]:
    """Every scenario's gas."""
    scene = Scene(node)
    gas = {"event/no orders": scene.events(12)}
    scene.order(EARLY_LONG, LONG_MINT)
    scene.order(EARLY_SHORT, SHORT_MINT)
    scene.events(AHEAD + 1)

    gas["order/first of an epoch"] = scene.order(LONELY)
    gas["event/1 order"] = scene.events(AHEAD)
    gas["claim/one epoch"] = scene.claim(LONELY)

    crowd = range(FIRST_OF_CROWD, FIRST_OF_CROWD + CROWD)
    orders = [scene.order(who) for who in crowd]
    gas["order/later in the epoch"] = orders[1]
    gas["event/100 orders"] = scene.events(AHEAD)
    claims = [scene.claim(who) for who in crowd]
    together = sum(orders) + gas["event/100 orders"] + sum(claims)
    gas["user/order+claim+share of 100"] = -(-together // CROWD)

    for _ in range(10):
        scene.event()
        gas["order/tenth, hourly, 8h ahead"] = scene.order(HOURLY)
    scene.events(12)
    for _ in range(14):
        scene.miss()
    gas["event/14 periods late"] = scene.event()
    return gas
