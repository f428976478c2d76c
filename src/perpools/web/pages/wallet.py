"""
Who acts in this browser: its own wallet (EIP-1193), an account of the embedded chain, or nobody.

No private key is ever in the page: a wallet signs in the browser, and the embedded chain's node
signs for its own accounts. What the browser's side does is in `static/wallet.js`.
"""

from collections import OrderedDict
from weakref import WeakKeyDictionary

from nicegui import Client, app, context, ui
from nicegui.events import GenericEventArguments

from perpools.web.live import Live
from perpools.web.pages.assets import asset
from perpools.web.pages.holder import Declined, Standing, Wallet
from perpools.web.pages.purse import Accounts, Purse
from perpools.web.pages.wallet_menu import show_button

__all__ = ["Accounts", "Declined", "Purse", "Wallet", "current", "install", "wallet_button"]

MOST_REMEMBERED = 10_000
"""Browsers whose last account is known, so that a page is right before its script has run."""


class _Shared:
    """What all pages of this server know."""

    def __init__(self) -> None:
        self.purse: Purse | None = None
        self.wallets: WeakKeyDictionary[Client, Wallet] = WeakKeyDictionary()
        self.last: OrderedDict[str, Standing] = OrderedDict()


_shared = _Shared()


def install(purse: Purse | None) -> None:
    """Say once, before pages are served, whether there are built-in accounts."""
    _shared.purse = purse


def current(live: Live) -> Wallet:
    """The wallet of the page that is being built, or whose handler runs."""
    client = context.client
    known = _shared.wallets.get(client)
    return known or _meet(live, client, str(app.storage.browser["id"]))


def wallet_button(live: Live) -> None:
    """The account's place in the header: connect, which account, wrong chain; for the frame."""
    show_button(current(live))


def _meet(live: Live, client: Client, browser: str) -> Wallet:
    last = _shared.last.get(browser, Standing())
    wallet = _shared.wallets[client] = Wallet(live, browser, _shared.purse, last)

    async def hear(told: GenericEventArguments) -> None:
        await wallet.hear(told)
        _remember(browser, wallet.standing)

    def start() -> None:
        with client:
            ui.run_javascript("perpools.wallet.start()")

    ui.add_head_html(f'<script src="{asset("wallet.js")}" defer></script>')
    ui.add_head_html(f'<link rel="stylesheet" href="{asset("acting.css")}">')
    ui.on("wallet", hear)
    client.on_connect(start)
    return wallet


def _remember(browser: str, standing: Standing) -> None:
    _shared.last[browser] = standing
    _shared.last.move_to_end(browser)
    while len(_shared.last) > MOST_REMEMBERED:
        _shared.last.popitem(last=False)
