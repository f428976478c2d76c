"""
What an event does to the pool: both balances and both supplies (R1, R5, R8, R9, R12). Mirrors
`contracts/lib/pool.vy`.

Every step conserves by subtraction: what leaves one place is what arrives at the other, never
computed twice. The sum of both balances, and each supply, stays below 2**128.
"""

from collections.abc import Sequence
from typing import NamedTuple

from . import rates
from .fixed_point import ONE, mul_div_down
from .kinds import LONG, LONG_BURN, LONG_FLIP, SHORT_BURN, SHORT_FLIP, SIDES
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
    """What one event did with an epoch's batches so far."""

    pool: Pool
    outs: tuple[int, ...] = (0,) * 6
    """What each batch received, by kind; 0 for a batch with orders means that it is refunded."""
    minted: tuple[Tokens, Tokens] = (0, 0)
    burned: tuple[Tokens, Tokens] = (0, 0)


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
    The value transfer: both balances after the side the price moved against paid `fraction`
    of its own, rounded down, to the other (R5).
    """
    long, short = balances
    if new_price >= old_price:
        paid = mul_div_down(short, fraction, ONE)
        return long + paid, short - paid
    paid = mul_div_down(long, fraction, ONE)
    return long - paid, short + paid


def execute(pool: Pool, amounts: Sequence[int], mint_fee_wad: Wad, burn_fee_wad: Wad) -> Executed:
    """
    Burns, flips, then mints of one epoch, all at the rates of `pool` (R5).

    A batch that would receive nothing, or lift a supply or the pool to 2**128 (R12), is left out.
    """
    done = Executed(pool)
    for kind in (LONG_BURN, SHORT_BURN, LONG_FLIP, SHORT_FLIP):
        if amounts[kind] != 0:
            done = leave(done, pool, kind, amounts[kind], mint_fee_wad, burn_fee_wad)
    for side in SIDES:
        if amounts[side] != 0:
            done = enter(done, pool, side, amounts[side], mint_fee_wad)
    return done


def leave(
    done: Executed, pool: Pool, kind: int, tokens: Tokens, mint_fee_wad: Wad, burn_fee_wad: Wad
) -> Executed:
    """Execute a batch that burns, and flips where `kind` is a flip, at the rates of `pool`."""
    side, other = kind % 2, 1 - kind % 2
    assets = rates.burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
    out, after = assets, done
    if kind >= LONG_FLIP:
        out = rates.minted(assets, pool.balances[other], pool.supplies[other], mint_fee_wad)
        if out >= LIMIT - done.pool.supplies[other]:
            return done
        grown = Pool(
            _plus(done.pool.balances, other, assets), _plus(done.pool.supplies, other, out)
        )
        after = done._replace(pool=grown, minted=_plus(done.minted, other, out))
    if out == 0:
        return done
    shrunk = Pool(
        _plus(after.pool.balances, side, -assets), _plus(after.pool.supplies, side, -tokens)
    )
    return Executed(
        shrunk, _with_out(after.outs, kind, out), after.minted, _plus(after.burned, side, tokens)
    )


def enter(done: Executed, pool: Pool, side: int, assets: Assets, mint_fee_wad: Wad) -> Executed:
    """Execute a batch that mints, at the rates of `pool`."""
    out = rates.minted(assets, pool.balances[side], pool.supplies[side], mint_fee_wad)
    too_much = out >= LIMIT - done.pool.supplies[side] or assets >= LIMIT - sum(done.pool.balances)
    if out == 0 or too_much:
        return done
    grown = Pool(_plus(done.pool.balances, side, assets), _plus(done.pool.supplies, side, out))
    return Executed(
        grown, _with_out(done.outs, side, out), _plus(done.minted, side, out), done.burned
    )


def _plus(pair: tuple[int, int], side: int, change: int) -> tuple[int, int]:
    return (pair[0] + change, pair[1]) if side == LONG else (pair[0], pair[1] + change)


def _with_out(outs: tuple[int, ...], kind: int, out: int) -> tuple[int, ...]:
    return (*outs[:kind], out, *outs[kind + 1 :])
