"""
What an event does to the pool: both balances and both supplies (R1, R5, R8, R9, R12). Mirrors
`contracts/lib/pool.vy`.

Every step conserves by subtraction: what leaves one place is what arrives at the other, never computed
twice. The sum of both balances, and each supply, stays below 2**128.
"""

from typing import NamedTuple

from . import rates
from .fixed_point import ONE, mul_div_down
from .kinds import LONG_BURN, LONG_FLIP, LONG_MINT, SIDES
from .units import Assets, Fraction, Tokens, Wad

LOCKED = 10**12
"""Base units of each token locked for ever: a millionth of a token, so that no supply is ever zero."""

LIMIT = 2**128
"""No amount, balance or supply reaches it: two fit one word and their product fits 256 bits."""


class Pool(NamedTuple):
    """Both sides, long first: their collateral and their tokens' supplies."""

    balances: tuple[Assets, Assets]
    supplies: tuple[Tokens, Tokens]


class Executed(NamedTuple):
    """What one event did with an epoch's six batches."""

    pool: Pool
    outs: list[int]
    """What each batch received, by kind; 0 for a batch with orders means that it is refunded."""
    minted: list[Tokens]
    burned: list[Tokens]


def charge(pool: Pool, fraction: Fraction) -> tuple[Pool, Assets]:
    """The pool after both sides paid `fraction` of their balance, each rounded down, and what they paid."""
    long, short = pool.balances
    long_fee, short_fee = mul_div_down(long, fraction, ONE), mul_div_down(short, fraction, ONE)
    return pool._replace(balances=(long - long_fee, short - short_fee)), long_fee + short_fee


def movable(pool: Pool, fraction: Fraction) -> Fraction:
    """
    The part of a side that a price move takes: never everything, and nothing while a side consists of
    its locked tokens alone, for then nobody stands on the other side (R1).
    """
    if LOCKED in pool.supplies:
        return 0
    return min(fraction, ONE - 1)


def transfer_value(pool: Pool, old_price: Wad, new_price: Wad, fraction: Fraction) -> Pool:
    """The side the price moved against pays `fraction` of its balance, rounded down, to the other (R5)."""
    long, short = pool.balances
    if new_price >= old_price:
        paid = mul_div_down(short, fraction, ONE)
        return pool._replace(balances=(long + paid, short - paid))
    paid = mul_div_down(long, fraction, ONE)
    return pool._replace(balances=(long - paid, short + paid))


def pay(pool: Pool, assets: Assets) -> tuple[Pool, Assets]:
    """Take at most `assets` from both sides in proportion, each rounded down; and what was taken (R9)."""
    long, short = pool.balances
    long_part, short_part = mul_div_down(assets, long, long + short), mul_div_down(assets, short, long + short)
    return pool._replace(balances=(long - long_part, short - short_part)), long_part + short_part


def execute(pool: Pool, amounts: list[int], mint_fee_wad: Wad, burn_fee_wad: Wad) -> Executed:
    """
    Burns, flips, then mints of one epoch, all at the rates of `pool` (R5).

    A batch that would receive nothing, or lift a supply or the pool to 2**128 (R12), is left out.
    """
    balances, supplies = list(pool.balances), list(pool.supplies)
    outs, minted, burned = [0] * 6, [0, 0], [0, 0]
    for side in SIDES:
        tokens = amounts[LONG_BURN + side]
        assets = rates.burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
        if assets != 0:
            outs[LONG_BURN + side] = assets
            balances[side] -= assets
            burned[side] += tokens
            supplies[side] -= tokens
    for side in SIDES:
        tokens, other = amounts[LONG_FLIP + side], 1 - side
        assets = rates.burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
        out = rates.minted(assets, pool.balances[other], pool.supplies[other], mint_fee_wad)
        if 0 < out < LIMIT - supplies[other]:
            outs[LONG_FLIP + side] = out
            balances[side] -= assets
            balances[other] += assets
            burned[side] += tokens
            supplies[side] -= tokens
            minted[other] += out
            supplies[other] += out
    for side in SIDES:
        assets = amounts[LONG_MINT + side]
        out = rates.minted(assets, pool.balances[side], pool.supplies[side], mint_fee_wad)
        if 0 < out < LIMIT - supplies[side] and assets < LIMIT - sum(balances):
            outs[LONG_MINT + side] = out
            balances[side] += assets
            minted[side] += out
            supplies[side] += out
    return Executed(Pool((balances[0], balances[1]), (supplies[0], supplies[1])), outs, minted, burned)
