"""
Markets on which much happens at once: in every minute of the chain's clock a crowd orders, cancels,
claims, withdraws and sends each other tokens, and somebody closes the epoch. What happens is drawn
from a seed; what the contracts refuse is mined and tells nothing.
"""

import random
from collections.abc import Iterator
from typing import Any

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.spec.kinds import ITEMS, KINDS, LONG_BURN, SIDES
from tests.bots.stage import KEEPER, MINUTE_S, PURSE, TREASURY, UNIT, UNLIMITED, Stage

COSTS: dict[str, Any] = {
    "mint_fee_wad": 10**16,
    "mint_fee_max_wad": 2 * 10**16,
    "burn_fee_wad": 10**16,
    "management_fee_wad": 10**17,
}
GAS = 600_000
GAS_PRICE = 2 * 10**9
FLAGS = ("--disable-block-gas-limit", "--no-request-size-limit")
"""Of anvil: a block may be as full as it likes."""

Call = tuple[str, Contract, str, tuple[Any, ...], int]
"""Sender, contract, function, arguments, and native coin sent along."""


class Busy:
    """Some markets and a crowd; blocks come when `minute` makes them."""

    def __init__(self, node: Node, *, markets: int = 2, crowd: int = 12, seed: int = 1) -> None:
        self.stage, self.node = Stage(node), node
        self.random, self.price = random.Random(seed), 2_000
        self.markets = [self.stage.market(**COSTS, sma_periods=1 + n) for n in range(markets)]
        self.crowd = self.stage.accounts[TREASURY + 1 : TREASURY + 1 + crowd]
        side = Interface(artifacts.load("SideToken").abi)
        tokens = [market.contract.read("tokens") for market in self.markets]
        self.tokens = [[Contract(node, token, side) for token in pair] for pair in tokens]
        self.stage.ask("evm_setAutomine", False)
        self.send(self._purses())
        self.mine()

    @property
    def factory(self) -> str:
        return self.stage.factory

    @property
    def head(self) -> int:
        return self.node.block().number

    def minute(self, calls: int = 60, blocks: int = 2) -> None:
        """Much happens in so many blocks; then the grid point passes and everything is closed."""
        for _ in range(blocks):
            self.send(list(self._calls(calls // blocks)))
            self.mine()
        self.pass_grid_point()

    def pass_grid_point(self) -> None:
        """The price moves, a grid point passes, and a keeper closes every market's epoch."""
        self.price = max(500, min(8_000, self.price + self.random.randint(-60, 60)))
        feed, at = self.stage.price, self.stage.now
        signed = tuple(feed.posted.sign(feed.publisher, self.price * 10**18, at))
        keeper = self.random.choice([self.stage.accounts[KEEPER], self.crowd[0]])
        self.send([(keeper, feed.posted.contract, "post", signed, 0)])
        self.mine()
        self.mine((at // MINUTE_S + 1) * MINUTE_S + self.random.randint(1, 20))
        self.send([(keeper, m.contract, "rebalance", (), 0) for m in self.markets])
        self.mine()

    def idle(self, blocks: int) -> None:
        """Blocks in which nothing happens."""
        self.stage.ask("anvil_mine", hex(blocks), hex(1))

    def undo(self, blocks: int) -> None:
        """Take the last blocks back, as if they had never been."""
        self.stage.ask("anvil_rollback", blocks)
        self.stage.ask("anvil_dropAllTransactions")

    def reorganise(self, blocks: int, calls: int = 20) -> None:
        """In the place of the last blocks come more of other contents, most of them empty."""
        height = self.head
        self.undo(blocks)
        self.send(list(self._calls(calls)))
        self.mine()
        if self.random.random() < 0.5:
            self.pass_grid_point()
        if self.head <= height:
            self.idle(height - self.head)
            self.send(list(self._calls(calls)))
            self.mine()

    def mine(self, at: int | None = None) -> None:
        """A block, a second after the last one if nothing else is said."""
        self.stage.mine(at or self.stage.now + 1)

    def send(self, calls: list[Call]) -> None:
        """Hand all of it to the node, which signs, in one request."""
        provider: Any = self.node.web3.provider
        asked = [("eth_sendTransaction", [_params(*call)]) for call in calls]
        for told in provider.make_batch_request(asked):
            assert "result" in told, told

    def _purses(self) -> list[Call]:
        """Everybody has coins, and every market may take them."""
        coin, deployer = self.stage.coin, self.stage.deployer
        minted = [(deployer, coin, "mint", (who, PURSE), 0) for who in self.crowd]
        allowed = [
            (who, coin, "approve", (market.address, UNLIMITED), 0)
            for who in self.crowd
            for market in self.markets
        ]
        return [*minted, *allowed]

    def _calls(self, count: int) -> Iterator[Call]:
        for _ in range(count):
            number = self.random.randrange(len(self.markets))
            yield self._call(number, self.random.choice(self.crowd))

    def _call(self, number: int, who: str) -> Call:
        """Something that one of the crowd does with a market."""
        market, draw = self.markets[number], self.random.random()
        other, item = self.random.choice(self.crowd), self.random.choice(ITEMS)
        amount, epoch = self.random.randint(1, 900), self.stage_epoch()
        if draw < 0.4:
            return self._order(market, who, other)
        if draw < 0.7:
            token = self.tokens[number][self.random.choice(SIDES)]
            return who, token, "transfer", (other, amount * 10**16), 0
        if draw < 0.8:
            return who, market.contract, "claim", (other if draw < 0.72 else who,), 0
        if draw < 0.85:
            kind = self.random.choice(KINDS)
            return who, market.contract, "cancel_order", (epoch, kind), 0
        if draw < 0.93:
            units = amount * (UNIT if item == 0 else 10**16)
            return who, market.contract, "withdraw", (item, units, who, other), 0
        return self._seldom(market, who, other, amount)

    def _order(self, market: Market, who: str, other: str) -> Call:
        kind = self.random.choice([*KINDS, 0, 1])
        amount = self.random.randint(1, 900) * (UNIT if kind < LONG_BURN else 10**17)
        tip = self.random.choice([0, 0, 0, 10**12])
        controller = other if self.random.random() < 0.1 else who
        return who, market.contract, "place_order", (kind, amount, 0, who, controller), tip

    def _seldom(self, market: Market, who: str, other: str, amount: int) -> Call:
        treasury = self.stage.accounts[TREASURY]
        return self.random.choice(
            [
                (who, market.contract, "mint_pair", (amount * UNIT,), 0),
                (who, market.contract, "redeem_pair", (amount * 10**16,), 0),
                (who, market.contract, "setOperator", (other, amount % 2 == 0), 0),
                (treasury, market.contract, "pay_fees", (0,), 0),
            ]
        )

    def stage_epoch(self) -> int:
        """The grid point that comes next, or the one after it."""
        return self.stage.now // MINUTE_S + self.random.randint(1, 2)


def _params(sender: str, contract: Contract, name: str, values: tuple[Any, ...], wei: int) -> Any:
    data = contract.interface.function(name, values).encode(values)
    priced = {"gas": hex(GAS), "gasPrice": hex(GAS_PRICE), "value": hex(wei)}
    return {"from": sender, "to": contract.address, "data": "0x" + data.hex(), **priced}
