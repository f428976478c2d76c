"""Claims about safety: what is owed is there, nobody is liquidated, nobody has to look after it."""

from itertools import pairwise
from typing import Any

import numpy as np

from perpools.sim import exact
from perpools.sim.backtests import set_up
from perpools.sim.books import COLUMNS
from perpools.sim.paths import Jumps, spots
from perpools.sim.roster import recruit
from perpools.spec import deployment, escrow, forecast, invariants, orders
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import LONG, LONG_MINT
from perpools.spec.orders import Order
from perpools.spec.pool import movable, transfer_value
from perpools.spec.state import Call, Escrow, Market
from perpools.spec.transfer_curves import power

from .claim import LITEPAPER, Claim, Number, Picture, Verdict, judge, signed
from .drawing import BLUE, GREY, ORANGE, line, name_axes
from .scenery import DAY_S, HOUR_S, HOURS, MILLION, euro, listed, market, play


def sat_through(prices: tuple[int, ...]) -> list[float]:
    """Worth of an L-token, one coin at first, at each of these prices (power, 3x, parity first)."""
    balances, worth = (MILLION, MILLION), [1.0]
    for old, new in pairwise(prices):
        fraction = movable((MILLION, MILLION), power(old, new, 3 * WAD))
        balances = transfer_value(balances, old, new, fraction)
        worth.append(balances[LONG] / MILLION)
    return worth


def never_liquidated() -> Verdict:
    """A fall of 90 % and back; the supply of L-tokens over all ECB fixings."""
    _, low, back = sat_through((100 * WAD, 10 * WAD, 100 * WAD))
    supplies = play(market("v1", more='interval = "1d"\n'), euro()).columns["long_supply"]
    return Verdict(
        judge(low > 0, back > 1, bool(np.ptp(supplies) == 0)),
        "Nothing takes tokens from a holder: who sits through a fall of 90 % still owns the same"
        " share of the side, and takes part in what comes after. A position of 3x on margin ends"
        " at a fall of a third. (Here the S-tokens stay too; were they sold at the bottom, there"
        " would be little to win back.)",
        (
            Number("L-token after the price fell by 90 % (power 3x)", signed(low - 1)),
            Number("the same token once the price is back", signed(back - 1)),
            Number("a position of 3x on margin", "−100.0 %, for good"),
            Number("tokens taken in 26 years of daily events", f"{np.ptp(supplies):.0f}"),
        ),
    )


def _draw_fall(axes: Any) -> None:
    levels = np.concatenate((np.geomspace(100, 10, 31), np.geomspace(10, 100, 31)[1:]))
    worth = sat_through(tuple(round(float(level) * WAD) for level in levels))
    margin = np.maximum(1 + 3 * (levels / 100 - 1), 0)
    margin[np.argmax(margin == 0) :] = 0
    line(axes, range(61), 100 * np.array(worth), "L-token, power 3x", BLUE)
    line(axes, range(61), levels, "underlying", GREY, ":")
    line(axes, range(61), 100 * margin, "3x on margin, a loan taken once", ORANGE, "--")
    name_axes(axes, "events", "worth, of the beginning (%)")


def fully_collateralised() -> Verdict:
    """The exact engine with all agents on jumping prices, every state checked."""
    levels = spots(Jumps(1.2, jumps=300.0, jump_size=0.3), 1, 0, 400, HOUR_S)
    scene = set_up(market("v1"), listed("jumps", levels.tolist(), HOUR_S), recruit("all"))
    seen, bad = [0], list[str]()

    def look(state: Market) -> None:
        seen[0] += 1
        bad.extend(invariants.broken(state))

    played = exact.play(scene, lambda _, __: None, look)
    worst = max(row[COLUMNS.index("fraction")] for row in played.events)
    return Verdict(
        judge(not bad),
        "In every state of a market played by the specification itself, with all of the"
        " simulator's agents and prices that jump, the collateral held covers both sides, fees,"
        " escrow and waiting orders, to the base unit.",
        (
            Number("states checked", f"{seen[0]:,}"),
            Number(
                "invariants checked in each, broken", f"{len(invariants.INVARIANTS)}, {len(bad)}"
            ),
            Number("largest transfer on the way", f"{100 * worst:.0f} % of a side"),
        ),
    )


def without_upkeep() -> Verdict:
    """A market of the specification that nobody calls for a month."""
    terms = market("v1").terms(18)
    fresh = deployment.deploy(Call("deployer", 0), terms, 100 * WAD, MILLION)
    wanted = Order(LONG_MINT, WAD, "depositor", "depositor")
    waiting = orders.place(fresh, Call("depositor", 10), wanted).market
    month = 30 * DAY_S
    alone = escrow.claimable(waiting, "depositor") != Escrow()
    calls = forecast.after_all(waiting, month, 120 * WAD)
    served = escrow.claimable(calls.market, "depositor") != Escrow()
    idle = forecast.after_all(fresh, month, 120 * WAD)
    return Verdict(
        judge(served and len(idle.events) == 1, alone),
        "it is about holders, who have nothing to maintain: no margin, no expiry. A market needs"
        " somebody who calls: until then no value moves and no order is executed. After a month of"
        " silence one call catches up, and one more for each epoch that has orders.",
        (
            Number("calls that a market of hourly events takes in a year", f"{HOURS:,}"),
            Number("calls after a month without any, no order waits", f"{len(idle.events)}"),
            Number("orders executed in a month without a call", f"{int(alone)} of 1"),
        ),
    )


CLAIMS = (
    Claim(
        "non-liquidatable",
        "zero risk of liquidation",
        LITEPAPER,
        never_liquidated,
        Picture(
            _draw_fall,
            "The price falls by 90 % in 30 events and comes back in 30; nobody enters or leaves.",
        ),
    ),
    Claim(
        "fully-collateralised",
        "These positions are non-liquidatable, fully collateralised",
        LITEPAPER,
        fully_collateralised,
    ),
    Claim(
        "without-upkeep",
        "and can exist perpetually without upkeep",
        LITEPAPER,
        without_upkeep,
    ),
)
