"""
Ten markets, one keeper: blocks come every twelve seconds of the chain's clock, and the keeper, a
process of its own, has until the next one to answer each.

`measure` plays so many periods and tells how far behind its grid point each event was.
"""

import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from perpools.chain.history import History
from perpools.chain.node import Node
from perpools.spec import invariants
from perpools.spec.events import Rebalanced
from perpools.spec.units import Epoch, Timestamp, Wad
from tests.chain.purse import rpc
from tests.faults.process import Bot
from tests.fleet.stage import (
    AFTER_GRID_POINT_S,
    BLOCK_S,
    INTERVAL_S,
    UNIT,
    WAD,
    Stage,
    order,
    post,
)

PATIENCE_S = 20.0
"""Of this machine: a keeper that has not answered a block by then is late."""
ORDERS_A_PERIOD = 3
DAILY_MOVE = 0.03


class Late(NamedTuple):
    """How far behind its grid point an event was."""

    blocks: int
    """1: in the block right after the first one in which it could have been seen to be due."""
    seconds: int


@dataclass
class Drive:
    """A chain that moves as fast as the keeper follows."""

    stage: Stage
    random: random.Random
    price: Wad = 2_000 * WAD
    now: Timestamp = 0
    answers_s: list[float] = field(default_factory=list)
    """How long the keeper took to answer each block in which events were due."""
    orders: int = 0

    def period(self) -> None:
        """One interval: a block after the grid point, in which all events become due, and so on."""
        self._mine(due=len(self.stage.markets))
        for _ in range(INTERVAL_S // BLOCK_S - 2):
            self._order()
            self._mine()
        self._post(self.now + BLOCK_S)
        self._mine()

    def begin(self) -> None:
        """From now on blocks come when they are asked for, beside the grid points."""
        rpc(self.stage.node, "evm_setAutomine", False)
        last = self.stage.node.block().timestamp
        self.now = last // INTERVAL_S * INTERVAL_S + INTERVAL_S - BLOCK_S + AFTER_GRID_POINT_S
        if self.now <= last:
            self.now += INTERVAL_S
        self._post(self.now)
        rpc(self.stage.node, "evm_setNextBlockTimestamp", self.now)
        rpc(self.stage.node, "evm_mine")

    def _mine(self, due: int = 0) -> None:
        self.now += BLOCK_S
        rpc(self.stage.node, "evm_setNextBlockTimestamp", self.now)
        rpc(self.stage.node, "evm_mine")
        started = time.monotonic()
        while due and waiting(self.stage.node) < due:
            if time.monotonic() - started > PATIENCE_S:
                return
            time.sleep(0.005)
        if due:
            self.answers_s.append(time.monotonic() - started)

    def _post(self, at: Timestamp) -> None:
        move = self.random.gauss(0, DAILY_MOVE * math.sqrt(INTERVAL_S / 86_400))
        self.price = int(self.price * math.exp(move))
        self.stage.node.entrust(post(self.stage, self.price, at))

    def _order(self) -> None:
        self.stage.node.entrust(order(self.stage, self.random.randrange(10**6)))
        self.orders += 1


def measure(stage: Stage, periods: int, folder: Path) -> dict[str, Any]:
    """Play, and tell what came of it; amounts of gas and money are sums over all markets."""
    drive = Drive(stage, random.Random(1))
    with keeper(stage, folder):
        drive.begin()
        first = drive.now // INTERVAL_S + 1
        for _ in range(periods):
            drive.period()
    return told(drive, range(first, first + periods))


class Closed(NamedTuple):
    """An event that closed an epoch of the drive, and how late."""

    market: int
    event: Rebalanced
    late: Late


def told(drive: Drive, epochs: range) -> dict[str, Any]:
    """The figures."""
    markets = len(drive.stage.markets)
    closed = list(events(drive.stage, epochs))
    once = len({(one.market, one.event.epoch) for one in closed})
    gas = sum(one.event.gas_used for one in closed)
    rewards = sum(one.event.reward for one in closed)
    return {
        "markets": markets,
        "periods": len(epochs),
        "events due": markets * len(epochs),
        "events": len(closed),
        "missed": markets * len(epochs) - once,
        "twice": len(closed) - once,
        "orders": drive.orders,
        "within one block": sum(one.late.blocks <= 1 for one in closed),
        "latest, blocks": max(one.late.blocks for one in closed),
        "latest, seconds of the chain": max(one.late.seconds for one in closed),
        "gas of an event": round(gas / len(closed)),
        "paid to the keeper, DUSD": round(rewards / UNIT, 2),
        "invariants broken": sum(map(broken, histories(drive.stage))),
        "keeper's answer to a block, seconds, mean": round(fmean(drive.answers_s), 3),
        "keeper's answer to a block, seconds, longest": round(max(drive.answers_s), 3),
    }


def histories(stage: Stage) -> list[History]:
    """Of every market, from the logs."""
    return [History(stage.node, market.address) for market in stage.markets]


def broken(history: History) -> int:
    """How many invariants do not hold at the end."""
    return len(invariants.broken(history.state(history.node.block().number)))


def events(stage: Stage, epochs: range) -> Iterator[Closed]:
    """What happened to every epoch of every market."""
    last = stage.node.block().number
    times = {number: stage.node.block(number).timestamp for number in range(last + 1)}
    for number, history in enumerate(histories(stage)):
        for record in history.records(0, last):
            event = record.event
            if isinstance(event, Rebalanced) and event.epoch in epochs:
                yield Closed(number, event, lateness(event.epoch, record.block_number, times))


def lateness(epoch: Epoch, block: int, times: dict[int, Timestamp]) -> Late:
    """Behind the first block after the grid point, and behind the grid point itself."""
    at = epoch * INTERVAL_S
    first = min(number for number, time_s in times.items() if time_s > at)
    return Late(block - first, times[block] - at)


@contextmanager
def keeper(stage: Stage, folder: Path) -> Iterator[None]:
    """A keeper as its operator starts it, in a process of its own."""
    command = ["keeper", "--rpc", stage.node.web3.provider.endpoints[0].url]  # type: ignore[attr-defined]
    command += ["--account", stage.keeper, "--factory", stage.protocol.factory.address]
    command += ["--poll-s", "0.02", "--idle-poll-s", "0.02", "--log-format", "json"]
    bot = Bot(command, folder, "keeper")
    try:
        yield
        bot.stop()
    finally:
        bot.kill()


def waiting(node: Node) -> int:
    """Transactions that the next block will have."""
    return int(rpc(node, "txpool_status")["pending"], 16)
