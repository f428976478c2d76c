"""What is written in the order form, and what it comes to; read exactly as the commands read it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, Protocol, TypeVar

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


class Quoted(Protocol):
    """A quote that says whether it would be refused."""

    @property
    def refusal(self) -> str | None:
        """Why; nothing where it would not."""


Q = TypeVar("Q", bound=Quoted)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Generic[Q]):
    """What an amount in a form comes to, or what is wrong with it."""

    unit: Amount
    """Nothing of what is paid: its symbol and decimals."""
    available: Amount | None = None
    """In the account's wallet."""
    quote: Q | None = None
    amount_wrong: str = ""
    refusal: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can be done as it is."""
        return self.quote is not None and not (self.amount_wrong or self.refusal)

    @property
    def everything(self) -> Amount | None:
        """All that the account could pay with."""
        return self.available


W = TypeVar("W", bound=Written[Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Written[QuoteView]):
    """What an order comes to, or what is wrong with what is written."""

    asked: Asked
    in_escrow: Amount | None = None
    tip: Wei = 0
    tip_wrong: str = ""

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
    made = Answer(asked=asked, unit=live.sight(address).item(kinds.item_in(asked.kind), 0))

    def quoted(units: int) -> QuoteView:
        due = made.in_escrow.units if made.in_escrow and asked.escrow_first else 0
        given = min(units, due)
        return views.quote(live, address, asked.account, asked.kind, units, from_escrow=given)

    probe, refusal = _tried(quoted, 1)
    made = replace(made, refusal=refusal)
    if probe:
        made = replace(made, available=probe.available, in_escrow=probe.in_escrow)
    try:
        made = replace(made, tip=_tip(asked.tip))
    except ConfigError as wrong:
        made = replace(made, tip_wrong=_without_name(wrong))
    return _quoted(made, asked.amount, quoted)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAnswer(Written[PairView]):
    """What a pair comes to, or what is wrong with what is written."""

    way: Way


def pair_answer(
    live: Live, address: Address, account: Address | None, way: str, text: str
) -> PairAnswer:
    """What a pair comes to now, as `answer` does for an order."""
    named: Way = "mint" if way == "mint" else "redeem"
    item = kinds.ASSETS if named == "mint" else kinds.LONG_TOKENS
    made = PairAnswer(way=named, unit=live.sight(address).item(item, 0))

    def quoted(units: int) -> PairView:
        return views.pair_quote(live, address, account, named, units)

    # why there is no probe is told where something is written
    probe, _ = _tried(quoted, 10**made.unit.decimals)
    return _quoted(replace(made, available=probe.available if probe else None), text, quoted)


def _quoted(made: W, text: str, quoted: Callable[[int], Any]) -> W:
    """With the quote of the amount that is written, or with what is wrong with it."""
    if not text:
        return made
    try:
        units = units_of(text, made.unit, made.everything)
    except ConfigError as wrong:
        return replace(made, amount_wrong=_without_name(wrong))
    quote, refusal = _tried(quoted, units)
    told = quote.refusal if quote else refusal
    return replace(made, quote=quote, refusal=told or made.refusal)


def _tried(quoted: Callable[[int], Q], units: int) -> tuple[Q | None, str]:
    """A quote, or in words why there is none."""
    try:
        return quoted(units), ""
    except (PoolsError, Rejected) as refused:
        return None, in_words(refused)


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
