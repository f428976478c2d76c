"""What one side paid the other at an event."""

from typing import Literal, Protocol

from perpools.spec import fees, pool
from perpools.spec.fixed_point import ONE
from perpools.spec.kinds import LONG
from perpools.spec.terms import Terms
from perpools.spec.units import Assets, Fraction, Wad

Payer = Literal["long", "short", "nobody"]


class Closed(Protocol):
    """An event, as the specification or a row of the index tells it."""

    @property
    def old_price(self) -> Wad:
        """The executed price before it."""

    @property
    def new_price(self) -> Wad:
        """The executed price after it."""

    @property
    def fraction(self) -> Fraction:
        """What the payer gave of its own, in ONE."""

    @property
    def long_before(self) -> Assets:
        """The long side's balance before it."""

    @property
    def short_before(self) -> Assets:
        """The short side's balance before it."""


def payment(terms: Terms, event: Closed, intervals: int) -> tuple[Payer, Assets]:
    """Which side paid, and how much; `intervals` lie between it and the event before."""
    part = fees.management_fraction(terms.management_fee_wad, terms.interval_s, intervals)
    charged, _ = pool.take((event.long_before, event.short_before), part, ONE)
    prices = event.old_price, event.new_price
    paid = pool.transfer_value(charged, *prices, event.fraction)[LONG] - charged[LONG]
    if paid == 0:
        return "nobody", 0
    return ("short", paid) if paid > 0 else ("long", -paid)
