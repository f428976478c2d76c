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
SMALLEST = 1e-9
"""An order of less, in whole units, is none: rounding must not trade."""


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


def fix_outs(pool: Pool, amounts: Row, mint_fee: float, burn_fee: float, outs: Row) -> None:
    """
    What one unit ordered of each kind receives at the rates of `pool`: burns, flips, then mints of
    one epoch (R5). -1: the batch is refunded, it would lift a supply beyond its limit (R12).
    """
    long_supply, short_supply = pool.long_supply, pool.short_supply
    for kind in (2, 3, 4, 5, 0, 1):
        outs[kind] = 0.0
        if amounts[kind] > 0.0:
            out = _out(pool, kind, mint_fee, burn_fee)
            tokens = 0.0 if kind in (2, 3) else amounts[kind] * out
            into = kind % 2 if kind < 2 else 1 - kind % 2
            if tokens >= LIMIT - (long_supply if into == LONG else short_supply):
                outs[kind] = -1.0
            else:
                outs[kind] = out
                burnt = 0.0 if kind < 2 else amounts[kind]
                long_supply += (tokens if into == LONG else 0.0) - (0.0 if into == LONG else burnt)
                short_supply += (0.0 if into == LONG else tokens) - (burnt if into == LONG else 0.0)


def _out(pool: Pool, kind: int, mint_fee: float, burn_fee: float) -> float:
    """What one unit of a kind is worth."""
    side = kind % 2
    if kind < 2:
        return (1.0 - mint_fee) / rate(pool, side)
    left = rate(pool, side) * (1.0 - burn_fee)
    return left if kind < 4 else left * (1.0 - mint_fee) / rate(pool, 1 - side)


def balance_after(
    pool: Pool, side: int, left: float, amounts: Row, burn_fee: float, outs: Row
) -> float:
    """
    A side's balance after a batch at the rates of `pool`; `left` is its supply once all burns and
    flips are gone. What stays is worth the rate, and nothing is subtracted: a balance keeps its
    digits even where nearly everybody leaves.
    """
    own, other = rate(pool, side), 1 - side
    burnt = amounts[2 + side] + (amounts[4 + side] if outs[4 + side] >= 0.0 else 0.0)
    minted = amounts[side] if outs[side] >= 0.0 else 0.0
    flipped = amounts[4 + other] if outs[4 + other] >= 0.0 else 0.0
    entered = minted + flipped * rate(pool, other) * (1.0 - burn_fee)
    return left * own + burnt * own * burn_fee + entered


def rate(pool: Pool, side: int) -> float:
    """Collateral for one token of a side."""
    if side == LONG:
        return pool.long / pool.long_supply
    return pool.short / pool.short_supply
