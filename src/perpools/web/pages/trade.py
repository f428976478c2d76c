"""Acting in one market: orders, pairs, claims, and an event that is due."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from perpools.spec.units import Address
from perpools.web import views
from perpools.web.live import Live
from perpools.web.pages.asking import ACTIONS, SIDES, Asked
from perpools.web.pages.forms import Choice
from perpools.web.pages.holder import Wallet
from perpools.web.pages.order_form import OrderForm
from perpools.web.pages.orders_shown import escrowed, redeem_proposal, show_escrow, show_waiting
from perpools.web.pages.pair_form import PairForm
from perpools.web.pages.parts import Text, box, button, card, empty, link
from perpools.web.pages.proposing import Proposal, propose
from perpools.web.pages.refreshing import Refreshed, keep
from perpools.web.pages.wallet import current
from perpools.web.pages.wallet_menu import open_dialog
from perpools.web.views import PositionView

DUE = (
    "An event is due. Anyone may rebalance; whoever does is reimbursed by the market, as far as its"
    " terms say, and has no say in the price."
)
WOUND_DOWN = "This market is wound down: no orders any more, its tokens are redeemed at once."


class Yours(NamedTuple):
    """What an account has in a market, and what anybody may do there."""

    account: Address | None
    position: PositionView | None
    overdue: bool
    wound_down: bool

    @property
    def signature(self) -> object:
        """What is shown of it: while that stays, so does what has the focus."""
        if self.position is None:
            return self.account, self.overdue, self.wound_down
        held = self.position
        waiting = tuple((w.epoch, w.kind, w.amount.units, w.cancellable) for w in held.waiting)
        wallets = tuple(side.wallet.units for side in held.sides)
        return self.account, self.overdue, self.wound_down, waiting, escrowed(held), wallets


def trade_panel(live: Live, address: Address, action: str = "mint", side: str = "long") -> None:
    """
    The order form and all else that one can do in a market, on the page that is being built.
    `action` and `side` are those of a link such as `/market/0x..?action=mint&side=long`.
    """
    wallet = current(live)
    action = action if action in ACTIONS else "mint"
    side = side if side in SIDES else "long"
    with box("div", "pp-column"):
        with card("Trade", "trade", "pp-trade"):
            with box("div", "pp-card-inner") as forms:
                if not live.last.markets[address].wound_down:
                    _forms(live, address, wallet, Asked(action, side))
            ended = Text("p", WOUND_DOWN, "pp-notice warn")

        def end(wound_down: bool) -> None:
            forms.set_visibility(not wound_down)
            ended.set_visibility(wound_down)

        end(live.last.markets[address].wound_down)
        with card("Yours in this market", "yours"):
            _yours(live, address, wallet, end)


def _forms(live: Live, address: Address, wallet: Wallet, asked: Asked) -> None:
    async def choose(action: str) -> None:
        pair.box.set_visibility(action == "pair")
        orders.box.set_visibility(action != "pair")
        if action != "pair":
            await orders.act(action)

    Choice("What to do", ACTIONS, asked.action, choose)
    kept = asked if asked.action != "pair" else Asked("mint", asked.side)
    orders, pair = OrderForm(live, address, wallet, kept), PairForm(live, address, wallet)
    pair.box.set_visibility(asked.action == "pair")
    orders.box.set_visibility(asked.action != "pair")


def yours_of(live: Live, address: Address, account: Address | None) -> Yours:
    """For a thread: as the database and the chain have it now."""
    market = views.market(live, address)
    position = None
    if account is not None:
        held = views.portfolio(live, account).positions
        position = next((one for one in held if one.market == address), None)
    overdue = market.clock is not None and market.clock.overdue is not None
    return Yours(account, position, overdue, market.clock is None)


def _yours(live: Live, address: Address, wallet: Wallet, end: Callable[[bool], None]) -> None:
    place = box("div", "pp-stack")
    shown: object = None

    def show(yours: Yours) -> None:
        nonlocal shown
        if yours.signature == shown:
            return
        shown = yours.signature
        end(yours.wound_down)
        place.clear()
        with place:
            _show(live, address, wallet, yours)

    refreshed = Refreshed(lambda: yours_of(live, address, wallet.account), show)
    keep(live, wallet, refreshed.refresh)


def _show(live: Live, address: Address, wallet: Wallet, yours: Yours) -> None:
    if yours.overdue:
        _due(live, address, wallet)
    if yours.account is None:
        Text("p", "Connect to see what you have here.", "muted")
        with box("div"):
            button("Connect", "", lambda: open_dialog(wallet))
        return
    position = yours.position
    if position is None:
        empty("Nothing yet", "Your orders and tokens of this market appear here.")
        return
    if position.claimable:
        show_escrow(live, wallet, position)
    show_waiting(live, wallet, position.waiting)
    for holding in position.sides:
        if holding.wallet.units:
            with box("div", "pp-row between baseline"):
                Text("span", f"{holding.wallet.text} in your wallet")
                if position.wound_down:
                    proposal = redeem_proposal(address, holding)
                    button("Redeem", "tiny", partial(propose, live, wallet, proposal))
    link("Your portfolio", "/portfolio", "small")


def _due(live: Live, address: Address, wallet: Wallet) -> None:
    proposal = Proposal(
        address, "rebalance", "Rebalance", "Rebalanced: the event has taken place.", {}, (DUE,)
    )
    with box("div", "pp-order"):
        Text("p", "An event is due.")
        with box("div"):
            button("Rebalance (anyone may)", "", lambda: propose(live, wallet, proposal))
