"""
The pool in floating point: the numbers of `spec.pool`, `spec.fees` and `spec.rates` without their
roundings.

Every function here also compiles with Numba, hence plain numbers and no classes but tuples.
"""

from collections.abc import MutableSequence
from math import exp, expm1, log, log1p, tanh
from typing import NamedTuple

POWER, SIGMOID, LINEAR = range(3)
NO_TRIGGER, PRICE_CHANGE, MOMENTUM = range(3)
LONG, SHORT = 0, 1

LEAST_KEPT = 1e-36
"""A side never loses everything."""
ONE_UNIT = 1e-18
"""Less than a base unit no side can hold."""
LOCKED = 1e-6
"""Whole tokens of each side locked for ever."""
LIMIT = 2.0**128 / 1e18
"""No supply reaches it."""


Row = MutableSequence[float]
"""A list, or where it is compiled an array."""
Part = tuple[float, float]
"""What part of its balance a side pays, and what part it keeps."""


class Pool(NamedTuple):
    """Both sides, in whole units."""

    long: float
    short: float
    long_supply: float
    short_supply: float


class Rules(NamedTuple):
    """A market's terms as numbers; what never changes in a run."""

    curve: int
    leverage: float
    cap: float
    trigger: int
    threshold: float
    longest_wait: int
    """In intervals; with a trigger."""
    sma_periods: int
    interval_s: int
    notice_s: int
    """The front-running interval."""
    mint_fee_step: float
    mint_fee_max: float
    burn_fee: float
    management: float
    """Per interval."""
    cost_quiet: float
    """Gas of an event without orders, in collateral."""
    cost_busy: float
    block_time_s: int
    tip_step: float
    tip_max: float
    reward_cap: float
    late_s: int


def fraction(rules: Rules, old: float, new: float) -> Part:
    """
    What part of its balance the side pays that the move went against, and what part it keeps
    (R6): both to full precision, however small.
    """
    low, high = min(old, new), max(old, new)
    move = (high - low) / high
    if rules.curve == POWER:
        logarithm = log1p(-move) if move < 0.5 else log(low / high)
        return -expm1(rules.leverage * logarithm), exp(rules.leverage * logarithm)
    if rules.curve == SIGMOID:
        return tanh(rules.leverage * move), 2.0 / (1.0 + exp(2.0 * rules.leverage * move))
    part = min(rules.leverage * move, rules.cap)
    return part, 1.0 - part


def movable(pool: Pool, part: Part) -> Part:
    """What of it really moves: nothing while a side is its locked tokens alone (R1)."""
    if min(pool.long_supply, pool.short_supply) <= LOCKED * (1.0 + 1e-9):
        return 0.0, 1.0
    return part[0], max(part[1], LEAST_KEPT)


def transfer(pool: Pool, old: float, new: float, part: Part) -> Pool:
    """The value transfer (R5)."""
    paid, kept = part
    if new >= old:
        long, short = pool.long + pool.short * paid, max(pool.short * kept, ONE_UNIT)
    else:
        long, short = max(pool.long * kept, ONE_UNIT), pool.short + pool.long * paid
    return Pool(long, short, pool.long_supply, pool.short_supply)


def management_part(rules: Rules, intervals: int) -> float:
    """The management fee for so many intervals, as part of each side (R8)."""
    if intervals == 1:
        return rules.management
    return -expm1(intervals * log1p(-rules.management))


def charge(pool: Pool, part: float) -> Pool:
    """Both sides after each gave a part of itself."""
    long, short = pool.long - pool.long * part, pool.short - pool.short * part
    return Pool(long, short, pool.long_supply, pool.short_supply)


def next_mint_fee(rules: Rules, fee: float, pool: Pool) -> float:
    """The mint fee after an event that settled at this pool's rates (R8)."""
    if rules.mint_fee_step == 0.0:
        return fee
    if (pool.long / pool.long_supply) * (pool.short / pool.short_supply) > 1.0:
        return fee - min(rules.mint_fee_step, fee)
    return min(fee + rules.mint_fee_step, rules.mint_fee_max)


def reward_part(rules: Rules, pool: Pool, busy: bool, late_s: int) -> float:
    """The keeper's pay as part of the pool (R9)."""
    total = pool.long + pool.short
    tip = min(rules.tip_step * (1 + late_s // rules.block_time_s), rules.tip_max)
    cost = rules.cost_busy if busy else rules.cost_quiet
    return min(cost * (1.0 + tip) / total, rules.reward_cap)


def is_met(rules: Rules, prices: tuple[float, float, float], waited: int) -> bool:
    """Whether an event without orders is due; `prices`: last average, new average, spot (R7)."""
    old, new, spot = prices
    if rules.trigger == NO_TRIGGER or waited >= rules.longest_wait:
        return True
    if rules.trigger == PRICE_CHANGE:
        return abs(new - old) >= rules.threshold * old
    return abs(spot - new) >= rules.threshold * new


def execute(pool: Pool, amounts: Row, mint_fee: float, burn_fee: float, outs: Row) -> Pool:
    """
    Burns, flips, then mints of one epoch at the rates of `pool` (R5); `outs` gets what one unit
    ordered receives of each kind, and -1 where the batch is refunded (R12).
    """
    done = pool
    for kind in range(2, 6):
        outs[kind] = 0.0
        if amounts[kind] > 0.0:
            done = _leave(done, pool, kind, amounts[kind], mint_fee, burn_fee, outs)
    for side in range(2):
        outs[side] = 0.0
        if amounts[side] > 0.0:
            done = _enter(done, pool, side, amounts[side], mint_fee, outs)
    return done


def _leave(
    done: Pool, pool: Pool, kind: int, tokens: float, mint_fee: float, burn_fee: float, outs: Row
) -> Pool:
    side = kind % 2
    rate = _rate(pool, side) * (1.0 - burn_fee)
    if kind < 4:
        outs[kind] = rate
        return _grown(done, side, -tokens * rate, -tokens)
    into = rate * (1.0 - mint_fee) / _rate(pool, 1 - side)
    if tokens * into >= LIMIT - _supply(done, 1 - side):
        outs[kind] = -1.0
        return done
    outs[kind] = into
    return _grown(
        _grown(done, 1 - side, tokens * rate, tokens * into), side, -tokens * rate, -tokens
    )


def _enter(done: Pool, pool: Pool, side: int, assets: float, mint_fee: float, outs: Row) -> Pool:
    into = (1.0 - mint_fee) / _rate(pool, side)
    if assets * into >= LIMIT - _supply(done, side):
        outs[side] = -1.0
        return done
    outs[side] = into
    return _grown(done, side, assets, assets * into)


def _rate(pool: Pool, side: int) -> float:
    if side == LONG:
        return pool.long / pool.long_supply
    return pool.short / pool.short_supply


def _supply(pool: Pool, side: int) -> float:
    return pool.long_supply if side == LONG else pool.short_supply


def _grown(pool: Pool, side: int, assets: float, tokens: float) -> Pool:
    if side == LONG:
        return Pool(pool.long + assets, pool.short, pool.long_supply + tokens, pool.short_supply)
    return Pool(pool.long, pool.short + assets, pool.long_supply, pool.short_supply + tokens)
