"""Equal fractions of both sides, in or out at once and at book value."""

from typing import NamedTuple

from perpools.spec.units import Address
from perpools.web.live import Live
from perpools.web.pages.amounts import AmountField
from perpools.web.pages.asking import WAYS, PairAnswer, pair_answer
from perpools.web.pages.forms import Choice, enable
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Facts, Text, box, button, change
from perpools.web.pages.proposing import Proposal, propose
from perpools.web.pages.refreshing import Refreshed, keep

WHAT = (
    "Both tokens at once, in the proportion of their supplies, at book value: nothing waits, and"
    " there is no fee. What one side pays the other, such a holder pays himself."
)


class Asked(NamedTuple):
    """A pair as it is written in the form."""

    way: str
    text: str


class PairForm:
    """A pair, quoted while it is written."""

    def __init__(self, live: Live, address: Address, wallet: Wallet) -> None:
        self.live, self.address, self.wallet = live, address, wallet
        self.asked = Asked("mint", "")
        self.answer: PairAnswer | None = None
        with box("div", "pp-stack") as self.box:
            Text("p", WHAT, "muted small")
            self.way = Choice("In or out", WAYS, "mint", self._choose)
            self.amount = AmountField("You pay", self._write, key="pair-amount")
            self.facts = Facts("What the pair comes to")
            self.notice = change_role(Text("p", "", "pp-notice bad"))
            self.notice.set_visibility(False)
            self.go = button("Mint a pair", "primary wide", self._confirm)
        self.quoting = Refreshed(self._compute, self.show)
        keep(live, wallet, self.refresh)

    async def refresh(self) -> None:
        """Quote it anew."""
        await self.quoting.refresh()

    def show(self, made: PairAnswer) -> None:
        """What it comes to."""
        if made.way != self.asked.way:
            return
        self.answer = made
        given = "You pay" if made.way == "mint" else "L-tokens you give"
        self.amount.show(given, _available(made), made)
        for name, value in _rows(made).items():
            self.facts.show(name, value)
        self.notice.text = made.refusal
        self.notice.set_visibility(bool(made.refusal))
        connected = self.wallet.can_act
        self.go.text = f"{WAYS[made.way]} a pair" if connected else "Connect to trade"
        enable(self.go, enabled=made.complete or not connected)

    def _compute(self) -> PairAnswer:
        account = self.wallet.account
        return pair_answer(self.live, self.address, account, self.asked.way, self.asked.text)

    async def _choose(self, way: str) -> None:
        self.asked = Asked(way, "")
        self.amount.clear()
        await self.refresh()

    async def _write(self, text: str) -> None:
        self.asked = self.asked._replace(text=text.strip())
        await self.refresh()

    async def _confirm(self) -> None:
        await self.refresh()
        made = self.answer
        if not self.wallet.can_act or made is None or made.quote is None:
            await propose(self.live, self.wallet, self._proposal("", {}))
            return
        quote = made.quote
        arguments = {"assets": quote.assets.units}
        if made.way == "redeem":
            arguments = {"long_tokens": quote.long_tokens.units}
        tokens = f"{quote.long_tokens.text} and {quote.short_tokens.text}"
        got = tokens if made.way == "mint" else quote.assets.text
        proposal = self._proposal(f"Done: {got} in your wallet.", arguments)
        if await propose(self.live, self.wallet, proposal):
            self.amount.clear()

    def _proposal(self, said: str, arguments: dict[str, int]) -> Proposal:
        made, way = self.answer, self.asked.way
        return Proposal(
            self.address,
            "mint-pair" if way == "mint" else "redeem-pair",
            f"{WAYS[way]} a pair",
            said,
            _rows(made) if made else {},
            made.quote.risks if made and made.quote else (),
            arguments,
        )


def change_role(text: Text) -> Text:
    """Told by a screen reader as soon as it is there."""
    change(text, {"role": "alert"})
    return text


def _available(made: PairAnswer) -> str:
    if made.available is None:
        return ""
    what = "In your wallet" if made.way == "mint" else "With S-tokens beside them"
    return f"{what} {made.available.text}"


def _rows(made: PairAnswer) -> dict[str, str]:
    quote = made.quote
    if quote is None:
        return {"You pay": "–", "You receive at once": "–"}
    tokens = f"{quote.long_tokens.text} and {quote.short_tokens.text}"
    if made.way == "mint":
        return {"You pay": quote.assets.text, "You receive at once": tokens}
    return {"You pay": tokens, "You receive at once": quote.assets.text}
