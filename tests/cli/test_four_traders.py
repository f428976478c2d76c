"""
Four accounts trade through the command line, a keeper closes the epochs, a claimer earns a tip;
what everybody ends up with is the specification's. The same day on a real node, where keeper and
claimer are processes of their own, and on the embedded chain, where they come when they are called.
"""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perpools.chain import connect, snapshot
from perpools.chain.history import History
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.chain.pooling import pooled
from perpools.chain.tokens import Token
from perpools.spec import invariants
from perpools.spec.events import Claimed
from perpools.spec.units import Address
from tests.anvil import ANVIL, running
from tests.chain.purse import mine
from tests.cli.desk import Desk
from tests.faults.process import Bot

PATIENCE_S = 30
DOLLAR = 10**6
POCKET = 10_000 * DOLLAR
TIP_ETH = "0.05"


class Day(ABC):
    """A market on a chain, and everybody who comes there."""

    def __init__(self, node: Node, home: Path) -> None:
        self.node, self.home = node, home
        self.deployer, self.keeper, self.claimer, *others = node.accounts[:7]
        self.traders = tuple(others)
        (home / "password").write_text("a secret\n")
        self.desk = Desk(node, home)
        set_up = Desk(node, home, ("--account", self.deployer, "--password-file", "password"))
        assert set_up("sandbox", "--yes").code == 0
        self.market = Market(node, self.does(self.deployer, "deploy", "market.toml")["address"])
        [coin] = re.findall(r'collateral = "(0x\w+)"', (home / "market.toml").read_text())
        for trader in self.traders:
            Token(node, coin).transfer(trader, POCKET, sender=self.deployer)

    def does(self, who: Address, *words: str) -> Any:
        """One command of somebody's, as programs see it."""
        return self.desk.told(*words, "--account", who, "--yes")

    def closes(self, epoch: int, price: str) -> None:
        """The grid point of an epoch passes at a price, and somebody closes the epoch."""
        at = epoch * self.market.contract.read("terms")[6]
        self.node.advance_to(at - 1)
        self.does(self.deployer, "publish", price)
        self.node.advance_to(at + 1)
        self.keep(epoch)

    @property
    def last_epoch(self) -> int:
        """The one closed last."""
        return int(self.market.contract.read("progress")[0])

    @abstractmethod
    def keep(self, epoch: int) -> None:
        """See that an epoch is closed."""

    @abstractmethod
    def earn_tips(self, owner: Address) -> None:
        """See that somebody claims for an owner."""


class EmbeddedDay(Day):
    """Keeper and claimer come when they are called."""

    def keep(self, epoch: int) -> None:
        while self.last_epoch < epoch:
            self.does(self.keeper, "rebalance")

    def earn_tips(self, owner: Address) -> None:
        self.does(self.claimer, "claim", "--for", owner)


class RealDay(Day):
    """Keeper and claimer are processes of their own."""

    def __init__(self, url: str, home: Path) -> None:
        super().__init__(connect(url), home)
        usual = ("--market", self.market.address, "--poll-s", "0.05", "--idle-poll-s", "0.05")
        self.bots = [
            Bot([role, *usual, "--rpc", url, "--account", account], home, role)
            for role, account in (("keeper", self.keeper), ("claimer", self.claimer))
        ]

    def keep(self, epoch: int) -> None:
        mine(self.node)
        self._until(lambda: self.last_epoch >= epoch)

    def earn_tips(self, owner: Address) -> None:
        self._until(lambda: not any(self.market.contract.read("claimable", owner)[0]))

    def _until(self, holds: Any) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, [bot.log for bot in self.bots]
            time.sleep(0.05)


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    home = tmp_path_factory.mktemp("day")
    if request.param == "embedded":
        found: Day = EmbeddedDay(connect(accounts=7), home)
        trade(found)
        yield found
        return
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running() as url:
        real = RealDay(url, home)
        try:
            trade(real)
            yield real
        finally:
            for bot in real.bots:
                bot.kill()


def trade(day: Day) -> None:
    """Two events: everybody enters at the first, and most leave or switch at the second."""
    long, short, pair, wavering = day.traders
    day.does(long, "order", "mint", "long", "1000")
    day.does(short, "order", "mint", "short", "800", "--tip", TIP_ETH)
    day.does(pair, "pair", "mint", "500")
    day.does(wavering, "order", "mint", "long", "300")
    day.does(wavering, "cancel")
    last = day.does(wavering, "order", "mint", "short", "200")
    day.closes(int(last["epoch"]), "2100")
    day.earn_tips(short)
    day.does(long, "claim")
    day.does(wavering, "claim")
    day.does(long, "order", "burn", "long", "all")
    day.does(pair, "pair", "redeem", "100")
    last = day.does(short, "order", "flip", "short", "all")
    day.closes(int(last["epoch"]), "1950")
    day.does(long, "claim")
    day.does(short, "claim")


def test_the_state_by_the_logs_is_the_chains(day: Day) -> None:
    last = day.node.block().number
    state = History(day.node, day.market.address).state(last)
    known = (*day.traders, day.deployer, day.keeper, day.claimer)
    seen = snapshot.read(day.node, day.market.address, known, last)
    assert pooled(state, known) == seen.market
    assert invariants.broken(state) == []


def test_everybody_has_what_the_specification_says(day: Day) -> None:
    history = History(day.node, day.market.address)
    for trader in day.traders:
        told = day.desk.told("portfolio", "--account", trader)["markets"][0]
        position = history.position(trader, day.node.block().number)
        assert int(told["worth"]["units"]) == position.worth
        assert int(told["profit"]["units"]) == position.profit


def test_who_bet_right_gained_and_who_held_both_sides_did_neither(day: Day) -> None:
    """They entered at 2100 and left at 1950; a pair pays its part of the keeper's rewards."""
    history, last = History(day.node, day.market.address), day.node.block().number
    long, short, pair, _ = (history.position(trader, last).profit for trader in day.traders)
    assert long < 0 < short
    assert -5 * DOLLAR < pair <= 3


def test_the_tip_was_the_claimers(day: Day) -> None:
    records = History(day.node, day.market.address).records(0, day.node.block().number)
    claims = [record.event for record in records if isinstance(record.event, Claimed)]
    [tipped] = [claim for claim in claims if claim.tip]
    assert (tipped.owner, tipped.caller) == (day.traders[1], day.claimer)
    assert tipped.tip == 5 * 10**16
