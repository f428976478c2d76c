"""What an order would come to, shown beside the form and once more before it is agreed to."""

from perpools.values import Amount, Moment, coin
from perpools.web.pages import wording
from perpools.web.pages.asking import Answer
from perpools.web.pages.parts import Countdown, Facts, Text, box, change
from perpools.web.views import QuoteView

NOTHING = "–"
ABOUT = "About: the price of the moment of execution decides, which nobody knows yet."


class QuoteFacts:
    """The answer, its details, its risks."""

    def __init__(self) -> None:
        with box("div", "pp-answer") as self._answer:
            self._label = Text("span", "You receive about", "small muted")
            self._receives = Text("strong", NOTHING)
            self._worth = Text("span", "", "small muted")
        change(self._answer, {"role": "status"})
        with box("div") as self._details:
            self._facts = Facts("What the order comes to")
            self._moments()
        self._notice = Text("p", "", "pp-notice bad")
        change(self._notice, {"role": "alert"})
        self._warnings = box("div", "pp-stack")
        with box("details", "pp-more plain pp-risk") as self._risk:
            Text("summary", "What you should know before ordering")
            self._risks = box("ul")
        self._told: tuple[str, ...] = ()
        self._warned: tuple[str, ...] = ()
        for part in (self._details, self._notice, self._risk):
            part.set_visibility(False)

    def show(self, made: Answer) -> None:
        """A new answer."""
        self._refuse(made.refusal)
        quote = made.quote
        self._details.set_visibility(quote is not None)
        self._risk.set_visibility(quote is not None)
        self._receives.text = quote.receives.text if quote else NOTHING
        self._worth.text = ABOUT if quote else ""
        self._warn(quote.warnings if quote else ())
        if quote is None:
            return
        for name, value in _details(quote).items():
            self._facts.show(name, value)
        self._executes.show(quote.executes_at)
        self._cutoff.show(quote.cutoff)
        self._executes_at.text = Moment(quote.executes_at.unix).text
        self._tell(quote.risks)

    def refuse(self, text: str) -> None:
        """Nothing can be reckoned now."""
        self._refuse(text)
        self._receives.text = NOTHING

    def summary(self, made: Answer) -> dict[str, str]:
        """The same in a few lines, to be agreed to."""
        quote = made.quote
        if quote is None:
            return {}
        return {
            "You pay": split(quote.pays, quote.from_escrow),
            "You receive about": quote.receives.text,
            "Fee": quote.fee.text,
            "Tip": coin(made.tip).text if made.tip else "",
            "Executes": Moment(quote.executes_at.unix).text,
            "Can be cancelled until": Moment(quote.cutoff.unix).text,
        }

    def _moments(self) -> None:
        with box("dl", "pp-facts"):
            with box("div"):
                Text("dt", "Executes")
                with box("dd"):
                    self._executes = Countdown(0, after="now")
                    self._executes_at = Text("span", "", "sub")
            with box("div"):
                Text("dt", "Can be cancelled for")
                with box("dd"):
                    self._cutoff = Countdown(0, before="", after="no longer")

    def _refuse(self, text: str) -> None:
        self._notice.text = text
        self._notice.set_visibility(bool(text))

    def _warn(self, texts: tuple[str, ...]) -> None:
        if texts != self._warned:
            self._warned = texts
            self._warnings.clear()
            with self._warnings:
                for text in texts:
                    Text("p", text, "pp-notice warn")

    def _tell(self, texts: tuple[str, ...]) -> None:
        if texts != self._told:
            self._told = texts
            self._risks.clear()
            with self._risks:
                for text in texts:
                    Text("li", text)


def split(pays: Amount, from_escrow: Amount) -> str:
    """From where an amount comes."""
    if not from_escrow.units:
        return pays.text
    wallet = Amount(pays.units - from_escrow.units, pays.decimals, pays.symbol)
    return f"{pays.text}: {from_escrow.plain} from escrow, {wallet.plain} from the wallet"


def wallet_and_escrow(made: Answer) -> str:
    """What there is to pay with."""
    if made.available is None:
        return ""
    told = f"In your wallet {made.available.text}"
    if made.in_escrow and made.in_escrow.units:
        told += f", in escrow {made.in_escrow.text}"
    return told


def _details(quote: QuoteView) -> dict[str, str]:
    return {
        "You pay": split(quote.pays, quote.from_escrow),
        "Fee": f"{quote.fee.text} ({quote.fee_share.text})",
        "Token price now": wording.price(quote.rate_now),
        "When executed": f"about {wording.price(quote.rate_then)}",
        "Against the present rate": wording.percent(quote.against_present_rate, signed=True),
        "Exposure": wording.money(quote.exposure) if quote.exposure.units else NOTHING,
        "Leverage, on gains and losses": f"{wording.times(quote.gains_then)}, "
        f"{wording.times(quote.losses_then)}",
        "Skew, long by short": wording.fixed(quote.skew_then.wad, 18, 3),
    }
