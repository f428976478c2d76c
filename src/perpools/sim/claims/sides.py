"""Claims about both sides: what one gains when the other pays, and what entering changes."""

from itertools import pairwise
from typing import Any

import numpy as np

from perpools.spec import deployment, measures, rates
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.kinds import LONG, LONG_BURN, LONG_FLIP, SHORT, SIDES
from perpools.spec.pool import Balances, Pool, execute, transfer_value
from perpools.spec.state import Call
from perpools.spec.transfer_curves import power
from perpools.spec.units import Assets

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
    tiny,
)
from .drawing import BLUE, GREY, ORANGE, line, name_axes, plain_ticks
from .scenery import market

TENTH = ONE // 10
SHORT_ASSETS = 10**6 * WAD
SKEWS = (0.1, 0.5, 0.9, 1.0, 1.5, 2.0, 7.0)
"""Long balance over short balance."""


def skewed(skew: float) -> Balances:
    """Balances with a million coins on the short side."""
    return round(SHORT_ASSETS * skew), SHORT_ASSETS


def moved(balances: Balances, fraction: int, winner: int) -> tuple[float, float]:
    """What both sides gain, as part of their own, when the loser pays a fraction."""
    old, new = (1, 2) if winner == LONG else (2, 1)
    after = transfer_value(balances, old, new, fraction)
    long, short = (later / now - 1 for now, later in zip(balances, after, strict=True))
    return long, short


def parity() -> Verdict:
    """Balances before and after transfers of 1, 10 and 50 %."""
    balances = skewed(1)
    gains = [moved(balances, ONE * n // 100, side)[side] for side in SIDES for n in (1, 10, 50)]
    exact = all(abs(gain - n / 100) < 1e-12 for gain, n in zip(gains, (1, 10, 50) * 2, strict=True))
    after = transfer_value(balances, 100, 101, power(100 * WAD, 101 * WAD, 3 * WAD))
    return Verdict(
        judge(exact),
        "Exactly, to the base unit. It takes one event to leave parity, though: what a rise of 1 %"
        " moves at 3x makes the sides differ by 6 %.",
        (
            Number("a transfer of 10 % at parity gains the other side", percent(gains[1], 2)),
            Number(
                "rebalancing rate after a rise of 1 % from parity, power 3x",
                signed(measures.rebalancing_rate(after) / WAD, 2),
            ),
        ),
    )


def gains_by_formula() -> Verdict:
    """Balances before and after a transfer, against the formula, at seven skews."""
    worst = 0.0
    for skew in SKEWS:
        balances = skewed(skew)
        rate = measures.rebalancing_rate(balances) / WAD
        for side, expected in ((LONG, 0.1 / (1 + rate)), (SHORT, 0.1 * (1 + rate))):
            real = moved(balances, TENTH, side)[side]
            by_spec = measures.gain(balances, side, TENTH) / ONE
            worst = max(worst, abs(real / expected - 1), abs(by_spec / expected - 1))
    long, short = (moved(skewed(1.5), TENTH, side)[side] for side in SIDES)
    return Verdict(
        judge(worst < 1e-12),
        "The balances after a transfer are those of the formula, up to the rounding of one base"
        " unit, at rates from −90 % to +600 %.",
        (
            Number("largest relative difference from the formula", tiny(worst)),
            Number("rate +50 %, transfer 10 %: long gains", percent(long, 2)),
            Number("rate +50 %, transfer 10 %: short gains", percent(short, 2)),
        ),
    )


def _draw_gains(axes: Any) -> None:
    skews = np.geomspace(0.2, 5, 120)
    for side, name, colour in ((LONG, "long", BLUE), (SHORT, "short", ORANGE)):
        gains = [100 * measures.gain(skewed(skew), side, TENTH) / ONE for skew in skews]
        line(axes, 100 * (skews - 1), gains, f"gain of the {name} side", colour)
    line(axes, 100 * (skews - 1), np.full(120, 10), "loss of either", GREY, "--")
    axes.set_xlim(-85, 400)
    plain_ticks(axes.xaxis)
    name_axes(axes, "rebalancing rate (%)", "gain or loss by a transfer of 10 %\n(% of the side)")


def asymmetric() -> Verdict:
    """Gain and loss of a side that holds half of the other."""
    small = moved(skewed(0.5), TENTH, LONG)[LONG], moved(skewed(0.5), TENTH, SHORT)[LONG]
    gain, loss = small[0], -small[1]
    effective = measures.effective_leverage(skewed(0.5), LONG, 3 * WAD) / WAD
    return Verdict(
        judge(gain > loss),
        "The smaller side wins more than it loses to the same transfer; its losses keep the"
        " market's leverage, its gains have more.",
        (
            Number("a side half as large gains from a transfer of 10 %", percent(gain)),
            Number("the same side loses to one", percent(loss)),
            Number("its leverage on small gains, in a market of 3x", f"{effective:.1f}x"),
        ),
    )


def larger_pays() -> Verdict:
    """A rise and the fall back, by which a constant price would have cost nothing."""
    balances, prices = skewed(1.5), (100 * WAD, 101 * WAD, 100 * WAD)
    after = balances
    for old, new in pairwise(prices):
        after = transfer_value(after, old, new, power(old, new, 3 * WAD))
    long, short = (later / now - 1 for now, later in zip(balances, after, strict=True))
    up = moved(balances, TENTH, LONG)[LONG] < 0.1 < moved(balances, TENTH, SHORT)[SHORT]
    return Verdict(
        judge(up, long < 0 < short),
        "At a rate of +50 % the long side gains less than the transfer and the short side more, so"
        " that when the price comes back the larger side has paid the smaller. It is not a fee that"
        " falls due: it is paid by way of moves, and where prices stand still nobody pays.",
        (
            Number("rate +50 %, price +1 % and back: long", signed(long, 2)),
            Number("rate +50 %, price +1 % and back: short", signed(short, 2)),
        ),
    )


def price_after(pool: Pool, kind: int, amount: int, fee_wad: int) -> float:
    """By how much the L-token's price changes when an order executes."""
    amounts = [0] * 6
    amounts[kind] = amount
    after = execute(pool, amounts, fee_wad, fee_wad).pool
    now, then = (rates.price_wad(p.balances[LONG], p.supplies[LONG], 1) for p in (pool, after))
    return then / now - 1


def minting_changes_nothing() -> Verdict:
    """The L-token's price before and after mints and burns of all sizes."""
    pool = Pool(skewed(1.3), (SHORT_ASSETS, SHORT_ASSETS))
    amounts: tuple[Assets, ...] = (1, 7 * WAD + 1, SHORT_ASSETS // 3, 10 * SHORT_ASSETS)
    free = [
        price_after(pool, kind, min(amount, SHORT_ASSETS // 2) if kind else amount, 0)
        for kind in (LONG, LONG_BURN)
        for amount in amounts
    ]
    charged = price_after(pool, LONG, SHORT_ASSETS // 10, WAD // 100)
    return Verdict(
        judge(max(map(abs, free)) < 1e-15, abs(charged) < 1e-15),
        "the market charges no mint or burn fee, as both published versions did not. A fee stays"
        " in the side, for those who hold it already.",
        (
            Number("largest change of the price, mints and burns", tiny(max(map(abs, free)))),
            Number("mint of 10 % of a side at a fee of 1 %: the price", signed(charged, 3)),
        ),
    )


def one_to_one() -> Verdict:
    """A market deployed by the specification, and its first mints."""
    terms = market("v2").terms(18)
    fresh = deployment.deploy(Call("deployer", 0), terms, 100 * WAD, SHORT_ASSETS)
    outs = execute(fresh.pool, (WAD, WAD, 0, 0, 0, 0), 0, 0).outs
    return Verdict(
        judge(outs[LONG] == WAD, outs[SHORT] == WAD),
        "In a new market one coin mints one token of either side, exactly, whatever the price of"
        " the underlying. A side is never without collateral later: its first tokens are locked.",
        (Number("tokens for 1 coin, long and short", f"{outs[LONG] / WAD}, {outs[SHORT] / WAD}"),),
    )


def flips() -> Verdict:
    """A flip against a burn and a mint, fees included."""
    pool, tokens = Pool(skewed(1.7), (SHORT_ASSETS, SHORT_ASSETS)), SHORT_ASSETS // 5
    amounts = [0] * 6
    amounts[LONG_FLIP] = tokens
    flipped = execute(pool, amounts, WAD // 200, WAD // 100).outs[LONG_FLIP]
    assets = rates.burned(tokens, pool.balances[LONG], pool.supplies[LONG], WAD // 100)
    minted = rates.minted(assets, pool.balances[SHORT], pool.supplies[SHORT], WAD // 200)
    return Verdict(
        judge(flipped == minted),
        "A flip is a burn and a mint at the rates of one event, fees included, to the base unit.",
        (Number("S-tokens by flip less those by burn and mint", f"{flipped - minted}"),),
    )


CLAIMS = (
    Claim(
        "parity-transfer",
        "In the case where long and short collateral is at parity, an x% transfer from one side"
        " will equate to an x% gain for the other side.",
        LITEPAPER,
        parity,
    ),
    Claim(
        "gain-by-rate",
        "the side’s gain is adjusted by the rebalancing rate",
        LITEPAPER,
        gains_by_formula,
        Picture(
            _draw_gains,
            "What a transfer of 10 % brings each side: a tenth of the other side, whatever that is"
            " of one's own.",
        ),
    ),
    Claim(
        "asymmetric-upside",
        "A favourable rebalancing rate presents asymmetric upside for the less collateralised"
        " side.",
        LITEPAPER,
        asymmetric,
    ),
    Claim(
        "larger-side-pays",
        "the side with more collateral pays an effective rate (rebalancing rate) to the side with"
        " less",
        INTRODUCTION,
        larger_pays,
    ),
    Claim(
        "minting-changes-nothing",
        "Minting (burning) activity does not change the price of the existing tokens",
        LITEPAPER,
        minting_changes_nothing,
    ),
    Claim(
        "one-to-one", "For new Pools, tokens are minted at a ratio of 1:1.", MECHANISM, one_to_one
    ),
    Claim(
        "flip",
        "the Pool keeps account first of the funds to be returned after the tokens are burned and"
        " then of the tokens to receive after the funds are added",
        MECHANISM,
        flips,
    ),
)
