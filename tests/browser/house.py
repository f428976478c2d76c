"""A node, a market with its keeper, and `perpools serve` before it: what a visitor comes to."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perpools.bots import keeping
from perpools.bots.options import KeeperSettings
from perpools.chain import connect, snapshot
from perpools.chain.lens import Progress
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.chain.snapshot import Fixed
from perpools.chain.tokens import Token
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from perpools.spec.units import Address
from tests.anvil import running
from tests.bots.running import running as bot_running
from tests.bots.stage import DEPOSITOR, KEEPER, MINUTE_S, SHORT_DEPOSITOR, UNIT, Stage
from tests.browser.served import Served, served
from tests.chain.proxy import Proxy
from tests.faults.process import until

NEWCOMERS = range(10, 40)
"""Accounts of the node that nobody else is."""
PURSE = 5_000 * UNIT
PAST = (2_000, 2_040, 1_990, 2_075, 2_110, 2_060, 2_095)
"""Prices of as many events before anybody looks."""


@dataclass
class House:
    """What stands."""

    node: Node
    stage: Stage
    market: Market
    proxy: Proxy
    server: Served
    _newcomers: Iterator[int]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def depositor(self) -> Address:
        """Who ordered in the past."""
        return self.stage.accounts[DEPOSITOR]

    def newcomer(self) -> Address:
        """An account with some collateral, which never traded."""
        account = self.stage.accounts[next(self._newcomers)]
        self.stage.coin.send("mint", account, PURSE, sender=self.stage.deployer)
        return account

    @property
    def kept(self) -> bool:
        """Whether nothing is due."""
        return keeping.due(self._progress, self.stage.now, MINUTE_S) is None

    def tokens(self, side: int, owner: Address) -> int:
        """What an account has in its wallet."""
        return Token(self.node, self.fixed.tokens[side]).balance(owner)

    @cached_property
    def fixed(self) -> Fixed:
        return snapshot.read_fixed(self.node, self.market.address)

    @property
    def _progress(self) -> Progress:
        return Progress(*self.market.contract.read("progress"))

    def begin_epoch(self) -> None:
        """From now on whoever orders has nearly a minute until the cut-off."""
        now = self.stage.now
        opens = now - now % MINUTE_S + MINUTE_S // 2 + 1
        self.stage.mine(opens if opens > now else opens + MINUTE_S)
        until(lambda: self.server.status["block"] >= self.node.block().number, "the last block")

    def pass_grid_point(self, price: int = 2_100) -> None:
        """A price is told, and the next grid point passes; the keeper sees to the rest."""
        self.stage.mine(self.stage.now + 5)
        self.stage.say(price)
        self.stage.pass_grid_point()


@contextmanager
def house(home: Path, *flags: str) -> Iterator[House]:
    """Everything, until the context ends."""
    with ExitStack() as after:
        node = connect(after.enter_context(running()))
        proxy = after.enter_context(Proxy(_url(node)))
        stage = Stage(node)
        market = stage.market()
        _make_past(stage, market)
        after.enter_context(
            bot_running(stage, KeeperSettings, stage.accounts[KEEPER], quiet_s="0.2")
        )
        told = ("--rpc", proxy.url, "--factory", stage.factory, *flags)
        server = after.enter_context(served(home, *told))
        yield House(node, stage, market, proxy, server, iter(NEWCOMERS))


def _url(node: Node) -> str:
    url: str = node.web3.provider.endpoints[0].url  # type: ignore[attr-defined]
    return url


def _make_past(stage: Stage, market: Market) -> None:
    """Two depositors, some events."""
    for turn, price in enumerate(PAST):
        stage.mine(stage.now + 5)
        stage.order(market, SHORT_MINT if turn % 2 else LONG_MINT)
        if turn % 2 == 0:
            stage.order(market, SHORT_MINT, SHORT_DEPOSITOR)
        stage.say(price)
        stage.pass_grid_point()
        market.rebalance(turn + 2, sender=stage.accounts[KEEPER])
        if turn == len(PAST) // 2:
            for who in (DEPOSITOR, SHORT_DEPOSITOR):
                market.claim(stage.accounts[who], sender=stage.accounts[who])
