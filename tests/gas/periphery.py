"""
What the periphery costs: ten markets in their steady state, each with a price of its own, kept by
one upkeep; and markets whose price is made of several feeds. Terms and times: `scenarios`.
"""

from perpools.chain.market import Market
from perpools.chain.node import Node, Receipt
from perpools.spec.terms import NOBODY
from tests.gas.scenarios import DAY_S, DEPLOYER, FEED_DECIMALS, KEEPER, Scene

FLEET = 10
STEADY = 12
"""Events after which every sample, and every word that an event writes, has been written before."""


class Fleet(Scene):
    """Ten markets on one collateral, their feeds, and a market for each composed feed."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.oracles = [self.oracle]
        feeds = [self._feed() for _ in range(FLEET - 1)]
        self.markets = [self.market, *(self._market(feed) for feed in feeds)]
        base, quote, third = feeds[:3]
        self.ratio = self._market(self._deploy("Ratio", base, quote).address)
        self.median = self._market(self._deploy("Median", [base, quote, third]).address)
        self.upkeep = self._deploy("Upkeep")

    def _feed(self) -> str:
        oracle = self._aggregator(self.price)
        self.oracles.append(oracle)
        return self._deploy("Chainlink", oracle.address, 7 * DAY_S, NOBODY, 0).address

    def _market(self, feed: str) -> Market:
        return self.list_market(self.contracts._replace(feed=feed))

    def publish(self) -> None:
        """Let a grid point pass, a new price a minute before it; then it is five seconds later."""
        self.miss()
        for oracle in self.oracles[1:]:
            oracle.send("push", self.price * FEED_DECIMALS, sender=self.accounts[DEPLOYER])
        self.now += 5
        self.node.advance_to(self.now)

    def composed(self, market: Market) -> int:
        """What the last of many events of one market costs."""
        gas = 0
        for _ in range(STEADY):
            self.publish()
            gas = market.rebalance(sender=self.accounts[KEEPER]).receipt.gas_used
        return gas

    def keep(self, markets: list[Market]) -> Receipt:
        """One call of the upkeep."""
        given = [market.address for market in markets], [0] * len(markets)
        receipt = self.upkeep.send("rebalance_many", *given, sender=self.accounts[KEEPER])
        told = [name for name, _ in self.upkeep.told(receipt)]
        assert told == ["Performed"] * len(markets)
        return receipt


def paid_for(fleet: Fleet, receipt: Receipt) -> int:
    """The gas that the markets reimburse their keeper for."""
    own = {market.address: market.contract for market in fleet.markets}
    found = [
        own[log.address].interface.decode_log(log) for log in receipt.logs if log.address in own
    ]
    return sum(event[1]["gas_used"] for event in found if event and event[0] == "Rebalanced")


def measure_periphery(node: Node) -> dict[str, int]:
    """Every scenario's gas."""
    fleet = Fleet(node)
    gas = {
        "event/price a ratio of two feeds": fleet.composed(fleet.ratio),
        "event/price a median of three feeds": fleet.composed(fleet.median),
    }
    for _ in range(STEADY):
        fleet.publish()
        fleet.keep(fleet.markets)
    fleet.publish()
    alone = fleet.keep(fleet.markets[:1])
    gas["upkeep/1 market"] = alone.gas_used
    gas["upkeep/1 market, paid for"] = paid_for(fleet, alone)
    fleet.publish()
    together = fleet.keep(fleet.markets)
    gas["upkeep/10 markets"] = together.gas_used
    gas["upkeep/10 markets, paid for"] = paid_for(fleet, together)
    return gas
