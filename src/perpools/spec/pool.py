"""
What an event does to the pool: both balances and both supplies (R1, R5, R8, R9, R12). Mirrors
`contracts/lib/pool.vy`.

Every step conserves by subtraction: what leaves one place is what arrives at the other, never
computed twice. The sum of both balances, and each supply, stays below 2**128.
"""

from typing import NamedTuple

from . import rates
from .fixed_point import ONE, mul_div_down
from .kinds import LONG, LONG_BURN, LONG_FLIP, LONG_MINT, SHORT, SHORT_BURN, SHORT_FLIP
from .units import Assets, Fraction, Tokens, Wad

LOCKED = 10**12
"""
Base units of each token locked for ever: a millionth of a token, so that no supply is ever zero.
"""

LIMIT = 2**128
"""No amount, balance or supply reaches it: two fit one word and their product fits 256 bits."""


Balances = tuple[Assets, Assets]
"""Both sides' collateral, long first."""


class Pool(NamedTuple):
    """Both sides, long first: their collateral and their tokens' supplies."""

    balances: Balances
    supplies: tuple[Tokens, Tokens]


class Executed(NamedTuple):
    """What one event did with an epoch's six batches."""

    pool: Pool
    outs: list[int]
    """What each batch received, by kind; 0 for a batch with orders means that it is refunded."""
    minted: list[Tokens]
    burned: list[Tokens]


def take(balances: Balances, part: int, whole: int) -> tuple[Balances, Assets]:
    """
    Both balances after each gave `part / whole` of itself, rounded down, and what they gave:
    the management fee (R8), and the keeper's pay (R9).
    """
    long, short = balances
    from_long, from_short = mul_div_down(long, part, whole), mul_div_down(short, part, whole)
    return (long - from_long, short - from_short), from_long + from_short


def movable(supplies: tuple[Tokens, Tokens], fraction: Fraction) -> Fraction:
    """
    The part of a side that a price move takes: never everything, and nothing while a side
    consists of its locked tokens alone, for then nobody stands on the other side (R1).
    """
    if LOCKED in supplies:
        return 0
    return min(fraction, ONE - 1)


def transfer_value(
    balances: Balances, old_price: Wad, new_price: Wad, fraction: Fraction
) -> Balances:
    """
    Both balances after the side the price moved against paid `fraction` of its own, rounded
    down, to the other (R5).
    """
    long, short = balances
    if new_price >= old_price:
        paid = mul_div_down(short, fraction, ONE)
        return long + paid, short - paid
    paid = mul_div_down(long, fraction, ONE)
    return long - paid, short + paid


def execute(pool: Pool, amounts: list[int], mint_fee_wad: Wad, burn_fee_wad: Wad) -> Executed:
    """
    Burns, flips, then mints of one epoch, all at the rates of `pool` (R5).

    A batch that would receive nothing, or lift a supply or the pool to 2**128 (R12), is left out.
    """
    balances, supplies = list(pool.balances), list(pool.supplies)
    outs, minted, burned = [0] * 6, [0, 0], [0, 0]
    for kind in (LONG_BURN, SHORT_BURN, LONG_FLIP, SHORT_FLIP):
        tokens, side, other = amounts[kind], kind % 2, 1 - kind % 2
        assets = rates.burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
        out = assets
        if kind >= LONG_FLIP:
            out = rates.minted(assets, pool.balances[other], pool.supplies[other], mint_fee_wad)
        if out == 0 or (kind >= LONG_FLIP and out >= LIMIT - supplies[other]):
            continue
        outs[kind] = out
        balances[side] -= assets
        supplies[side] -= tokens
        burned[side] += tokens
        if kind >= LONG_FLIP:
            balances[other] += assets
            supplies[other] += out
            minted[other] += out
    for side in (LONG, SHORT):
        assets = amounts[LONG_MINT + side]
        out = rates.minted(assets, pool.balances[side], pool.supplies[side], mint_fee_wad)
        if out == 0 or out >= LIMIT - supplies[side] or assets >= LIMIT - sum(balances):
            continue
        outs[LONG_MINT + side] = out
        balances[side] += assets
        supplies[side] += out
        minted[side] += out
    return Executed(
        Pool((balances[0], balances[1]), (supplies[0], supplies[1])), outs, minted, burned
    )
