"""The order form: what is paid, what may come back, when, at which fee and risk; then the order."""

import asyncio
from dataclasses import replace

from perpools.errors import PoolsError
from perpools.spec.errors import Rejected
from perpools.spec.units import Address
from perpools.values import Moment
from perpools.web import transactions
from perpools.web.live import Live
from perpools.web.pages.amounts import AmountField
from perpools.web.pages.asking import SIDES, Answer, Asked, answer
from perpools.web.pages.forms import NUMBER, Choice, Field, Tick, enable
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Text, box, button
from perpools.web.pages.quoting import QuoteFacts, wallet_and_escrow
from perpools.web.pages.refreshing import Refreshed, keep
from perpools.web.pages.steps import Agreement
from perpools.web.pages.toasts import tell_refused
from perpools.web.pages.wallet_menu import open_dialog

TIP_HINT = (
    "Paid to whoever claims for you once the order is executed, so that you need not come back."
    " It returns to you if you claim yourself."
)
PAID_WITH = {"mint": "You pay", "burn": "You give", "flip": "You give"}


class OrderForm:
    """One order, quoted while it is written."""

    def __init__(self, live: Live, address: Address, wallet: Wallet, asked: Asked) -> None:
        self.live, self.address, self.wallet = live, address, wallet
        self.asked = replace(asked, account=wallet.account)
        self.answer: Answer | None = None
        with box("div", "pp-stack") as self.box:
            self.side = Choice("Side", SIDES, asked.side, self._choose_side)
            self.amount = AmountField("You pay", self._write, key="amount")
            self.escrow = Tick("Pay from escrow first", self._choose_escrow, value=True)
            self._options()
            self.facts = QuoteFacts()
            self.go = button("Order", "primary wide", self._confirm)
        self.quoting = Refreshed(self._compute, self.show)
        self.quoting.failed = lambda failed: self.facts.refuse(str(failed))
        keep(live, wallet, self.refresh)

    async def refresh(self) -> None:
        """Quote it anew."""
        self.asked = replace(self.asked, account=self.wallet.account)
        await self.quoting.refresh()

    async def act(self, action: str) -> None:
        """Mint, burn or flip."""
        self.asked = replace(self.asked, action=action, amount="")
        self.amount.clear()
        await self.refresh()

    def show(self, made: Answer) -> None:
        """What it comes to."""
        if made.asked != self.asked:
            return
        self.answer = made
        self.amount.show(PAID_WITH[made.asked.action], wallet_and_escrow(made), made)
        self.tip.show_error(made.tip_wrong)
        self.escrow.box.set_visibility(bool(made.in_escrow and made.in_escrow.units))
        self.facts.show(made)
        connected = self.wallet.can_act
        self.go.text = made.name if connected else "Connect to order"
        enable(self.go, enabled=made.complete or not connected)

    def _options(self) -> None:
        with box("details", "pp-more plain"):
            Text("summary", "Options: claim automatically")
            self.tip = Field("Tip in ETH", self._write_tip, hint=TIP_HINT, key="tip")
            self.tip.input.props(NUMBER)

    def _compute(self) -> Answer:
        return answer(self.live, self.address, self.asked)

    async def _choose_side(self, side: str) -> None:
        self.asked = replace(self.asked, side=side)
        await self.refresh()

    async def _choose_escrow(self) -> None:
        self.asked = replace(self.asked, escrow_first=self.escrow.value)
        await self.refresh()

    async def _write(self, text: str) -> None:
        self.asked = replace(self.asked, amount=text.strip())
        await self.refresh()

    async def _write_tip(self, text: str) -> None:
        self.asked = replace(self.asked, tip=text.strip())
        await self.refresh()

    async def _confirm(self) -> None:
        if not self.wallet.can_act:
            open_dialog(self.wallet)
            return
        await self.refresh()
        made = self.answer
        if made is None or not made.complete or made.quote is None:
            self.amount.focus()
            return
        try:
            steps = await asyncio.to_thread(self._steps, made)
        except (PoolsError, Rejected, KeyError) as refused:
            tell_refused(refused)
            return
        with self.wallet.client:
            agreement = Agreement(self.wallet, made.name, self.facts.summary(made))
            agreement.remark((*made.quote.warnings, *made.quote.risks))
            agreement.open(steps, lambda _: self._ordered(agreement, made.name))

    def _steps(self, made: Answer) -> list[transactions.Unsigned]:
        """In the epoch that was shown, or not at all."""
        quote, account = made.quote, made.asked.account
        assert quote is not None
        assert account is not None
        arguments = {
            "kind": quote.kind,
            "amount": quote.pays.units,
            "from_escrow": quote.from_escrow.units,
            "tip": made.tip,
            "last_epoch": quote.epoch,
        }
        return transactions.needed(self.live, self.address, "order", account, arguments)

    async def _ordered(self, agreement: Agreement, name: str) -> None:
        quote = self.answer.quote if self.answer else None
        when = f" It executes at {Moment(quote.executes_at.unix).text}." if quote else ""
        agreement.tell(f"Ordered: {name.lower()}.{when}")
        self.amount.clear()
        self.tip.input.value = ""
