"""What every role works with: the chain, its clock, the settings, and where to say things."""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from perpools.bots.alerts import Alerts, Emit
from perpools.bots.backoff import delay_s
from perpools.bots.heads import Head, Heads, Nap, NextBlock, Pause
from perpools.bots.logs import Log
from perpools.bots.metrics import Metrics
from perpools.bots.options import BotSettings
from perpools.bots.places import Place
from perpools.chain.fees import FeePolicy, Fees
from perpools.chain.node import Node
from perpools.spec.units import Wei

T = TypeVar("T")


class Held(Exception):
    """What is due cannot be done now; it is tried again later."""

    def __init__(self, why: str, failures: int = 1) -> None:
        super().__init__(why)
        self.failures = failures
        """In a row, as far as who raises it knows."""


@dataclass(frozen=True)
class Station:
    """One bot's."""

    node: Node
    settings: BotSettings
    heads: Heads
    metrics: Metrics
    alerts: Alerts
    log: Log
    emit: Emit
    threads: Executor
    stopping: asyncio.Event

    async def ask(self, question: Callable[..., T], *arguments: Any) -> T:
        """Ask the chain without holding up anybody: the library is synchronous."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, question, *arguments)

    async def rest(self, pause: Pause) -> None:
        """Sleep as a pause says, but no longer than the bot is to run."""
        waits = [self.heads.wait(pause), self.stopping.wait()]
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def next_block(self, head: Head) -> NextBlock:
        """
        Sleep until there is another block: until then nothing becomes of what was sent, unless it
        has to be sent again.
        """
        return NextBlock(head, self.settings.replace_after_s)

    def backoff(self, failures: int) -> Nap:
        """How long to leave alone what failed so many times in a row."""
        settings = self.settings
        chance = random.random()
        return Nap(delay_s(failures, settings.backoff_base_s, settings.backoff_max_s, chance))

    def fees(self) -> Fees:
        """What a transaction sent now would offer; `FeesTooHigh` above the cap. Synchronous."""
        settings = self.settings
        return self.node.fees(FeePolicy(settings.max_fee_wei, settings.priority_wei))

    @property
    def head(self) -> Head:
        """The chain's end; nothing is tended before it is known."""
        latest = self.heads.latest
        if latest is None:
            raise Held("the chain's head is not known yet")
        return latest


def paid(fees: Fees, head: Head) -> Wei:
    """What each unit of gas really costs, as far as the last block tells."""
    return fees.max_fee if fees.is_legacy else min(fees.max_fee, head.base_fee + fees.priority)


class Role(Protocol):
    """What a bot does about one market."""

    async def tend(self, place: Place) -> Pause:
        """Look once, do what is to be done, and say when to look again."""
