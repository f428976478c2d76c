"""
The fraction pass of the lane kernel: from prices to what each side keeps of itself, for all lanes.

It depends on the interval, the average, the curve and the leverage alone: settings that share
those share it.
"""

from typing import Any, NamedTuple

from .lane_pools import LANES, inlined, part
from .pool import LEAST_KEPT, LINEAR, SIGMOID
from .vector_math import exp, log

WHOLE_POWER = 3
"""Beside the curves of `pool`: a power whose exponent is a whole number below 16."""


class Curve(NamedTuple):
    """One setting of the fraction pass."""

    every: int
    """Steps of the prices between two grid points of the market."""
    periods: int
    kind: int
    leverage: float
    cap: float


PRICE, TOTAL, AVERAGE, GROWN, LONG_CONSTANT, SHORT_CONSTANT, LARGEST = range(7)
"""
Rows of a curve's state: the price, the sum of the samples, their average at the last event, the
price's growth since, what constant leverage outside came to, the largest fraction.
"""
CURVE_ROWS = 7


@inlined
def keeps(curve: Curve, kind: int, ratio: float) -> float:
    """What the losing side keeps (R6) where the average moved to `ratio` of the higher one."""
    if kind == SIGMOID:
        e: float = exp(2.0 * curve.leverage * (ratio - 1.0))
        return 2.0 * e / (1.0 + e)
    if kind == LINEAR:
        return 1.0 - min(curve.leverage * (1.0 - ratio), curve.cap)
    if kind == WHOLE_POWER:
        n, second = int(curve.leverage), ratio * ratio
        fourth = second * second
        low = (ratio if n & 1 else 1.0) * (second if n & 2 else 1.0)
        return low * (fourth if n & 4 else 1.0) * (fourth * fourth if n & 8 else 1.0)
    kept: float = exp(max(curve.leverage * log(ratio), -700.0))
    return kept


@inlined
def average_row(inverse: float, kept: Any, sample: Any, state: Any) -> None:
    """
    Record a sample over the oldest, 0 where there is none; `kept` gets the ratio of the averages
    before and after it, below zero where the price fell. `inverse`: one over their number.
    """
    for lane in range(LANES):
        price, old = state[PRICE, lane], state[AVERAGE, lane]
        total = state[TOTAL, lane] + (price - sample[lane])
        new = total * inverse
        sample[lane] = price
        state[TOTAL, lane] = total
        state[AVERAGE, lane] = new
        ratio = min(old, new) / max(old, new)
        kept[lane] = ratio if new >= old else -ratio


@inlined
def sum_rows(ring: Any, periods: int, total: Any) -> None:
    """The sum of the samples anew: what rounding left of larger prices goes."""
    for lane in range(LANES):
        total[lane] = 0.0
    for row in range(periods):
        for lane in range(LANES):
            total[lane] += ring[row, lane]


@inlined
def split_row(curve: Curve, kind: int, long_kept: Any, short_kept: Any, largest: Any) -> None:
    """From the ratio of averages (in `long_kept`) to what both sides keep."""
    for lane in range(LANES):
        ratio = long_kept[lane]
        kept = max(keeps(curve, kind, abs(ratio)), LEAST_KEPT)
        largest[lane] = max(largest[lane], 1.0 - kept)
        long_kept[lane] = 1.0 if ratio > 0.0 else kept
        short_kept[lane] = kept if ratio > 0.0 else 1.0


@inlined
def watch_row(leverage: float, growth: Any, state: Any) -> None:
    """What constant leverage outside would have come to, and the growth since the last event."""
    for lane in range(LANES):
        grown = state[GROWN, lane]
        growth[lane] = grown
        state[GROWN, lane] = 1.0
        gain = leverage * (grown - 1.0)
        state[LONG_CONSTANT, lane] *= max(1.0 + gain, 0.0)
        state[SHORT_CONSTANT, lane] *= max(1.0 - gain, 0.0)


@inlined
def price_row(grown: Any, state: Any) -> None:
    """One step of the price."""
    for lane in range(LANES):
        state[PRICE, lane] *= grown[lane]
        state[GROWN, lane] *= grown[lane]


@inlined
def split(curve: Curve, long_kept: Any, short_kept: Any, largest: Any) -> None:
    """`split_row` for any kind: each is a loop of its own."""
    if curve.kind == SIGMOID:
        split_row(curve, SIGMOID, long_kept, short_kept, largest)
    elif curve.kind == LINEAR:
        split_row(curve, LINEAR, long_kept, short_kept, largest)
    elif curve.kind == WHOLE_POWER:
        split_row(curve, WHOLE_POWER, long_kept, short_kept, largest)
    else:
        split_row(curve, 0, long_kept, short_kept, largest)


@part
def bend(curve: Curve, steps: tuple[int, int], growths: Any, moves: Any, tables: Any) -> int:
    """
    So many steps of the price: `moves` get what both sides keep at each event and the growth of
    the price since the event before. `steps` are the first one's number (from 1) and how many;
    `tables` are the curve's state and its ring of samples. How many events there were.
    """
    (first, count), (long_kept, short_kept, growth), (state, ring) = steps, moves, tables
    events = 0
    for at in range(count):
        price_row(growths[at], state)
        if (first + at) % curve.every == 0:
            number = (first + at) // curve.every
            if number % curve.periods == 0:
                sum_rows(ring, curve.periods, state[TOTAL])
            inverse = 1.0 / min(number + 1, curve.periods)
            average_row(inverse, long_kept[events], ring[number % curve.periods], state)
            split(curve, long_kept[events], short_kept[events], state[LARGEST])
            watch_row(curve.leverage, growth[events], state)
            events += 1
    return events
