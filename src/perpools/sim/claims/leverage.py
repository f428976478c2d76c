"""Claims about holding a token: constant leverage, decay, and other prices than the spot's."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from perpools.sim.arrays import Floats
from perpools.sim.prices import Prices
from perpools.sim.statistics import constant_leverage, returns
from perpools.spec.fees import YEAR_S
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.transfer_curves import TransferFunction, power, sigmoid

from .claim import INTRODUCTION, LITEPAPER, Claim, Number, Picture, Verdict, judge, percent, signed
from .drawing import BLUE, GREY, ORANGE, PINK, line, name_axes, plain_ticks
from .scenery import CRYPTO, DAY_S, HOUR_S, HOURS, brownian, euro, listed

VOLATILITIES = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
SIGNS = {"long": 1, "short": -1}


class Held(NamedTuple):
    """Worth over time of one unit on each side, in a pool that is brought back to parity."""

    long: Floats
    short: Floats


def held(prices: Sequence[int], curve: TransferFunction = power) -> Held:
    """Tokens at parity before every event: what one side loses of its own, the other gains."""
    worth = [(1.0, 1.0)]
    for old, new in pairwise(prices):
        part = curve(old, new, 3 * WAD) / ONE
        up = 1 if new >= old else -1
        long, short = worth[-1]
        worth.append((long * (1 + up * part), short * (1 - up * part)))
    return Held(*np.array(worth).T)


def gap(known: Prices, side: str, curve: TransferFunction = power) -> float:
    """What a token at parity is worth beyond a constantly rebalanced position, in a year."""
    moves = returns(np.array([wad / WAD for wad in known.wads]))
    ideal = constant_leverage(moves, 3.0 * SIGNS[side])
    years = (known.times[-1] - known.times[0]) / YEAR_S
    ratio: float = getattr(held(known.wads, curve), side)[-1] / ideal
    return float(ratio ** (1 / years) - 1)


@cache
def gap_at(volatility: float, side: str) -> float:
    """The same of a year of hours."""
    return gap(brownian(volatility, HOURS + 1, HOUR_S), side)


def like_constant_leverage() -> Verdict:
    """Tokens at parity before every event against 3x rebalanced at every event."""
    known = brownian(CRYPTO, HOURS + 1, HOUR_S)
    moves = returns(np.array([wad / WAD for wad in known.wads]))
    fit = float(np.corrcoef(3 * moves, returns(held(known.wads).long))[0, 1])
    euros = [gap(euro(), side) for side in SIGNS]
    gaps = [gap_at(CRYPTO, side) for side in SIGNS]
    both_low = gap_at(0.1, "long"), gap_at(0.1, "short")
    return Verdict(
        judge(max(map(abs, both_low)) <= 0.02, max(map(abs, gaps)) <= 0.02),
        "prices move little in a year. From event to event both are hard to tell apart, but a pool"
        " applies its leverage to the logarithm of the price, so that the L-token falls behind by"
        " about half the leverage times the variance, and the S-token is ahead by about as much (of"
        " its logarithm), with either function: next to nothing for currencies, most of the worth"
        " for a crypto asset.",
        (
            Number("correlation of hourly returns with 3x, volatility 80 %", f"{fit:.4f}"),
            Number("volatility 10 %: long, short, after a year", pair(both_low)),
            Number("EUR/USD since 1999, daily: long, short, each year", pair(euros)),
            Number("volatility 80 %: long, short, after a year", pair(gaps)),
            Number("the same with the sigmoid: long", signed(gap(known, "long", sigmoid))),
        ),
    )


def pair(values: Sequence[float]) -> str:
    """Both sides' numbers."""
    return ", ".join(map(signed, values))


def _draw_gap(axes: Any) -> None:
    volatilities = np.array(VOLATILITIES)
    for side, colour in (("long", BLUE), ("short", ORANGE)):
        ratios = [1 + gap_at(volatility, side) for volatility in VOLATILITIES]
        axes.plot(100 * volatilities, ratios, "o", color=colour, label=f"{side}, hourly, power 3x")
    fine = np.linspace(0.05, 1.2, 60)
    for sign, colour in ((-1, BLUE), (1, ORANGE)):
        theory = np.exp(sign * 1.5 * fine**2)
        line(axes, 100 * fine, theory, f"exp({'−' if sign < 0 else '+'}L/2 · σ²)", colour, "--")
    axes.axhline(1, color=GREY, linewidth=1)
    axes.set_yscale("log")
    plain_ticks(axes.yaxis)
    axes.set_yticks([0.1, 0.2, 0.5, 1, 2, 5, 10])
    name_axes(
        axes, "volatility of a year (%)", "token over constant leverage,\nafter a year (ratio)"
    )


def pattern(kind: str, count: int = 30) -> Floats:
    """Prices that move by 4 % each time: back and forth, or up all the time; or not at all."""
    steps: Floats = np.full(count, 0.04)
    if kind == "swinging":
        steps[1::2] = -steps[1::2] / (1 + steps[1::2])
    factors: Floats = np.concatenate((np.ones(1), 1 + steps))
    return 100 * factors.cumprod()


def against_loan(levels: Floats, side: str) -> float:
    """What a token at parity returned beyond three times the price's return."""
    total = float(getattr(held(listed("pattern", levels.tolist(), DAY_S).wads), side)[-1]) - 1
    loan = 3.0 * SIGNS[side] * float(levels[-1] / levels[0] - 1)
    return total - max(loan, -1.0)


def decay() -> Verdict:
    """Tokens at parity against three times the price's return, on patterns and walks."""
    swinging = [against_loan(pattern("swinging"), side) for side in SIGNS]
    trending = [against_loan(pattern("trending"), side) for side in SIGNS]
    walks = [brownian(CRYPTO, 30 * 24 + 1, HOUR_S, path) for path in range(40)]
    walked = [against_loan(np.array([w / WAD for w in walk.wads]), "long") for walk in walks]
    behind = sum(value < 0 for value in walked) / len(walked)
    return Verdict(
        judge(max(swinging) < 0, max(trending) < 0),
        "the price swings: both sides lose, in a pool at parity, and those who keep it at parity"
        " win that. In a trend there is growth instead: the winner beats three times the price's"
        " return, and the loser loses less than a loan would have. Without anybody who restores"
        " parity a pool is zero-sum: both sides together never decay.",
        (
            Number("price ±4 %, 30 moves, back at the start: long, short", pair(swinging)),
            Number("30 moves of +4 %, beyond 3x the price's return: long, short", pair(trending)),
            Number("30 days of a walk, 80 %: L-tokens behind a loan of 3x", percent(behind, 0)),
            Number("mean of those, beyond 3x the price's return", signed(float(np.mean(walked)))),
        ),
    )


def _draw_decay(axes: Any) -> None:
    shown = (("trending", "long", BLUE, "-"), ("swinging", "long", ORANGE, "-"))
    for kind, side, colour, style in (*shown, ("swinging", "short", PINK, "--")):
        levels = pattern(kind)
        loan = 1 + 3 * SIGNS[side] * (levels / 100 - 1)
        token = getattr(held(listed(kind, levels.tolist(), DAY_S).wads), side)
        name = f"{'L' if side == 'long' else 'S'}-token, price {kind}"
        line(axes, range(len(levels)), token / loan, name, colour, style)
    axes.axhline(1, color=GREY, linewidth=1)
    axes.set_yscale("log")
    axes.set_yticks([0.8, 1, 1.5, 2, 3])
    axes.minorticks_off()
    plain_ticks(axes.yaxis)
    name_axes(
        axes,
        "events, the price moves by 4 % in each",
        "token over a loan of 3x taken once\n(ratio)",
    )


def averaged(levels: Floats, periods: int) -> list[int]:
    """Executed prices in base units: the mean of the last so many, of fewer at first."""
    sums = np.cumsum(np.concatenate((np.zeros(1), levels)))
    last = np.arange(1, len(levels) + 1)
    first = np.maximum(last - periods, 0)
    return [round(float(mean) * WAD) for mean in (sums[last] - sums[first]) / (last - first)]


@cache
def inputs(days: int, side: str) -> tuple[float, float]:
    """Over seeded walks: how far SMA tokens end from spot tokens, and their mean ratio."""
    logs = []
    for path in range(30):
        walk = brownian(CRYPTO, days * 24 + 1, HOUR_S, path)
        levels = np.array([wad / WAD for wad in walk.wads])
        spot, smooth = (getattr(held(p), side)[-1] for p in (walk.wads, averaged(levels, 8)))
        logs.append(float(np.log(smooth / spot)))
    return float(np.mean(np.abs(logs))), float(np.exp(np.mean(logs)) - 1)


def other_inputs() -> Verdict:
    """Tokens at parity on averages of eight prices and on spot prices, on 30 walks."""
    day, (_, long), (_, short) = (
        inputs(1, "long")[0],
        inputs(30, "long"),
        inputs(30, "short"),
    )
    return Verdict(
        judge(day < 0.05, min(long, short) > 0),
        "On an average of eight hours a token follows late, by a few per cent after a day. Over a"
        " month it ends higher, on both sides: the average swings less, and there is less decay."
        " What that costs is notice: see"
        " [interval-against-front-running](#interval-against-front-running).",
        (
            Number("held a day, 80 %: typical distance of both tokens", percent(day)),
            Number("held 30 days: on the average beyond on the spot, long", signed(long)),
            Number("held 30 days: on the average beyond on the spot, short", signed(short)),
        ),
    )


CLAIMS = (
    Claim(
        "constant-leverage",
        "users’ returns are expected to simulate a constantly rebalancing leveraged position",
        LITEPAPER,
        like_constant_leverage,
        Picture(
            _draw_gap,
            "A token in a pool that is at parity before every event, over a position that is"
            " rebalanced to 3x at every event: one year of hours for each dot, and what leverage on"
            " the logarithm comes to where moves are small (dashed).",
        ),
    ),
    Claim(
        "volatility-decay",
        "The downside is volatility decay.",
        INTRODUCTION,
        decay,
        Picture(
            _draw_decay,
            "A token at parity (power) over three times the price's return, when the price moves by"
            " 4 % in one direction, and when it goes back and forth.",
        ),
    ),
    Claim(
        "other-inputs",
        "we expect it to perform similarly (if not better) under different inputs",
        LITEPAPER,
        other_inputs,
    ),
)
