"""`/portfolio`: what an account holds, waits for and has earned; anybody's to read."""

import asyncio

from nicegui import ui

from perpools.chain.subject import checksummed
from perpools.errors import ConfigError, PoolsError
from perpools.spec.units import Address
from perpools.web import transactions, views
from perpools.web.live import Live
from perpools.web.pages import parts, wording
from perpools.web.pages.frame import page
from perpools.web.pages.holder import Wallet
from perpools.web.pages.orders_shown import claim_proposal, show_escrow, show_waiting
from perpools.web.pages.parts import (
    Awaited,
    Text,
    box,
    button,
    card,
    empty,
    link,
    notice,
    title,
)
from perpools.web.pages.portfolio_history import History
from perpools.web.pages.portfolio_rows import POSITION_COLUMNS, as_csv, gain, position_rows
from perpools.web.pages.refreshing import Refreshed, keep
from perpools.web.pages.steps import Agreement
from perpools.web.pages.tables import Table
from perpools.web.pages.toasts import tell_refused
from perpools.web.pages.wallet import current
from perpools.web.pages.wallet_menu import open_dialog
from perpools.web.transactions import Unsigned
from perpools.web.views import PortfolioView, PositionView, TotalView

HELP = "Connect an account to see what it holds, waits for and has earned; or look at any address."
NOTHING = "This account has nothing in any market yet."
FIRST = "Choose a market and mint the side you believe in; your orders and tokens appear here."
READ_ONLY = "Somebody's account, for reading: only its owner can act for it."


def register(live: Live) -> None:
    """Add `/portfolio` and `/portfolio/{address}`."""

    @page("/portfolio", live, title="Portfolio")
    async def own() -> None:
        title("Portfolio")
        wallet = current(live)
        _of_wallet(live, wallet, box("div", "pp-column"))

    @page("/portfolio/{address}", live, title="Portfolio")
    async def anybodys(address: str) -> None:
        title("Portfolio")
        try:
            account = checksummed(address)
        except ConfigError as wrong:
            notice(f"{wrong}", "bad")
            _look_up()
            return
        wallet = current(live)
        if wallet.account != account:
            notice(READ_ONLY)
        with box("div", "pp-column"):
            _account(live, wallet, account)


def _of_wallet(live: Live, wallet: Wallet, place: ui.element) -> None:
    """The page of whoever is connected, drawn anew when that is somebody else."""
    shown: Address | None = "unknown"

    def show() -> None:
        nonlocal shown
        if shown == wallet.account:
            return
        shown = wallet.account
        place.clear()
        with place:
            if wallet.account:
                _account(live, wallet, wallet.account)
            else:
                _nobody(wallet)

    wallet.on_change(show)
    show()


def _nobody(wallet: Wallet) -> None:
    with empty("Nobody is connected.", HELP), box("div", "pp-row"):
        button("Connect", "primary", lambda: open_dialog(wallet))
    _look_up()


def _look_up() -> None:
    async def go() -> None:
        ui.navigate.to(f"/portfolio/{written.value.strip()}")

    with box("form", "pp-row").on("submit.prevent", go):
        written = ui.input().props(
            'borderless dense input-class="pp-input mono" aria-label="An address"'
            ' placeholder="0x…" autocomplete=off spellcheck=false'
        )
        written.style("flex: 1 1 20rem; max-width: 30rem")
        parts.change(button("Look at this address"), {"type": "submit"})


def _account(live: Live, wallet: Wallet, account: Address) -> None:
    shown = Portfolio(live, wallet, account)
    reading = Refreshed(lambda: views.portfolio(live, account), shown.show)
    reading.failed = shown.fail
    keep(live, wallet, reading.refresh)


class Portfolio:
    """One account's page, kept current."""

    def __init__(self, live: Live, wallet: Wallet, account: Address) -> None:
        self.live, self.wallet, self.account = live, wallet, account
        self._shown: object = None
        with box("div", "pp-row"):
            parts.address(account, "account")
            self._native = Text("span", "", "muted")
        self._wrong = notice("", "warn")
        self._wrong.set_visibility(False)
        self._tiles: dict[Address, parts.Tiles] = {}
        self._awaited = Awaited(6, "pp-column", "pp-card")
        with self._awaited.inner:
            self._build()

    def _build(self) -> None:
        self._totals = box("div", "pp-stack")
        self._waiting = box("div", "pp-grid")
        with card("Positions", "positions"):
            self._none = empty(NOTHING, FIRST)
            with self._none:
                link("All markets", "/")
            self._table = Table(POSITION_COLUMNS, "Tokens of each side, wherever they are")
        with card("History", "history"):
            self._history = History(self.live, self.wallet, self.account)
            with box("div"):
                button("Download CSV", "", self._download)

    @property
    def own(self) -> bool:
        """Whether who looks can act for it."""
        return self.wallet.account == self.account

    def show(self, view: PortfolioView) -> None:
        """What is true now."""
        self._wrong.set_visibility(False)
        self._native.text = f"{wording.money(view.native)} for gas" if view.native else ""
        for total in view.totals:
            self._total(total)
        self._orders(view)
        rows = position_rows(view.positions)
        self._none.set_visibility(not rows)
        self._table.element.set_visibility(bool(rows))
        self._table.show(rows)
        self._awaited.come()

    def fail(self, failed: Exception) -> None:
        """It cannot be told now."""
        self._wrong.text = f"{failed}"
        self._wrong.set_visibility(True)
        self._awaited.give_up()

    def _total(self, total: TotalView) -> None:
        if total.collateral not in self._tiles:
            with self._totals:
                names = ("Worth now", "Profit", "Paid in", "Taken out")
                self._tiles[total.collateral] = parts.Tiles(names, f"Totals in {total.symbol}")
        tiles = self._tiles[total.collateral]
        tiles.show("Worth now", wording.money(total.worth))
        [line, *_] = gain(total.profit, None)
        tiles.show("Profit", f"{line.text} {total.symbol}", "since the beginning")
        tiles.show("Paid in", wording.money(total.paid_in))
        tiles.show("Taken out", wording.money(total.taken_out))

    def _orders(self, view: PortfolioView) -> None:
        """Drawn anew only when there is something else to do: focus stays where it is."""
        due = [position for position in view.positions if position.claimable]
        escrow = tuple((p.market, p.escrow_assets, p.escrow_long, p.escrow_short) for p in due)
        waiting = tuple((w.market, w.epoch, w.kind, w.amount, w.cancellable) for w in view.waiting)
        if (waiting, escrow, self.own) == self._shown:
            return
        self._shown = (waiting, escrow, self.own)
        self._waiting.clear()
        with self._waiting:
            with card("Waiting orders", "waiting", "c6"):
                show_waiting(self.live, self.wallet, view.waiting, titled=True, own=self.own)
                if not view.waiting:
                    Text("p", "No order waits.", "muted")
            with card("Ready to claim", "escrow", "c6"):
                self._escrow(due)

    def _escrow(self, due: list[PositionView]) -> None:
        for position in due:
            show_escrow(self.live, self.wallet, position, titled=True, own=self.own)
        if not due:
            Text("p", "Nothing to claim.", "muted")
        elif len(due) > 1 and self.own:
            with box("div"):
                button("Claim in all markets", "primary", lambda: self._claim_all(due))

    async def _claim_all(self, due: list[PositionView]) -> None:
        try:
            steps = await asyncio.to_thread(self._claims, due)
        except PoolsError as refused:
            tell_refused(refused)
            return
        rows = {position.title: claim_proposal(position).rows["You receive"] for position in due}
        with self.wallet.client:
            agreement = Agreement(self.wallet, "Claim in all markets", rows)

        async def done(_: object) -> None:
            agreement.tell("Claimed: everything is in your wallet.")

        agreement.open(steps, done)

    def _claims(self, due: list[PositionView]) -> list[Unsigned]:
        return [
            transactions.prepare(self.live, one.market, "claim", self.account, {}) for one in due
        ]

    async def _download(self) -> None:
        text = await asyncio.to_thread(as_csv, self.live, self.account)
        ui.download.content(text, f"perpools-{self.account[:10]}.csv", "text/csv")
