"""What an order means before it is placed: what is paid, what may come back, when, at which fee."""

from typing import Any, Literal, NamedTuple

from perpools import values
from perpools.chain.subject import Subject, parse_side
from perpools.errors import ConfigError
from perpools.spec import forecast, kinds
from perpools.spec.forecast import Quote
from perpools.spec.orders import Order
from perpools.spec.units import Wad, Wei
from perpools.values import Amount, Moment, Name, Number, Share, coin

Action = Literal["mint", "burn", "flip"]
Side = Literal["long", "short"]

ACTIONS = ("mint", "burn", "flip")


class OrderPlan(NamedTuple):
    """An order, and what it would come to at one price."""

    subject: Subject
    order: Order
    quote: Quote
    price: Wad
    tip: Wei = 0

    @property
    def wallet_part(self) -> int:
        """What the wallet pays."""
        return self.order.amount - self.order.from_escrow

    @property
    def facts(self) -> dict[str, Any]:
        """For people and programs."""
        order, subject, quote = self.order, self.subject, self.quote
        paid = kinds.item_in(order.kind)
        facts: dict[str, Any] = {
            "order": name(order.kind),
            "market": subject.title,
            "pays": subject.item(paid, order.amount),
            "from_escrow": subject.item(paid, order.from_escrow) if order.from_escrow else None,
            "tip": coin(self.tip) if self.tip else None,
            "receives_about": self._received(),
            "at_a_price_of": Number(self.price),
            "fee": subject.assets(quote.fee_assets),
            "against_the_present_rate": Share(-quote.slippage_wad, signed=True),
            "epoch": Name(quote.epoch),
            "executes_at": Moment(quote.executes_at, subject.now),
            "can_be_cancelled_until": subject.cutoff(quote.epoch),
        }
        return {fact: value for fact, value in facts.items() if value is not None}

    def _received(self) -> Amount:
        return self.subject.item(kinds.item_out(self.order.kind), self.quote.receives)


def kind_of(action: str, side: str) -> int:
    """One of the six kinds of order."""
    if action not in ACTIONS:
        raise ConfigError(f"order: '{action}' is unknown: write mint, burn or flip")
    return 2 * ACTIONS.index(action) + parse_side(side)


def name(kind: int) -> str:
    """As a command writes it: `mint long`."""
    return f"{ACTIONS[kind // 2]} {('long', 'short')[kind % 2]}"


def amount_of(subject: Subject, item: int, text: str, available: int, what: str = "amount") -> int:
    """So many base units of what an order is paid with; `all` is everything available."""
    if text != values.EVERYTHING:
        return values.parse(text, subject.item(item, 0).decimals, what)
    if available == 0:
        raise ConfigError(f"{what}: there is no {subject.item(item, 0).symbol} at all")
    return available


def make(subject: Subject, order: Order, *, price: Wad | None = None, tip: Wei = 0) -> OrderPlan:
    """The order's plan at a price, or at the present one."""
    reckoned = subject.price_now(price)
    quote = forecast.quote(subject.market, subject.now, order, reckoned)
    return OrderPlan(subject, order, quote, reckoned, tip)
