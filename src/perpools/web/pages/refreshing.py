"""Parts of a page that are worked out anew: when something is typed, mined, or at each block."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from nicegui import ui

from perpools.errors import PoolsError
from perpools.web.live import Live
from perpools.web.pages.holder import Wallet
from perpools.web.pages.once import LOOK_S, once

T = TypeVar("T")


class Refreshed(Generic[T]):
    """
    Works something out in a thread and shows it; where the next is asked for meanwhile, only the
    last of them is shown. What cannot be worked out now leaves on the page what is there.
    """

    def __init__(self, compute: Callable[[], T], show: Callable[[T], None]) -> None:
        self._compute, self._show = compute, show
        self._asked, self._client = 0, ui.context.client
        self.failed: Callable[[Exception], None] = lambda failed: None

    async def refresh(self) -> None:
        """Do it now."""
        self._asked += 1
        mine = self._asked
        try:
            answer = await asyncio.to_thread(self._compute)
        except (PoolsError, KeyError) as wrong:
            self._fail(mine, wrong)
            return
        if mine == self._asked:
            self._within(lambda: self._show(answer))

    def _fail(self, mine: int, wrong: Exception) -> None:
        if mine == self._asked:
            self._within(lambda: self.failed(wrong))

    def _within(self, change: Callable[[], None]) -> None:
        if not self._client.is_deleted:
            with self._client:
                change()


def keep(live: Live, wallet: Wallet, refresh: Callable[[], Awaitable[None]]) -> None:
    """Have it refreshed at once, whenever a block is new, and whenever another account acts."""
    seen: object = None

    async def look() -> None:
        nonlocal seen
        try:
            stamp = (await once(live).pulse()).stamp
        except PoolsError:
            return
        if stamp != seen:
            seen = stamp
            await refresh()

    timer = ui.timer(LOOK_S, look)

    async def changed() -> None:
        if not timer.is_deleted:
            await refresh()

    wallet.on_change(changed)
