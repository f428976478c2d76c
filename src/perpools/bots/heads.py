"""
The chain's clock. Everything waits for a block's time, never for this machine's: machines run
ahead, and chains stand still.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from perpools.spec.units import Timestamp


class Head(NamedTuple):
    """The end of the chain, as it was seen last."""

    number: int
    hash: str
    timestamp: Timestamp
    base_fee: int
    now: Timestamp
    """Chain time: the block's, or that of the block to come where blocks come on demand alone."""
    pending: bool = False
    """Whether `now` is the time of a block that is not mined yet."""


class Until(NamedTuple):
    """Sleep until the chain's clock has reached a moment."""

    time: Timestamp


class Nap(NamedTuple):
    """Sleep for some seconds of this machine."""

    seconds: float


class NextBlock(NamedTuple):
    """What was sent is on its way: sleep until there is another block, but not for ever."""

    after: Head
    most_s: float = 60.0


class AnyBlock(NamedTuple):
    """There is nothing to do now: sleep until the chain ends in another block than this."""

    after: Head


class Doze(NamedTuple):
    """Leave the node alone for as long as nobody waits for it; who begins to wait is heard."""

    poll_s: float
    idle_s: float


class Done(NamedTuple):
    """There is nothing left to wake up for."""


Pause = Until | Nap | NextBlock | AnyBlock | Doze | Done


def nap_s(left_s: float | None, poll_s: float, idle_s: float) -> float:
    """
    How long to leave the node alone: while the next moment that somebody waits for is `left_s`
    away, or nobody waits for any (None). Never past that moment, never more often than `poll_s`.
    """
    if left_s is None:
        return idle_s
    return max(poll_s, min(left_s, idle_s))


class Heads:
    """Tells whoever waits when the chain has moved."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._moved = asyncio.Event()
        self._wished = asyncio.Event()
        self._wanted: dict[int, Timestamp] = {}
        self._blocks_wanted = 0
        self.latest: Head | None = None
        self.branch = 0
        """How often blocks were seen to be undone."""
        self.seen_at = monotonic()
        """When this machine saw the last block for the first time."""

    @property
    def standing_s(self) -> float:
        """For how long no block came."""
        return self._monotonic() - self.seen_at

    def move(self, head: Head) -> None:
        """Let everybody know the chain's end."""
        if self.latest is None or (head.number, head.hash) != self.latest[:2]:
            self.seen_at = self._monotonic()
        self.latest = head
        self.wake()

    def step_back(self) -> None:
        """Blocks were undone: whatever was waited for may be due again."""
        self.branch += 1
        self.wake()

    def wake(self) -> None:
        """Let everybody look again."""
        self._moved.set()
        self._moved = asyncio.Event()

    def nap_s(self, poll_s: float, idle_s: float) -> float:
        """How long the node may be left alone now."""
        if self.latest is None or self._blocks_wanted:
            return poll_s
        if not self._wanted:
            return idle_s
        left_s = min(self._wanted.values()) - self.latest.now - self.standing_s
        return nap_s(left_s, poll_s, idle_s)

    async def wait(self, pause: Pause) -> None:
        """Sleep as a pause says; the chain's steps back end it too."""
        if isinstance(pause, Nap):
            await asyncio.sleep(pause.seconds)
        elif isinstance(pause, Until):
            await self._until(pause.time)
        elif isinstance(pause, NextBlock):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._block(pause.after), pause.most_s)
        elif isinstance(pause, AnyBlock):
            await self._block(pause.after)
        elif isinstance(pause, Doze):
            await self._doze(pause)

    async def _until(self, time: Timestamp) -> None:
        me, branch = id(asyncio.current_task()), self.branch
        self._wanted[me] = time
        self._wish()
        try:
            while self.branch == branch and (self.latest is None or self.latest.now < time):
                await self._moved.wait()
        finally:
            del self._wanted[me]

    async def _block(self, after: Head) -> None:
        self._blocks_wanted += 1
        self._wish()
        try:
            while self.latest is None or self.latest[:2] == after[:2]:
                await self._moved.wait()
        finally:
            self._blocks_wanted -= 1

    async def _doze(self, pause: Doze) -> None:
        began = self._monotonic()
        while (left_s := began + self.nap_s(*pause) - self._monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wished.wait(), left_s)

    def _wish(self) -> None:
        """Somebody begins to wait: who dozes has to reckon anew."""
        self._wished.set()
        self._wished = asyncio.Event()
