"""Claims about large moves: what can be lost, and what is dampened."""

from itertools import pairwise
from typing import Any

import numpy as np

from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.pool import movable, transfer_value
from perpools.spec.terms import MAX_LEVERAGE_WAD, MIN_LEVERAGE_WAD
from perpools.spec.transfer_curves import TransferFunction, power, sigmoid

from .claim import (
    INTRODUCTION,
    LITEPAPER,
    MECHANISM,
    Claim,
    Number,
    Picture,
    Verdict,
    judge,
    percent,
    signed,
)
from .drawing import BLUE, GREEN, GREY, ORANGE, line, name_axes, plain_ticks
from .scenery import CURVES, MILLION, part, shown

MOVES = tuple(move / 100 for move in (1, 2, 5, 10, 20, 30, 50, 75, 99))


def left(curve: TransferFunction, old: int, new: int, leverage: int) -> int:
    """What a move leaves a side of a million coins, in base units."""
    fraction = movable((MILLION, MILLION), curve(old, new, leverage))
    return min(transfer_value((MILLION, MILLION), old, new, fraction))


def never_everything() -> Verdict:
    """The lowest and the highest price there are, through all functions and leverages."""
    extremes = (1, MAX_PRICE - 1)
    worst = min(
        left(curve, *prices, leverage)
        for curve in CURVES.values()
        for prices in (extremes, extremes[::-1])
        for leverage in (MIN_LEVERAGE_WAD, 3 * WAD, MAX_LEVERAGE_WAD)
    )
    falls = next(n for n in range(1, 1_000) if (1 - part(power, -0.1)) ** n < 1e-6)
    return Verdict(
        judge(worst >= 1),
        "The most extreme move that the protocol knows leaves at least one base unit, whatever the"
        " function and the leverage, and tokens stay tokens. It is a promise about zero, not about"
        " little: losses of one event after the other multiply.",
        (
            Number("left of 1,000,000 coins in the worst of all events", f"{worst} base unit"),
            Number("left after a fall of 50 % in one event, power 3x", percent(0.5**3)),
            Number("left after a fall of 90 % in one event, power 3x", percent(0.1**3, 2)),
            Number("falls of 10 %, one after the other, to a millionth (power 3x)", f"{falls}"),
        ),
    )


def _draw_left(axes: Any) -> None:
    falls = np.concatenate((np.linspace(0.005, 0.99, 150), [0.995, 0.999]))
    for (name, curve), colour in zip(CURVES.items(), (BLUE, ORANGE, GREEN), strict=True):
        kept = [100 * (1 - part(curve, -fall)) for fall in falls]
        line(axes, 100 * falls, kept, f"{name}, 3x", colour, "--" if name == "linear" else "-")
    times = np.where(falls < 1 / 3, 100 * (1 - 3 * falls), np.nan)
    line(axes, 100 * falls, times, "times 3x (nothing left at 33 %)", GREY, ":")
    axes.set_yscale("log")
    axes.set_ylim(0.001, 130)
    plain_ticks(axes.yaxis)
    name_axes(axes, "fall of the price in one event (%)", "left of the long side (%)")


def dampened() -> Verdict:
    """Transfers over times leverage, from moves of 1 % to moves of 99 %."""
    excess = [part(power, sign * move) / (3 * move) for move in MOVES for sign in (1, -1)]
    shrinking = all(
        part(power, sign * more) / more < part(power, sign * less) / less
        for less, more in pairwise(MOVES)
        for sign in (1, -1)
    )
    rows = [("+", 0.5), ("+", 1.0), ("-", 0.5)]
    return Verdict(
        judge(max(excess) < 1 and shrinking),
        "At 3x every move transfers less than three times itself, and the larger the move, the"
        " smaller the part of that.",
        tuple(
            Number(
                f"a move of {signed(move if sign == '+' else -move, 0)} transfers, instead of"
                f" {percent(3 * move, 0)}",
                percent(part(power, move if sign == "+" else -move)),
            )
            for sign, move in rows
        ),
    )


def downside_minimised() -> Verdict:
    """What an L-token loses by a fall, beside times leverage and the same rise."""
    below_times = all(part(power, -move) < 3 * move for move in MOVES)
    below_gains = all(part(power, -move) < part(power, move) for move in MOVES)
    return Verdict(
        judge(below_times, below_gains),
        "each is compared with times leverage. It is the upside that is dampened more: a fall of"
        " 10 % costs more than a rise of 10 % brings. Moves by the same factor, up or down, are"
        " worth the same part.",
        (
            Number("L-token at parity, price +1 %, 3x power", signed(part(power, 0.01), 2)),
            Number("L-token at parity, price −1 %", signed(-part(power, -0.01), 2)),
            Number("L-token at parity, price +10 %", signed(part(power, 0.1))),
            Number("L-token at parity, price −10 %", signed(-part(power, -0.1))),
            Number(
                "L-token at parity, price −9.09 % (by the factor of +10 %)",
                signed(-part(power, 1 / 1.1 - 1)),
            ),
        ),
    )


def above_the_market() -> Verdict:
    """An L-token and the underlying, after falls of up to 20 %."""
    ahead = [-part(curve, -move) > -move for curve in (power, sigmoid) for move in MOVES[:5]]
    return Verdict(
        judge(*ahead),
        "In a falling market the L-token loses more than the underlying: that is what leverage is.",
        (
            Number("underlying, L-token (power 3x)", f"−10.0 %, {signed(-part(power, -0.1))}"),
            Number("underlying, L-token (sigmoid 3x)", f"−10.0 %, {signed(-part(sigmoid, -0.1))}"),
        ),
    )


def asymptote() -> Verdict:
    """What the sigmoid gives for a rise by a factor of 10^15."""
    most = {leverage: part(sigmoid, 1e15, leverage) for leverage in (1, 2, 3, 10)}
    return Verdict(
        judge(*(value > 0.9999 for value in most.values())),
        "the leverage is high. The function's argument is the move 1 − min/max, which stays below"
        " one, so its limit is tanh(L), not 1: at 1x no event moves more than 76 %. The protection"
        " that the sentence is about is the stronger for it.",
        tuple(
            Number(f"largest transfer at {leverage}x", percent(value, 2))
            for leverage, value in most.items()
        ),
    )


def no_limit() -> Verdict:
    """The bounds that the specification sets."""
    return Verdict(
        judge(MAX_LEVERAGE_WAD > 10**6 * WAD),
        "A market has a leverage from 0.1 to 100. More would mean little: at 100x a move of 1 %"
        " already takes most of a side.",
        (
            Number("lowest, highest leverage", f"{MIN_LEVERAGE_WAD / WAD}, 100"),
            Number("a fall of 1 % at 100x takes (power)", percent(part(power, -0.01, 100))),
        ),
    )


CLAIMS = (
    Claim(
        "never-lose-everything",
        "so users can never lose 100% of their collateral",
        LITEPAPER,
        never_everything,
        Picture(_draw_left, "What one event leaves of the side that the price moved against."),
    ),
    Claim(
        "extreme-moves",
        "dampens returns to extreme price movements",
        LITEPAPER,
        dampened,
        None,
        shown("power", 100, 200),
    ),
    Claim(
        "downside-minimised",
        "The upside is slightly less than a typical (times) leverage while the downside is"
        " minimized.",
        INTRODUCTION,
        downside_minimised,
    ),
    Claim(
        "above-the-market",
        "while also dampening the downside ensuring you’re still up the broader market",
        INTRODUCTION,
        above_the_market,
    ),
    Claim(
        "sigmoid-asymptote",
        "is asymptotic to 1",
        MECHANISM,
        asymptote,
    ),
    Claim("no-leverage-limit", "zero limits set on leverage", LITEPAPER, no_limit),
)
