"""
What else an attacker could think of; each ends with nothing gained and nobody harmed but itself.
"""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import (
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    LONG_TOKENS,
    SHORT,
    SHORT_MINT,
)
from perpools.spec.state import MARKET, Escrow
from tests.scenarios.stage import (
    ATTACKER,
    DEPOSITOR,
    KEEPER,
    OTHER,
    START_PRICE,
    TOKEN,
    UNIT,
    VICTIM,
    WAD,
    Stage,
)
from tests.stateful.surroundings import ANSWERS, SILENT
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

DAY_S = 86_400


def test_dust_orders_for_a_victim_cost_it_nothing(stage: Stage) -> None:
    """An attacker pays for orders that are the victim's: in every epoch, for weeks."""
    stage.order(LONG_MINT, 100 * UNIT, VICTIM)
    for _ in range(70):
        for kind in (LONG_MINT, SHORT_MINT):
            stage.order(kind, 1, ATTACKER, controller=VICTIM)
        stage.settle()
    claimed = stage.claim(VICTIM)
    assert claimed.long_tokens + claimed.short_tokens == 100 * TOKEN + 140 * TOKEN // UNIT
    stage.order(LONG_BURN, stage.held(VICTIM, LONG), VICTIM)


def test_a_stranger_cannot_make_a_victims_escrow_claimable(stage: Stage) -> None:
    """
    A04: a tip for somebody else is refused, so that escrow waits for the order it was kept for.
    """
    stage.order(LONG_MINT, UNIT, VICTIM)
    stage.settle()
    tipped = stage.refused("place_order", LONG_MINT, 1, sender=ATTACKER, controller=VICTIM, value=1)
    assert tipped == "tip: not the controller's"
    assert stage.refused("claim", VICTIM, sender=ATTACKER) == "claim: not tipped"
    stage.order(LONG_BURN, TOKEN, VICTIM, from_escrow=TOKEN)


def test_a_pair_around_an_event_gains_nothing(new_stage: NewStage) -> None:
    """
    R11: minted before and redeemed after a jump, a pair is worth what was paid, less rounding.
    """
    for move in (2, 1):
        stage = new_stage()
        stage.until(stage.market.last_epoch + 1)
        paid = 10**6 * UNIT
        before = stage.coin.balances[ATTACKER]
        minted = stage.do("mint_pair", paid, sender=ATTACKER)
        stage.set_price(START_PRICE * move * 3 // 4)
        stage.event()
        assert minted.long_tokens == minted.short_tokens
        stage.do("redeem_pair", minted.long_tokens, sender=ATTACKER)
        assert before - 2 <= stage.coin.balances[ATTACKER] <= before


def test_a_pair_around_an_event_with_fees_gains_its_share_of_them_at_most(
    new_stage: NewStage,
) -> None:
    """
    Fees of orders stay in the sides, and whoever holds a side has its share of them, a pair minted
    a moment before included. That is all there is to have: the price move is neither side's.
    """
    stage = new_stage(mint_fee_wad=WAD // 10, mint_fee_max_wad=WAD // 10)
    stage.order(LONG_MINT, 1_000 * UNIT)
    stage.until(stage.market.earliest_waiting)
    minted = stage.do("mint_pair", 6_000 * UNIT, sender=ATTACKER)
    stage.set_price(START_PRICE * 2)
    stage.event()
    redeemed = stage.do("redeem_pair", minted.long_tokens, sender=ATTACKER)
    assert 6_000 * UNIT < redeemed.long_assets + redeemed.short_assets <= 6_100 * UNIT


@pytest.mark.parametrize("donated", [1, UNIT, 10**6 * UNIT])
def test_donations_move_no_price(new_stage: NewStage, donated: int) -> None:
    """
    Collateral and tokens sent to the market are nobody's: rates, claims and pairs ignore them.
    """
    ends = []
    for gift in (0, donated):
        stage = new_stage()
        stage.mint_coins(MARKET, gift)
        if gift:
            stage.do("transfer", LONG, MARKET, TOKEN, sender="deployer")
        stage.order(LONG_MINT, UNIT)
        stage.settle(START_PRICE * 2)
        stage.check()
        ends.append((stage.market.pool, stage.claim()[2:]))
    assert ends[0] == ends[1]


def test_a_wind_down_with_too_little_gas_is_refused(stage: Stage) -> None:
    """A live feed must not look dead because it was given nothing to answer with."""
    stage.advance(31 * DAY_S)
    assert stage.refused("wind_down", sender=ATTACKER, gas=500_000) == "wind-down: too little gas"
    assert stage.refused("wind_down", sender=ATTACKER) == "wind-down: feed alive"
    stage.feed_behaves("feed", SILENT, SILENT)
    stage.do("wind_down", sender=ATTACKER)


def test_an_order_does_not_postpone_the_wind_down(stage: Stage) -> None:
    """R13: an event is due at the next grid point, whether or not somebody orders a month later."""
    due = (stage.market.last_epoch + 1) * HOUR_S
    stage.feed_behaves("feed", SILENT, SILENT)
    stage.advance(due + 30 * DAY_S - 60 - stage.now)
    stage.order(LONG_MINT, 1, ATTACKER)
    stage.advance(60)
    stage.do("wind_down", sender=VICTIM)


def test_only_the_owner_and_its_operators_cancel(stage: Stage) -> None:
    epoch = stage.order(LONG_MINT, UNIT, VICTIM, value=5).epoch
    stage.order(LONG_MINT, UNIT, ATTACKER)
    for controller in (VICTIM, DEPOSITOR):
        reason = stage.refused("cancel_order", epoch, LONG_MINT, controller, sender=ATTACKER)
        assert reason == "sender: not authorised"
    stage.do("cancel_order", epoch, LONG_MINT, sender=ATTACKER)
    assert stage.owed(ATTACKER).assets == UNIT
    stage.settle()
    assert stage.owed(VICTIM) == Escrow(0, TOKEN, 0, 5)


def test_tips_are_not_lost_when_orders_are_cancelled(stage: Stage) -> None:
    """A tip comes back with the last order of its epoch, not with the first."""
    epoch = stage.order(LONG_MINT, UNIT, value=5).epoch
    stage.order(SHORT_MINT, UNIT)
    native = stage.native[DEPOSITOR]
    stage.do("cancel_order", epoch, LONG_MINT, sender=DEPOSITOR)
    assert stage.native[DEPOSITOR] == native
    stage.do("cancel_order", epoch, SHORT_MINT, sender=DEPOSITOR)
    assert stage.native[DEPOSITOR] == native + 5
    stage.order(LONG_MINT, UNIT)
    stage.settle()
    assert stage.refused("claim", DEPOSITOR, sender=ATTACKER) == "claim: not tipped"


def test_an_operator_acts_for_nobody_else(stage: Stage) -> None:
    stage.do("setOperator", ATTACKER, True, sender=DEPOSITOR)
    stage.order(LONG_MINT, UNIT, OTHER)
    stage.settle()
    for name, args in (
        ("claim", (OTHER,)),
        ("withdraw", (LONG_TOKENS, 1, OTHER, ATTACKER)),
        ("place_order", (LONG_MINT, 1, 0, OTHER)),
    ):
        assert stage.refused(name, *args, sender=ATTACKER) in (
            "claim: not tipped",
            "sender: not authorised",
        )
    stage.do("setOperator", ATTACKER, False, sender=DEPOSITOR)
    assert (
        stage.refused("place_order", LONG_MINT, 1, 0, DEPOSITOR, sender=ATTACKER)
        == "sender: not authorised"
    )


def test_an_autoclaimed_tip_goes_to_the_first_and_only_once(stage: Stage) -> None:
    stage.order(LONG_MINT, UNIT, VICTIM, value=5)
    stage.settle()
    claimed = stage.claim(VICTIM, sender=KEEPER)
    assert (claimed.tip, stage.held(VICTIM, LONG), stage.held(KEEPER, LONG)) == (5, TOKEN, 0)
    assert stage.refused("claim", VICTIM, sender=ATTACKER) == "claim: not tipped"


def test_wind_down_cannot_be_used_against_a_market_that_lives(stage: Stage) -> None:
    """
    Scenario 29: outages, donations and dust trigger nothing; settled claims are payable throughout.
    """
    stage.order(LONG_MINT, UNIT, VICTIM)
    stage.settle()
    stage.feed_behaves("feed", SILENT, SILENT)
    stage.mint_coins(MARKET, 1)
    stage.advance(29 * DAY_S)
    assert stage.refused("wind_down", sender=ATTACKER) == "wind-down: nothing overdue"
    assert stage.claim(VICTIM).long_tokens == TOKEN
    stage.feed_behaves("feed", ANSWERS, ANSWERS)
    stage.event()
    stage.advance(2 * DAY_S)
    assert stage.refused("wind_down", sender=ATTACKER) == "wind-down: nothing overdue"


ROLES = ("treasury", "partner", KEEPER, ATTACKER, "deployer")


def test_no_role_can_take_collateral(new_stage: NewStage) -> None:
    """
    TCR-08, SB 5.6.6, X-22 (DESIGN 5). Fee recipients, the deployer and strangers try everything
    there is, for a whole day: all that ever leaves is the management fee, within its rate.
    """
    stage = new_stage(
        management_fee_wad=WAD // 10, secondary="partner", secondary_share_wad=WAD // 2
    )
    stage.order(LONG_MINT, 500 * UNIT, VICTIM)
    stage.leave_only_locked(LONG)
    stage.leave_only_locked(SHORT)
    before, accrued = stage.market.held, sum(stage.market.fees)
    for _ in range(24):
        for role in ROLES:
            for name, args in attempts(role):
                stage.act(name, *args, sender=role)
        stage.advance(HOUR_S)
    taken = before - stage.market.held
    assert 0 < taken - accrued <= before * 25 // (365 * 24 * 10) + 48
    assert stage.held(VICTIM, LONG) + stage.owed(VICTIM).long_tokens > 0


def attempts(role: str) -> list[tuple[str, tuple[object, ...]]]:
    """Everything that could send something somewhere."""
    return [
        ("rebalance", ()),
        ("claim", (VICTIM,)),
        ("withdraw", (LONG_TOKENS, 1, VICTIM, role)),
        ("place_order", (LONG_BURN, TOKEN, TOKEN, VICTIM, role)),
        ("cancel_order", (10**6, LONG_MINT, VICTIM)),
        ("redeem_pair", (1,)),
        ("redeem", (LONG, 1)),
        ("wind_down", ()),
        *((name, (which, role)) for name in ("propose_recipient",) for which in (0, 1)),
        *((name, (which,)) for name in ("accept_recipient", "pay_fees") for which in (0, 1)),
    ]


def test_everybody_can_leave_a_wound_down_market(stage: Stage) -> None:
    """
    Scenario 29, X-22: no pause, no rescue role; what is claimed and redeemed adds up to what was
    held.
    """
    stage.order(LONG_MINT, 7 * UNIT)
    stage.settle(START_PRICE * 2)
    stage.order(LONG_FLIP, 3 * TOKEN, from_escrow=3 * TOKEN)
    stage.feed_behaves("feed", SILENT, SILENT)
    stage.advance(31 * DAY_S)
    stage.do("wind_down", sender=OTHER)
    stage.claim()
    for who in (DEPOSITOR, "deployer"):
        for side in (LONG, SHORT):
            if stage.held(who, side):
                stage.do("redeem", side, stage.held(who, side), sender=who)
    assert stage.market.held <= 2 + 2
