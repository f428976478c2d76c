"""What no operation of a market accepts. Mirrors `contracts/lib/checks.vy`."""

from . import errors
from .fixed_point import MAX_PRICE
from .kinds import KINDS
from .units import Wad


def check_kind(kind: int) -> None:
    """Refuse an order of no kind."""
    if kind not in KINDS:
        raise errors.UnknownKind


def check_amount(amount: int, most: int) -> None:
    """Refuse an amount that is nothing, or more than there can be."""
    if amount == 0:
        raise errors.AmountIsZero
    if amount > most:
        raise errors.AmountIsTooLarge


def check_price(price: Wad) -> None:
    """Refuse what is not a price."""
    if price == 0:
        raise errors.PriceIsZero
    if price >= MAX_PRICE:
        raise errors.PriceIsTooLarge
