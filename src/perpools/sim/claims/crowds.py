"""Claims about traders: skew farmers, and those who know what an average is about to do."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from perpools.sim.agents import Agent, Orders, View, order
from perpools.sim.arrays import Floats
from perpools.sim.backtests import Result
from perpools.sim.roster import recruit
from perpools.spec.transfer_curves import sigmoid

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
from .drawing import BLUE, GREY, ORANGE, line, name_axes
from .scenery import CRYPTO, DAY_S, HOUR_S, brownian, market, part, play

HALF_YEAR = 180 * 24 + 1
PATHS = 4
FARMERS_CASH = 5_000_000.0
STAKE, SMALL = 50_000.0, 100_000.0
RUNS = 24


class Crowd(NamedTuple):
    """Buyers who come once and stay: of L-tokens, or of S-tokens where the size is negative."""

    size: float = 1_000_000.0


def buy_once(my: Crowd, view: View) -> Orders:
    """Join a side at the first chance."""
    if view.step > 0:
        return order()
    return order(long_mint=max(my.size, 0.0), short_mint=max(-my.size, 0.0))


class Settled(NamedTuple):
    """A skew farmer who leaves a side no faster than it ceases to be the smaller one."""

    threshold: float = 0.005
    share: float = 0.5


def settle_in(my: Settled, view: View) -> Orders:
    """Half of what is missing to parity: first by leaving the larger side, then by joining."""
    missing = view.short_expected - view.long_expected
    hedge = (view.short_worth - view.long_worth) * view.leverage / view.price
    amount = abs(missing) * my.share
    if amount < my.threshold * (view.short_expected + view.long_expected):
        return order(hedge=hedge)
    if missing > 0.0 and view.short_tokens > 0.0:
        return order(short_burn=amount / view.short_rate, hedge=hedge)
    if missing < 0.0 and view.long_tokens > 0.0:
        return order(long_burn=amount / view.long_rate, hedge=hedge)
    return order(
        long_mint=amount if missing > 0.0 else 0.0,
        short_mint=amount if missing < 0.0 else 0.0,
        hedge=hedge,
    )


CROWD = Agent("crowd", buy_once, Crowd(), cash=1_000_000.0)
FARMERS: dict[str, tuple[Agent, ...]] = {
    "nobody": (),
    "hasty": recruit(f"skew-farmer:cash={FARMERS_CASH:.0f}"),
    "settled": (Agent("settled farmer", settle_in, Settled(), cash=FARMERS_CASH),),
}


@cache
def farmed(preset: str, who: str, path: int, volatility: float = CRYPTO) -> Result:
    """Half a year of hours that begins with a crowd on the long side."""
    known = brownian(volatility, HALF_YEAR, HOUR_S, path)
    return play(market(preset), known, (CROWD, *FARMERS[who]))


def rates(result: Result) -> Floats:
    """The rebalancing rate after each event."""
    found: Floats = result.series.long_balance / result.series.short_balance - 1
    return found


def typical_rate(preset: str, who: str) -> float:
    """How far the rate is from zero in the last 90 days: the median over all paths."""
    found = [np.abs(rates(farmed(preset, who, path))[-90 * 24 :]) for path in range(PATHS)]
    return float(np.median(np.concatenate(found)))


def converges() -> Verdict:
    """The rebalancing rate on four walks of half a year, after a crowd joined one side."""
    typical = {who: typical_rate("v1", who) for who in FARMERS}
    slow = {who: typical_rate("v2", who) for who in ("nobody", "settled")}
    soon = int(np.argmax(np.abs(rates(farmed("v1", "settled", 0))[1:]) < 0.05))
    return Verdict(
        judge(*(rate < 0.05 for rate in typical.values())),
        "somebody farms it, and leaves no faster than the skew does. Without farmers the price"
        " itself drives the sides apart. Farmers who leave all at once as soon as the sides are"
        " even take the balance with them; and an order that waits eight hours corrects a skew that"
        " has changed meanwhile.",
        (
            Number("distance of the rate from 0 %, v1: nobody farms", percent(typical["nobody"])),
            Number("v1: the simulator's skew farmer, all in, all out", percent(typical["hasty"])),
            Number("v1: a farmer who leaves gradually", percent(typical["settled"])),
            Number("v2 (orders wait 8 hours): nobody farms", percent(slow["nobody"])),
            Number("v2: a farmer who leaves gradually", percent(slow["settled"])),
            Number("v1: hours until the rate is within 5 % after the crowd joined", f"{soon}"),
        ),
    )


def _draw_rates(axes: Any) -> None:
    styles = {"nobody": (GREY, "-"), "hasty": (ORANGE, "--"), "settled": (BLUE, "-")}
    names = {
        "nobody": "nobody farms",
        "hasty": "farmer, all in, all out",
        "settled": "farmer who leaves gradually",
    }
    for who, (colour, style) in styles.items():
        shown = rates(farmed("v1", who, 0))[1 : 14 * 24 + 1]
        line(axes, np.arange(len(shown)) / 24, 100 * shown, names[who], colour, style)
    name_axes(axes, "days since the crowd joined the long side", "rebalancing rate (%)")


@cache
def farming(crowd: float, volatility: float) -> tuple[float, float]:
    """What a small hedged farmer earns in two weeks on its cash: mean and standard error."""
    farmer = Agent("farmer", settle_in, Settled(), cash=SMALL)
    crowds = Agent("crowd", buy_once, Crowd(crowd), cash=abs(crowd))
    walks = (brownian(volatility, 14 * 24 + 1, HOUR_S, path) for path in range(RUNS))
    played = (play(market("v1"), walk, (crowds, farmer)) for walk in walks)
    return spread([result.statistics.agents[1].profit / SMALL for result in played])


def spread(found: Sequence[float]) -> tuple[float, float]:
    """Mean and standard error."""
    return float(np.mean(found)), float(np.std(found, ddof=1) / len(found) ** 0.5)


def with_error(found: tuple[float, float], digits: int = 0) -> str:
    """A mean and its standard error, as people read them."""
    return f"{signed(found[0], digits)} ± {percent(found[1], digits)}"


def farming_pays() -> Verdict:
    """The profit of a small farmer, hedged outside, after a crowd joined one side."""
    long, short, calm = farming(1e6, CRYPTO), farming(-1e6, CRYPTO), farming(1e6, 0.05)
    return Verdict(
        judge(*(mean > 3 * error for mean, error in (long, short, calm))),
        "A farmer too small to close the gap, hedged outside at 0.05 % a trade, earns it as long as"
        " it lasts. It pays by the price's moves, hence little where they are small.",
        (
            Number("profit in 14 days on the cash, long twice short, 80 %", with_error(long)),
            Number("the same, short twice long (the farmer is long)", with_error(short)),
            Number("long twice short, volatility 5 %", with_error(calm, 1)),
        ),
    )


class Eager(NamedTuple):
    """Somebody who always bets that the average goes on towards the price."""

    size: float = STAKE


def bet_on_the_lag(my: Eager, view: View) -> Orders:
    """Long while the price is above what the market executed last, short while below."""
    missing = my.size - view.long_worth - view.short_worth
    if view.price > view.average:
        return order(long_mint=missing, short_flip=view.short_tokens)
    return order(short_mint=missing, long_flip=view.long_tokens)


RUNNER = Agent("eager", bet_on_the_lag, Eager(), cash=10 * STAKE, acts_after_s=None)
COMBINATIONS = ((1, "5m"), (8, "5m"), (1, "8h"), (8, "8h"))


@cache
def front_run(periods: int, notice: str) -> tuple[float, float]:
    """What a front-runner earns in 30 days, as part of the stake: mean and standard error."""
    more = f'front_running_interval = "{notice}"\n[price]\nsma_periods = {periods}\n'
    file = market("v2", more=more + '[fees]\nmanagement = "0%/year"\n')
    found = [
        play(file, brownian(CRYPTO, 30 * DAY_S // 300, 300, path), (RUNNER,))
        .statistics.agents[0]
        .profit
        / STAKE
        for path in range(RUNS)
    ]
    return spread(found)


def interval_protects() -> Verdict:
    """The profit of a front-runner under each pair of average and interval."""
    found = {combination: front_run(*combination) for combination in COMBINATIONS}
    harmless = [mean < max(3 * error, 0.05) for mean, error in found.values()]
    smooth = 1 + 0.1 / 8
    return Verdict(
        judge(*harmless),
        "it is as long as the average: eight hours for eight prices. The average tells beforehand"
        " where it goes, so with five minutes' notice it is a gift to whoever looks; a spot price"
        " gives nothing away, and who chases it joins the larger side and pays for that."
        " What the average buys is calm: a wrong price of an hour moves it by an eighth of that.",
        (
            *(
                Number(
                    f"profit in 30 days on the stake, SMA of {periods}, interval {notice}",
                    with_error(earned),
                )
                for (periods, notice), earned in found.items()
            ),
            Number(
                "a spot price wrong by +10 % for an hour takes (sigmoid 3x)", percent(part_of(1.1))
            ),
            Number("the same in an average of 8, at first", percent(part_of(smooth))),
        ),
    )


def part_of(factor: float) -> float:
    """What the sigmoid takes when the executed price rises by a factor."""
    return part(sigmoid, factor - 1)


def _draw_front_run(axes: Any) -> None:
    found = [front_run(*combination) for combination in COMBINATIONS]
    labels = [f"SMA of {periods}\ninterval {notice}" for periods, notice in COMBINATIONS]
    colours = [ORANGE if mean > 3 * error and mean > 0.05 else BLUE for mean, error in found]
    means = [100 * mean for mean, _ in found]
    errors = [300 * error for _, error in found]
    axes.bar(labels, means, color=colours, width=0.55, yerr=errors, ecolor=GREY, capsize=5)
    for place, (mean, error) in enumerate(zip(means, errors, strict=True)):
        text = f"{mean:+,.0f} %".replace("-", "−")
        axes.text(place, max(mean + error, 0) + 30, text, ha="center")
    axes.set_ylim(top=max(means) * 1.25)
    axes.axhline(0, color=GREY, linewidth=0.8)
    name_axes(
        axes,
        "prices in the average, and notice that orders give",
        "front-runner's profit in 30 days\n(% of the stake, ± 3 errors)",
    )


CLAIMS = (
    Claim(
        "rate-converges",
        "We expect this rebalancing rate to tend towards 0% in a Perpetual Pool",
        LITEPAPER,
        converges,
        Picture(
            _draw_rates,
            "A crowd doubles the long side in the first hour; one seeded walk of hours, volatility"
            " 80 %, preset v1.",
        ),
    ),
    Claim(
        "farming-pays",
        "This asymmetric upside on the short side, incentivizes traders to mint into it.",
        INTRODUCTION,
        farming_pays,
    ),
    Claim(
        "interval-against-front-running",
        "This interval prevents users from taking advantage of the Pricing.",
        MECHANISM,
        interval_protects,
        Picture(
            _draw_front_run,
            "Prices of every five minutes, hourly events; the front-runner acts in the last second"
            f" that still joins the epoch and lets profits run. {RUNS} seeded walks of 30 days.",
        ),
    ),
)
