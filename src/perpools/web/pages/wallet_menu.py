"""The account's place in the header: connect, which account, wrong chain."""

from functools import partial

from nicegui import ui

from perpools.errors import PoolsError
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Text, box, button, change, link
from perpools.web.pages.toasts import tell_refused

NO_WALLET = (
    "No wallet was found in this browser. Install one that follows EIP-6963 or EIP-1193, then"
    " reload; without it everything can be read, and nothing sent."
)
PLAY_MONEY = "An account of the embedded chain: play money, signed for by the server."


def show_button(wallet: Wallet) -> None:
    """A button that says who acts, and opens the dialog about it."""
    place = box("div", "pp-wallet")
    shown: object = None

    def show() -> None:
        nonlocal shown
        # a click on a button that is just made anew would be lost
        if shown == (shown := (wallet.account, wallet.wrong_chain)):
            return
        place.clear()
        with place:
            _button(wallet)

    wallet.on_change(show)
    show()


def _button(wallet: Wallet) -> None:
    if wallet.account is None:
        button("Connect", "primary pp-connect", lambda: open_dialog(wallet))
    elif wallet.wrong_chain:
        button("Wrong chain", "pp-account wrong", lambda: open_dialog(wallet))
    else:
        made = button(wallet.name, "pp-account mono", lambda: open_dialog(wallet))
        change(made, {"aria-label": f"Account {wallet.account}"})


def open_dialog(wallet: Wallet) -> None:
    """Choose who acts, or see and leave the account."""
    with wallet.client:
        dialog = ui.dialog().props('aria-modal=true aria-labelledby="wallet-title"')
        dialog.on("hide", dialog.delete)
        with dialog, box("div", "pp-dialog"):
            place = box("div", "pp-stack")
            with box("div", "pp-buttons"):
                change(button("Close", on_click=dialog.close), {"autofocus": True})

    def show() -> None:
        # wallets are heard of after the page is there, so the dialog may be open before
        if not dialog.is_deleted:
            place.clear()
            with place:
                (_choose if wallet.account is None else _account)(wallet, dialog)

    wallet.on_change(show)
    show()
    dialog.open()


def _choose(wallet: Wallet, dialog: ui.dialog) -> None:
    change(Text("h2", "Who acts in this browser?"), {"id": "wallet-title"})

    async def connect(offer: str | None) -> None:
        try:
            await (wallet.use_built_in() if offer is None else wallet.connect(offer))
        except PoolsError as refused:
            tell_refused(refused)
            return
        dialog.close()

    with box("div", "pp-wallets"):
        if wallet.purse is not None:
            demo = button("Demo account", "primary", lambda: connect(None))
            change(demo, {"autofocus": True})
            Text("p", PLAY_MONEY, "muted small")
        for offer, name in wallet.offered:
            button(name, "", partial(connect, offer))
    if not wallet.offered and wallet.purse is None:
        Text("p", NO_WALLET, "muted")


def _account(wallet: Wallet, dialog: ui.dialog) -> None:
    change(Text("h2", "Account"), {"id": "wallet-title"})
    Text("p", wallet.account or "", "mono").style("overflow-wrap: anywhere")
    if wallet.kind == "built-in":
        Text("p", PLAY_MONEY, "muted small")
    if wallet.wrong_chain:
        there, here = wallet.standing.chain_id, wallet.here
        text = f"The wallet is on chain {there}; these markets are on chain {here}."
        Text("p", text, "pp-notice warn")

    async def switch() -> None:
        try:
            await wallet.switch_chain()
        except PoolsError as refused:
            tell_refused(refused)
            return
        dialog.close()

    async def leave() -> None:
        await wallet.disconnect()
        dialog.close()

    with box("div", "pp-row"):
        if wallet.wrong_chain:
            button(f"Switch to chain {wallet.here}", "primary", switch)
        link("Portfolio", "/portfolio", "pp-button")
        change(button("Copy address"), {"data-copy": wallet.account})
        button("Disconnect", "quiet", leave)
