"""What is written in the order form, and what it comes to; read exactly as the commands read it."""

from dataclasses import dataclass, replace
from typing import Literal

from perpools import quantities, values
from perpools.chain import order_plan
from perpools.errors import ConfigError, PoolsError
from perpools.spec import kinds
from perpools.spec.errors import Rejected
from perpools.spec.units import Address, Wei
from perpools.values import Amount
from perpools.web import views
from perpools.web.live import Live
from perpools.web.pages.refusals import in_words
from perpools.web.views import PairView, QuoteView

Way = Literal["mint", "redeem"]

ACTIONS = {"mint": "Mint", "burn": "Burn", "flip": "Flip", "pair": "Pair"}
SIDES = {"long": "Long", "short": "Short"}
WAYS = {"mint": "Mint", "redeem": "Redeem"}
ETH_DECIMALS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as it is written in the form."""

    action: str
    side: str
    amount: str = ""
    tip: str = ""
    escrow_first: bool = True
    account: Address | None = None

    @property
    def kind(self) -> int:
        """One of the six kinds of order."""
        return order_plan.kind_of(self.action, self.side)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an order comes to, or what is wrong with what is written."""

    asked: Asked
    unit: Amount
    """Nothing of what the order pays: its symbol and decimals."""
    available: Amount | None = None
    """In the account's wallet."""
    in_escrow: Amount | None = None
    quote: QuoteView | None = None
    tip: Wei = 0
    amount_wrong: str = ""
    tip_wrong: str = ""
    refusal: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can be ordered as it is."""
        wrong = self.amount_wrong or self.tip_wrong or self.refusal
        return self.quote is not None and not wrong

    @property
    def everything(self) -> Amount | None:
        """All that the account could pay with."""
        if self.available is None:
            return None
        escrow = self.in_escrow.units if self.in_escrow and self.asked.escrow_first else 0
        return replace(self.unit, units=self.available.units + escrow)

    @property
    def name(self) -> str:
        """Such as `Mint long`, or `Flip long to short`."""
        action, side = self.asked.action, self.asked.side
        other = "short" if side == "long" else "long"
        return f"{ACTIONS[action]} {side}" + (f" to {other}" if action == "flip" else "")


def answer(live: Live, address: Address, asked: Asked) -> Answer:
    """
    What an order comes to now; what is wrong with it is said in the answer. `KeyError`: no such
    market. For a thread: it may ask the node.
    """
    sight = live.sight(address)
    made = Answer(asked, sight.item(kinds.item_in(asked.kind), 0))
    try:
        probe = views.quote(live, address, asked.account, asked.kind, 1)
        made = replace(made, available=probe.available, in_escrow=probe.in_escrow)
        made = replace(made, tip=_tip(asked.tip))
    except ConfigError as wrong:
        made = replace(made, tip_wrong=_without_name(wrong))
    except (PoolsError, Rejected) as refused:
        made = replace(made, refusal=in_words(refused))
    return _quoted(live, address, made) if asked.amount else made


def _quoted(live: Live, address: Address, made: Answer) -> Answer:
    asked, due = made.asked, made.in_escrow.units if made.in_escrow else 0
    try:
        units = units_of(asked.amount, made.unit, made.everything)
    except ConfigError as wrong:
        return replace(made, amount_wrong=_without_name(wrong))
    from_escrow = min(units, due) if asked.escrow_first else 0
    try:
        quote = views.quote(
            live, address, asked.account, asked.kind, units, from_escrow=from_escrow
        )
    except (PoolsError, Rejected) as refused:
        return replace(made, refusal=in_words(refused))
    return replace(made, quote=quote, refusal=quote.refusal or made.refusal)


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """What a pair comes to, or what is wrong with what is written."""

    way: Way
    unit: Amount
    available: Amount | None = None
    quote: PairView | None = None
    amount_wrong: str = ""
    refusal: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can be done as it is."""
        return self.quote is not None and not (self.amount_wrong or self.refusal)


def pair_answer(
    live: Live, address: Address, account: Address | None, way: str, text: str
) -> PairAnswer:
    """What a pair comes to now, as `answer` does for an order."""
    named: Way = "mint" if way == "mint" else "redeem"
    item = kinds.ASSETS if named == "mint" else kinds.LONG_TOKENS
    made = PairAnswer(named, live.sight(address).item(item, 0))
    try:
        probe = views.pair_quote(live, address, account, named, 10**made.unit.decimals)
        made = replace(made, available=probe.available)
    except (PoolsError, Rejected):
        pass  # told below, where something was asked
    if not text:
        return made
    try:
        units = units_of(text, made.unit, made.available)
    except ConfigError as wrong:
        return replace(made, amount_wrong=_without_name(wrong))
    try:
        quote = views.pair_quote(live, address, account, named, units)
    except (PoolsError, Rejected) as refused:
        return replace(made, refusal=in_words(refused))
    return replace(made, quote=quote, refusal=quote.refusal or "")


def units_of(text: str, unit: Amount, available: Amount | None) -> int:
    """So many base units; `all` is everything there is. `ConfigError` says how to write it."""
    plain = text.strip().replace(",", "")
    if plain != values.EVERYTHING:
        return values.parse(plain, unit.decimals, "amount")
    if available is None or available.units == 0:
        raise ConfigError(f"amount: there is no {unit.symbol} at all")
    return available.units


def written(amount: Amount) -> str:
    """An amount as a field holds it: every digit, no separators, no symbol."""
    return quantities.show_amount(amount.units, amount.decimals)


def _tip(text: str) -> Wei:
    return values.parse(text, ETH_DECIMALS, "tip") if text else 0


def _without_name(wrong: ConfigError) -> str:
    """The message beside a field need not name it."""
    text = str(wrong).partition(": ")[2] or str(wrong)
    return text[:1].upper() + text[1:]
