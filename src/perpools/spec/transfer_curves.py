"""Which fraction of its balance the side that a price move went against pays to the other (R6).

Prices are WAD in (0, 2^120), leverage is WAD in [0.1, 100], fractions are in ONE, below ONE, and
never above the exact value: a side never loses everything, or a unit too much.
"""

from dataclasses import dataclass
from typing import Protocol

from . import fixed_point as fp
from .fixed_point import MAX_PRICE, ONE, WAD
from .units import Fraction, Wad

MAX_LEVERAGE = 100 * WAD

# The most a linear market moves in one event; below ONE, so that a side is never emptied.
LINEAR_CAP = ONE * 99 // 100


class TransferFunction(Protocol):
    """What a market asks of its transfer function: prices and leverage in, fraction out."""

    def __call__(self, p0: Wad, p1: Wad, leverage: Wad, /) -> Fraction:
        """Fraction of the losing side's balance, in ONE, below ONE."""
        ...


def power(p0: Wad, p1: Wad, leverage: Wad) -> Fraction:
    """Power leverage: `1 - (min/max)^leverage`, rounded down; at most 10^-33 below the exact value.

    Whole leverages by squaring, others by way of the logarithm, whose relative precision does
    not depend on how small min/max is.
    """
    low, high = _ordered(p0, p1, leverage)
    if leverage % WAD == 0:
        return ONE - fp.pow_up(fp.mul_div_up(low, ONE, high), leverage // WAD)
    exponent = fp.mul_div_down(fp.ln_ratio_down(high, low), leverage, WAD)
    return ONE - fp.exp_neg_up(exponent)


def sigmoid(p0: Wad, p1: Wad, leverage: Wad) -> Fraction:
    """`2 / (1 + e^(-2 leverage (1 - min/max))) - 1`, rounded down.

    At most 3 * 10^-34 below the exact value.
    """
    low, high = _ordered(p0, p1, leverage)
    move = fp.mul_div_down(high - low, ONE, high)
    kept = fp.exp_neg_up(fp.mul_div_down(move, leverage, WAD // 2))
    return fp.mul_div_down(ONE - kept, ONE, ONE + kept)


def linear(p0: Wad, p1: Wad, leverage: Wad, cap: Fraction) -> Fraction:
    """`leverage * (1 - min/max)`, rounded down, at most `cap`."""
    low, high = _ordered(p0, p1, leverage)
    return min(fp.mul_div_down((high - low) * leverage, ONE // WAD, high), cap)


@dataclass(frozen=True, slots=True)
class Linear:
    """The linear curve with its cap (in ONE, below ONE), as a transfer function."""

    cap: Fraction = LINEAR_CAP

    def __post_init__(self) -> None:
        assert 0 < self.cap < ONE, "cap: out of range"

    def __call__(self, p0: Wad, p1: Wad, leverage: Wad, /) -> Fraction:
        """Fraction of the losing side's balance that a move from `p0` to `p1` takes."""
        return linear(p0, p1, leverage, self.cap)


def _ordered(p0: Wad, p1: Wad, leverage: Wad) -> tuple[Wad, Wad]:
    """The lower and the higher of two prices; all three arguments lie in the domain."""
    low, high = min(p0, p1), max(p0, p1)
    assert 0 < low <= high < MAX_PRICE, "price: beyond its domain"
    assert 0 < leverage <= MAX_LEVERAGE, "leverage: beyond its domain"
    return low, high
