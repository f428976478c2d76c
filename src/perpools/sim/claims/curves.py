"""Claims about one move of the price: how the transfer functions follow times leverage."""

from functools import cache
from typing import Any

import numpy as np

from perpools.sim.statistics import NEAR
from perpools.spec.transfer_curves import Linear, TransferFunction, power, sigmoid

from . import scenery
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
from .drawing import BLUE, GREEN, GREY, ORANGE, PINK, line, name_axes
from .scenery import CRYPTO, DAY_S, DAYS, HOUR_S, HOURS, brownian, market, part, play, shown

LINEAR = Linear()
LEVERAGES = (1, 2, 3, 5, 10)
VOLATILITIES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4)
"""Of a year, one event a day."""


def error(curve: TransferFunction, move: float, leverage: float) -> float:
    """How far a transfer is from the leverage times the move, as part of the latter."""
    return part(curve, move, leverage) / (leverage * abs(move)) - 1


def reach(curve: TransferFunction, sign: int, leverage: float = 3) -> float:
    """The largest move of a sign, in hundredths of a per cent, that is still near the leverage."""
    point = 1
    while point < 9_999 and abs(error(curve, sign * point / 10_000, leverage)) <= NEAR:
        point += 1
    return sign * (point - 1) / 10_000


@cache
def near(volatility: float, interval: str, transfer: str) -> float:
    """The part of all events whose transfer is near the leverage."""
    step_s, size = (HOUR_S, HOURS) if interval == "1h" else (DAY_S, 10 * DAYS)
    file = market("v1", more=f'interval = "{interval}"\ntransfer = "{transfer}"\n')
    known = brownian(volatility, size + 1, step_s)
    return play(file, known).statistics.transfer.near_leverage


@cache
def near_euro(transfer: str) -> float:
    """The same of the ECB's fixings, day by day."""
    file = market("v1", more=f'interval = "1d"\ntransfer = "{transfer}"\n')
    return play(file, scenery.euro()).statistics.transfer.near_leverage


def almost_times() -> Verdict:
    """Transfers over times leverage, move by move, and their part of all events on walks."""
    hourly, daily = near(CRYPTO, "1h", "power"), near(CRYPTO, "1d", "power")
    up, down = reach(power, 1), reach(power, -1)
    return Verdict(
        judge(hourly >= 0.95, daily >= 0.95),
        f"an interval moves the price by less than {signed(up, 2)} or {signed(down, 2)} (3x): up to"
        " there a transfer is within 5 % of times leverage. Hourly events of an asset with 80 %"
        " yearly volatility are; many of its daily ones are not.",
        (
            Number("hourly events within 5 % of 3x, volatility 80 %", percent(hourly)),
            Number("daily events within 5 % of 3x, volatility 80 %", percent(daily)),
            Number("a rise of 10 % at 3x moves, instead of 30 %", percent(part(power, 0.1))),
            Number("a fall of 10 % at 3x moves, instead of 30 %", percent(part(power, -0.1))),
        ),
    )


def _draw_figure_1(axes: Any) -> None:
    moves = np.linspace(-0.99, 1, 200)
    for leverage, colour in ((2, BLUE), (3, ORANGE)):
        gains = [np.sign(move) * part(power, move, leverage) for move in moves]
        line(axes, 100 * moves, 100 * np.array(gains), f"{leverage}p", colour)
        line(axes, 100 * moves, 100 * leverage * moves, f"{leverage}x", colour, "--")
    axes.set_ylim(-150, 150)
    name_axes(axes, "move of the underlying (%)", "move of the L-token at parity (%)")


def near_leverage() -> Verdict:
    """The statistic `near_leverage` of backtests: ECB fixings and seeded walks."""
    shares = {v: near(v, "1d", "power") for v in VOLATILITIES}
    typical = (near_euro("power"), near(CRYPTO, "1h", "power"), shares[0.7], shares[0.8])
    events = [v / DAYS**0.5 for v in VOLATILITIES]
    at = float(np.interp(-0.7, [-share for share in shares.values()], events))
    return Verdict(
        judge(*(abs(share - 0.7) <= 0.05 for share in typical)),
        f"the moves from event to event have a standard deviation of about {percent(at)}: daily"
        " events of an asset with 70 % yearly volatility. Calmer markets or shorter intervals are"
        " near the target almost always; the sigmoid is more often.",
        (
            Number("EUR/USD, daily, power 3x, within 5 % of the target", percent(typical[0])),
            Number("volatility 80 %, hourly, power 3x", percent(typical[1])),
            Number("volatility 70 %, daily, power 3x", percent(typical[2])),
            Number("volatility 80 %, daily, power 3x", percent(typical[3])),
            Number("volatility 80 %, daily, sigmoid 3x", percent(near(CRYPTO, "1d", "sigmoid"))),
        ),
    )


def _draw_near(axes: Any) -> None:
    events = [100 * volatility / DAYS**0.5 for volatility in VOLATILITIES]
    for transfer, colour in (("power", BLUE), ("sigmoid", ORANGE)):
        shares = [100 * near(volatility, "1d", transfer) for volatility in VOLATILITIES]
        line(axes, events, shares, f"{transfer}, 3x", colour)
    line(axes, (events[0], events[-1]), (70, 70), "the claim", GREY, ":")
    for label, volatility in (("EUR/USD, daily", 0.095), ("80 % a year, hourly", CRYPTO / 24**0.5)):
        axes.axvline(100 * volatility / DAYS**0.5, color=GREEN, linewidth=0.9)
        axes.text(100 * volatility / DAYS**0.5 + 0.05, 42, label, rotation=90, fontsize=8)
    axes.set_ylim(40, 102)
    name_axes(
        axes, "standard deviation of the price's move in an interval (%)", "events near 3x (%)"
    )


def against_linear() -> Verdict:
    """Both functions over moves of either sign, up to a fall of 99.9 %."""
    small, large, ruin = (part(sigmoid, -fall) for fall in (0.1, 0.5, 1 / 3))
    reaches = reach(sigmoid, -1), reach(sigmoid, 1)
    falls = [fall / 1_000 for fall in range(1, 1_000)]
    return Verdict(
        judge(all(part(sigmoid, -fall) < min(3 * fall, 1) for fall in falls)),
        "Linear leverage of 3x takes everything from a fall of a third on; the sigmoid stays below"
        " it, the more so the larger the move, and below everything. What is left can be little:"
        " see [sigmoid-asymptote](#sigmoid-asymptote). (The protocol's own linear function, which"
        " neither version had, is capped at 99 %.)",
        (
            Number("a fall of 10 % at 3x moves: linear, sigmoid", f"30.0 %, {percent(small)}"),
            Number("a fall of 33 % at 3x moves: linear, sigmoid", f"100.0 %, {percent(ruin)}"),
            Number("a fall of 50 % at 3x moves: linear, sigmoid", f"150.0 %, {percent(large)}"),
            Number(
                "within 5 % of times leverage, moves from, to",
                f"{signed(reaches[0])}, {signed(reaches[1])}",
            ),
        ),
    )


def _draw_sigmoid(axes: Any) -> None:
    moves = np.linspace(-0.6, 0.6, 200)
    for label, curve, colour, style in (
        ("sigmoid", sigmoid, ORANGE, "-"),
        ("linear in 1 − min/max, capped", LINEAR, BLUE, "--"),
        ("power", power, PINK, "-."),
    ):
        line(axes, 100 * moves, [100 * part(curve, move) for move in moves], label, colour, style)
    line(axes, 100 * moves, 300 * abs(moves), "times", GREY, ":")
    axes.set_ylim(0, 110)
    name_axes(
        axes, "move of the underlying in an interval (%)", "part of the losing side moved, 3x (%)"
    )


def performs_best() -> Verdict:
    """Which of both functions is nearer to times leverage, move by move."""
    moves = [move / 1_000 for move in range(-300, 301, 5) if move]
    nearer = {
        leverage: sum(
            abs(error(power, move, leverage)) < abs(error(sigmoid, move, leverage))
            for move in moves
        )
        / len(moves)
        for leverage in LEVERAGES
    }
    return Verdict(
        judge(*(share > 0.5 for share in nearer.values())),
        "the leverage is 1x. The litepaper does not say how it measures; by the distance from times"
        " leverage over moves of up to 30 %, the sigmoid of the second version, which meets both"
        " conditions too, is nearer at every leverage above 1x that was tried.",
        tuple(
            Number(f"moves at which power is nearer than sigmoid, {leverage}x", percent(share))
            for leverage, share in nearer.items()
        ),
    )


CLAIMS = (
    Claim(
        "times-against-power",
        "Power leverage gives returns almost equivalent to “times” leverage for typical price"
        " movements",
        LITEPAPER,
        almost_times,
        Picture(
            _draw_figure_1,
            "The litepaper's figure 1: what an L-token gains at parity with power leverage (p)"
            " against times leverage (x).",
        ),
        shown("power", 100, 110),
    ),
    Claim(
        "near-leverage",
        "returns go up to a certain target (say 3x) but not completely ~70% of the time",
        INTRODUCTION,
        near_leverage,
        Picture(
            _draw_near,
            "Events that move within 5 % of three times the price's move, by how much prices move"
            " from event to event (seeded walks, ten years of daily events).",
        ),
    ),
    Claim(
        "sigmoid-against-linear",
        "This function protects parties from bankruptcy in the event of anomalous hourly price"
        " movements",
        MECHANISM,
        against_linear,
        Picture(
            _draw_sigmoid,
            "What each function takes from the losing side at 3x: the mechanism page's figure, with"
            " the power function of the first version and times leverage beside it.",
        ),
        shown("sigmoid", 100, 50),
    ),
    Claim(
        "performs-best",
        "The function that performs best under these conditions is:",
        LITEPAPER,
        performs_best,
    ),
)
