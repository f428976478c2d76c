"""The history on a portfolio's page: narrowed to a kind, and read further back page by page."""

import asyncio

from perpools.errors import PoolsError
from perpools.spec.units import Address
from perpools.web.live import Live
from perpools.web.pages.forms import Choice
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Awaited, Text, box, button
from perpools.web.pages.portfolio_rows import HISTORY_COLUMNS, KINDS, history, history_rows
from perpools.web.pages.refreshing import keep
from perpools.web.pages.tables import Table
from perpools.web.views import ActivityRow


class History:
    """What concerned an account, the newest first."""

    def __init__(self, live: Live, wallet: Wallet, account: Address) -> None:
        self.live, self.account = live, account
        self._items: list[ActivityRow] = []
        self._kind, self._next, self._deep = "", "", False
        with box("div", "pp-kinds"):
            Choice("Show", KINDS, "", self._choose)
        self._awaited = Awaited(4, "pp-stack")
        with self._awaited.inner:
            with box("div", "pp-scroll"):
                caption = "What concerned this account, the newest first"
                self._table = Table(HISTORY_COLUMNS, caption)
            self._nothing = Text("p", "Nothing of this kind.", "muted")
            with box("div"):
                self._more = button("Earlier", "", self._go_on)
        keep(live, wallet, self._refresh)

    async def _choose(self, kind: str) -> None:
        self._kind, self._deep = kind, False
        await self._refresh()

    async def _refresh(self) -> None:
        """The newest page; not while somebody reads further back."""
        if not self._deep:
            self._items = []
            await self._read(None)

    async def _go_on(self) -> None:
        self._deep = True
        await self._read(self._next)

    async def _read(self, cursor: str | None) -> None:
        kind = self._kind
        try:
            page = await asyncio.to_thread(history, self.live, self.account, kind, cursor)
        except PoolsError:
            return
        if kind != self._kind:
            return
        self._items += page.items
        self._next = page.next or ""
        self._table.show(history_rows(self._items))
        self._table.element.set_visibility(bool(self._items))
        self._nothing.set_visibility(not self._items)
        self._more.set_visibility(page.next is not None)
        self._awaited.come()
