"""Claims about keepers, and about entering and leaving a market."""

from functools import cache
from typing import Any

import numpy as np

from perpools.quantities import GWEI
from perpools.sim.backtests import backtest
from perpools.sim.scene import Keeper
from perpools.spec import deployment, escrow, forecast, keeper_reward, orders, pairs, schedule
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import LONG_MINT
from perpools.spec.orders import Order
from perpools.spec.pool import Pool
from perpools.spec.state import Call, Market, replace
from perpools.spec.terms import Terms

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
    tiny,
)
from .drawing import BLUE, GREEN, ORANGE, line, name_axes, plain_ticks
from .scenery import CRYPTO, HOUR_S, brownian, market, play

PRICE = 100 * WAD
ETHER = 3_000.0
"""Collateral for one coin of the chain."""
GAS_PRICES = (0.02, 0.1, 0.5, 2.0, 10.0, 40.0, 100.0)
"""In gwei."""


@cache
def keepers_part(gwei: float, pool: float) -> float:
    """What keepers take in a year, as part of the pool: hourly events, none with orders."""
    keeper = Keeper(eth_price=ETHER, gas_price_gwei=gwei)
    known = brownian(CRYPTO, 24 * 30 + 1, HOUR_S)
    played = backtest(market("v1"), known, keeper=keeper, liquidity=pool / 2)
    return played.costs.keeper_share_of_pool


def keepers_cost() -> Verdict:
    """What keepers are paid in backtests of hourly events."""
    dear, cheap = keepers_part(40.0, 2e6), keepers_part(0.02, 2e6)
    return Verdict(
        judge(dear > 0.01, cheap > 0.01),
        "gas is dear or the pool is small. An hourly market on a chain of 40 gwei takes percents of"
        " its pool in a year, on one of 0.02 gwei next to nothing.",
        (
            Number("pool of 2 million, 40 gwei, ether at 3,000: a year", percent(dear, 2)),
            Number("the same at 0.02 gwei", percent(cheap, 4)),
            Number("pool of 200,000 at 40 gwei", percent(keepers_part(40.0, 2e5), 2)),
        ),
    )


def _draw_keepers(axes: Any) -> None:
    pools = (("200,000", 2e5, ORANGE), ("2 million", 2e6, BLUE), ("20 million", 2e7, GREEN))
    for name, pool, colour in pools:
        parts = [100 * keepers_part(gwei, pool) for gwei in GAS_PRICES]
        line(axes, GAS_PRICES, parts, f"pool of {name}", colour)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_ticks(axes.xaxis)
    plain_ticks(axes.yaxis)
    name_axes(axes, "gas price (gwei)", "paid to keepers in a year (% of the pool)")


def tip() -> Verdict:
    """The specification's tip after 0 to 19 and after 100 blocks."""
    terms = market("v1").terms(18)
    tips = [tip_after(terms, blocks) for blocks in (*range(20), 100)]
    wanted = [WAD * 5 * (1 + blocks) // 100 for blocks in (*range(20), 100)]
    return Verdict(
        judge(*(found == told for found, told in zip(tips, wanted, strict=True))),
        "the event is less than 20 blocks late: the tip ends at 100 %. It is counted in seconds of"
        " lateness over the chain's block time, which a market names, rather than in blocks.",
        (
            Number("tip at once", percent(tips[0] / WAD, 0)),
            Number("tip ten blocks late", percent(tips[10] / WAD, 0)),
            Number("tip a hundred blocks late (the sentence: 505 %)", percent(tips[-1] / WAD, 0)),
        ),
    )


def tip_after(terms: Terms, blocks: int) -> int:
    """The tip so many blocks after a grid point."""
    late_s = blocks * terms.block_time_s
    return keeper_reward.tip(late_s, terms.block_time_s, terms.tip_step_wad, terms.tip_max_wad)


def variable_fee() -> Verdict:
    """The specification's gas price for what keepers paid."""
    fast, premium = 30 * GWEI, 20 * GWEI
    paid = {gwei: keeper_reward.gas_price(gwei * GWEI, fast, premium) for gwei in (30, 50, 90)}
    return Verdict(
        judge(*(price == fast + premium for price in paid.values())),
        "the keeper itself paid that much or more. It is the most that is reimbursed; who pays"
        " less gets what it paid.",
        tuple(
            Number(f"fast price 30 gwei, paid {gwei} gwei: reimbursed", f"{price / GWEI:.0f} gwei")
            for gwei, price in paid.items()
        ),
    )


def fresh(preset: str) -> Market:
    """A market an instant after noon of its first day."""
    terms = market(preset).terms(18)
    return deployment.deploy(Call("deployer", 12 * HOUR_S), terms, PRICE, 10**6 * WAD)


def cutoff() -> Verdict:
    """The epochs that orders join, from second to second."""
    v1, v2 = fresh("v1"), fresh("v2")
    noon, last = 12 * HOUR_S, 55 * 60 - 1
    joined = [v1.epoch_joined(noon + second) - 12 for second in (0, last, last + 1)]
    behind = [v2.epoch_joined(noon + second) - 12 for second in (0, HOUR_S - 1)]
    return Verdict(
        judge(joined == [1, 1, 2], behind == [9, 9]),
        "To the second. With eight hours' notice and hourly events, an order is executed by the"
        " first event more than eight hours away, so several epochs wait at a time. The interval is"
        " a number of seconds, not of blocks.",
        (
            Number("v1: the last moment to join the event of 13:00:00", "12:54:59"),
            Number("v1: an order of 12:55:00 is executed as of", f"{12 + joined[2]}:00:00"),
            Number("v2: an order of 12:00:00 is executed as of", f"{12 + behind[0]}:00:00"),
        ),
    )


def mean_wait(preset: str) -> float:
    """Seconds from an order to its price, over all seconds of an hour."""
    terms = market(preset).terms(18)
    notice_s, interval_s = terms.front_running_interval_s, terms.interval_s
    waits = [
        schedule.epoch_joined(now, notice_s, interval_s) * interval_s - now
        for now in range(interval_s)
    ]
    return float(np.mean(waits))


def queue() -> Verdict:
    """The wait of an order placed in each second of an hour, and of a pair."""
    waits = {preset: mean_wait(preset) for preset in ("v1", "v2")}
    minted = pairs.mint(fresh("v2"), Call("trader", 12 * HOUR_S + 5), 100 * WAD).market
    pair_waits = minted.holdings[0].get("trader", 0) == 0
    return Verdict(
        judge(*(wait > 0 for wait in waits.values()), pair_waits),
        "it is about one side alone. A pair, the same part of both sides, has no price to know"
        " beforehand and is minted and redeemed at once.",
        (
            Number("v1: mean wait of an order", f"{waits['v1'] / 60:.0f} minutes"),
            Number("v2: mean wait of an order", f"{waits['v2'] / 3600:.1f} hours"),
            Number("wait of a pair", "none"),
        ),
    )


def received(state: Market, amount: int) -> int:
    """L-tokens for an order of so many base units that is alone in its epoch."""
    now = 12 * HOUR_S + 5
    wanted = Order(LONG_MINT, amount, "depositor", "depositor")
    placed = orders.place(state, Call("depositor", now), wanted).market
    done = forecast.after_all(placed, now, PRICE)
    return escrow.claimable(done.market, "depositor").long_tokens


def no_minimum() -> Verdict:
    """Orders of one base unit, placed and executed by the specification."""
    even = fresh("v2")
    dear = replace(even, pool=Pool((3 * 10**6 * WAD, 10**6 * WAD), even.pool.supplies))
    found = received(even, 1), received(dear, 1), received(dear, 3)
    return Verdict(
        judge(*(tokens > 0 for tokens in found)),
        "what is ordered is worth a base unit of the token. Every amount above zero is accepted;"
        " what would buy nothing is refunded.",
        (
            Number("base units of the token for 1 of collateral, at 1:1", f"{found[0]}"),
            Number("the same at 3 coins a token", f"{found[1]} (refunded)"),
            Number("for 3 base units at 3 coins a token", f"{found[2]}"),
        ),
    )


def moving_average() -> Verdict:
    """The executed prices of a backtest against means of spot prices."""
    column = play(market("v2"), brownian(CRYPTO, 200, HOUR_S)).columns
    spot, executed = column["spot"], column["new_price"]
    means = np.array([spot[place - 7 : place + 1].mean() for place in range(7, len(spot))])
    later = float(np.max(np.abs(executed[7:] / means - 1)))
    first = abs(executed[0] / (spot[0] / 8) - 1)
    return Verdict(
        judge(later < 1e-12, first < 1e-12),
        "eight prices there are. A new market averages those it has, the first of them the price"
        " of its deployment.",
        (Number("largest relative difference from the mean of eight", tiny(later)),),
    )


CLAIMS = (
    Claim(
        "keeper-payments",
        "Keeper payments are taken from the pool collateral and may be a non-trivial amount long"
        " term.",
        LITEPAPER,
        keepers_cost,
        Picture(
            _draw_keepers,
            "Hourly events without orders, gas as measured for an event, ether at 3,000.",
        ),
    ),
    Claim(
        "tip",
        "The tip is set to 5% of the variable fee (fast gas + 20 gwei), increasing by 5% for each"
        " block the job is not performed.",
        LITEPAPER,
        tip,
    ),
    Claim(
        "variable-fee",
        "Calculated as the fast gas price + 20 gwei.",
        LITEPAPER,
        variable_fee,
    ),
    Claim(
        "cut-off",
        "To be eligible for a given period, they must commit to the action before the front-running"
        " interval begins.",
        MECHANISM,
        cutoff,
    ),
    Claim(
        "queue",
        "Traders will need to queue to enter (mint) and exit (burn) a side.",
        INTRODUCTION,
        queue,
    ),
    Claim("no-minimum", "There is no minimum commit size in V2.", MECHANISM, no_minimum),
    Claim(
        "moving-average",
        "The wrapper stores the previous seven period's prices to add to the new response.",
        MECHANISM,
        moving_average,
    ),
)
