"""
What holders look at (litepaper, "Rebalancing rate"): nothing here moves money.

Where both sides hold the same, what one loses the other gains at the same rate. Where they do not,
the smaller side gains more and the larger one less: the rebalancing rate, which draws collateral to
the smaller side.
"""

from . import rates
from .fees import after_fee
from .fixed_point import ONE, WAD, mul_div_down
from .kinds import LONG, LONG_BURN, LONG_FLIP
from .pool import Balances, Pool
from .units import Assets, Fraction, Wad


def rebalancing_rate(balances: Balances) -> Wad:
    """
    Long balance over short balance, minus one; negative where the long side is the smaller.
    Rounded down.
    """
    long, short = balances
    return mul_div_down(long, WAD, short) - WAD


def gain(balances: Balances, side: int, transferred: Fraction) -> Fraction:
    """
    What `side` gains, as a part of its own balance, when the other pays `transferred` of its own:
    `transferred / (1 + rebalancing rate)` for the long side, times it for the short. Rounded down.
    """
    own, other = balances if side == LONG else balances[::-1]
    return mul_div_down(other, transferred, ONE) * ONE // own


def effective_leverage(balances: Balances, side: int, leverage_wad: Wad) -> Wad:
    """
    By how much `side` gains on a small move in its favour, relative to the move: the market's
    leverage times the other balance over its own. Against it, the market's leverage holds.
    Rounded down.
    """
    own, other = balances if side == LONG else balances[::-1]
    return mul_div_down(leverage_wad, other, own)


def order_worth(kind: int, amount: int, pool: Pool) -> Assets:
    """What an order pays, in collateral at the rates of `pool`; rounded down."""
    if kind < LONG_BURN:
        return amount
    return rates.assets_for_tokens(amount, pool.balances[kind % 2], pool.supplies[kind % 2])


def order_fee(kind: int, amount: int, pool: Pool, costs: tuple[Wad, Wad]) -> Assets:
    """
    What of an order's worth stays in the sides, executed at the rates of `pool`; `costs` are mint
    and burn fee, each rounded up.
    """
    mint_fee_wad, burn_fee_wad = costs
    left = worth = order_worth(kind, amount, pool)
    if kind >= LONG_BURN:
        left = after_fee(left, burn_fee_wad)
    if kind < LONG_BURN or kind >= LONG_FLIP:
        left = after_fee(left, mint_fee_wad)
    return worth - left
