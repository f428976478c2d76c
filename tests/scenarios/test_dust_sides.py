"""Dust, empty and wiped-out sides: nothing bricks, nobody captures what others lost."""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import (
    LONG,
    LONG_BURN,
    LONG_MINT,
    SHORT,
    SHORT_BURN,
    SHORT_FLIP,
    SHORT_MINT,
)
from perpools.spec.pool import LOCKED
from tests.scenarios.stage import (
    ATTACKER,
    DEPOSITOR,
    OTHER,
    START_PRICE,
    TOKEN,
    UNIT,
    VICTIM,
    Stage,
)

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

MILLION = 1_000_000 * UNIT
LEAPS = [(99, 100), (101, 100), (1, 2), (10, 1), (1, 10)]


def lonely_longs(new_stage: NewStage, **changes: int) -> Stage:
    """All longs but the locked ones are gone; shorts hold a million."""
    stage = new_stage(seed_units=1_000_000, **changes)
    stage.leave_only_locked(LONG)
    return stage


@pytest.mark.parametrize("leap", LEAPS)
def test_one_wei_does_not_brick_a_side(new_stage: NewStage, leap: tuple[int, int]) -> None:
    """
    Scenario 5 (X-1; DESIGN 5): one wei on one side, a reward, and any move of the price. The event
    completes, and new orders on both sides execute or are refunded.
    """
    stage = lonely_longs(new_stage, reward_cap_wad=10**15)
    stage.order(LONG_MINT, 1, ATTACKER)
    stage.settle()
    price = START_PRICE
    for _ in range(3):
        price = price * leap[0] // leap[1]
        stage.settle(price)
        stage.order(LONG_MINT, 10 * UNIT, DEPOSITOR)
        stage.order(SHORT_MINT, 10 * UNIT, OTHER)
        stage.settle(price)
    assert stage.owed(OTHER).short_tokens + stage.owed(OTHER).assets > 0
    assert stage.owed(DEPOSITOR).long_tokens + stage.owed(DEPOSITOR).assets > 0
    for who in (DEPOSITOR, OTHER):
        stage.claim(who)


def test_holders_of_a_wiped_out_side_gain_nothing_from_newcomers(new_stage: NewStage) -> None:
    """
    Scenario 6 (X-1): leverage 20, the price falls by 99.99 %; everybody may still come and go.
    """
    stage = new_stage(leverage_wad=20 * 10**18)
    stage.give_tokens(LONG, 900 * TOKEN, ATTACKER)
    stage.give_tokens(SHORT, 100 * TOKEN, OTHER)
    stage.settle(START_PRICE // 10_000)
    assert stage.market.pool.balances[LONG] >= 1

    stage.order(LONG_BURN, 400 * TOKEN, ATTACKER)
    stage.order(LONG_MINT, 100 * UNIT, DEPOSITOR)
    stage.order(SHORT_FLIP, 100 * TOKEN, OTHER)
    stage.settle()
    stage.claim(ATTACKER)
    stage.order(LONG_BURN, stage.held(ATTACKER, LONG), ATTACKER)
    stage.settle()
    assert stage.owed(ATTACKER).assets <= 1
    newcomer = stage.owed(DEPOSITOR)
    assert newcomer.assets == 100 * UNIT or newcomer.long_tokens > 0


def test_nobody_buys_what_losers_paid_to_a_side_without_holders(new_stage: NewStage) -> None:
    """
    Scenario 8 (X-5): only shorts, the price rises, an attacker mints a wei of long and burns it.
    """
    stage = lonely_longs(new_stage)
    shorts = stage.market.pool.balances[SHORT]
    stage.settle(START_PRICE * 11 // 10)
    assert stage.market.pool.balances[SHORT] == shorts

    stage.order(LONG_MINT, 1, ATTACKER)
    stage.settle()
    bought = stage.claim(ATTACKER)
    if bought.long_tokens:
        stage.order(LONG_BURN, bought.long_tokens, ATTACKER)
        stage.settle()
    assert stage.owed(ATTACKER).assets + bought.assets <= 1
    assert stage.market.pool.balances[SHORT] == shorts


def test_fees_left_on_a_side_without_holders_belong_to_nobody(new_stage: NewStage) -> None:
    """
    Scenario 9 (X-5): all longs leave while the price rises, their burn fee stays; a wei buys none
    of it.
    """
    stage = new_stage(seed_units=1_000_000, burn_fee_wad=10**17)
    stage.order(LONG_BURN, stage.held("deployer", LONG), "deployer")
    for number in range(3):
        stage.settle(START_PRICE * (11 + number) // 10)
    assert stage.market.pool.supplies[LONG] == LOCKED
    for amount in (1, UNIT, 50_000 * UNIT):
        stage.order(LONG_MINT, amount, ATTACKER)
        stage.settle()
        bought = stage.claim(ATTACKER)
        received = bought.assets
        if bought.long_tokens:
            stage.order(LONG_BURN, bought.long_tokens, ATTACKER)
            stage.settle()
            received += stage.claim(ATTACKER).assets if stage.owed(ATTACKER) != (0, 0, 0, 0) else 0
        assert received <= amount
    assert min(stage.market.pool.balances) >= 1


@pytest.mark.parametrize("first", [1, UNIT])
def test_the_first_depositor_does_not_inflate_the_price_of_a_token(
    new_stage: NewStage, first: int
) -> None:
    """
    Scenario 10 (X-6): an attacker is the only holder of a dust side that then wins from a million.
    The victim's mint of 50,000 receives its worth, or comes back; the attacker owns only what it
    staked.
    """
    stage = lonely_longs(new_stage)
    stage.order(LONG_MINT, first, ATTACKER)
    stage.settle()
    staked = stage.claim(ATTACKER)
    stage.settle(START_PRICE * 11 // 10)
    stage.order(LONG_MINT, 50_000 * UNIT, VICTIM)
    stage.settle()
    bought = stage.owed(VICTIM)
    balances, supplies = stage.market.pool
    worth = bought.assets + bought.long_tokens * balances[LONG] // supplies[LONG]
    assert worth >= 49_950 * UNIT

    locked_part = LOCKED * balances[LONG] // supplies[LONG]
    stake_part = staked.long_tokens * balances[LONG] // supplies[LONG]
    assert bought.assets or locked_part + stake_part + worth <= balances[LONG] + 2


def test_a_fee_paid_to_ones_own_side_does_not_skim_a_fellow_order(new_stage: NewStage) -> None:
    """
    Scenario 11 (X-6, X-7, TPP-15): in one epoch all mint at one rate, fixed before any fee arrives.
    """
    stage = lonely_longs(new_stage, mint_fee_wad=10**17, mint_fee_max_wad=10**17)
    stage.order(LONG_MINT, UNIT, ATTACKER)
    stage.settle()
    stage.claim(ATTACKER)
    stage.order(LONG_MINT, 500_000 * UNIT, ATTACKER)
    stage.order(LONG_MINT, 1_000 * UNIT, VICTIM)
    stage.settle()
    balances, supplies = stage.market.pool
    victim = stage.owed(VICTIM).long_tokens * balances[LONG] // supplies[LONG]
    assert victim >= 900 * UNIT - 1


def test_a_mint_too_small_for_a_token_comes_back(new_stage: NewStage) -> None:
    """X-6: what would receive nothing is refunded, not donated."""
    stage = new_stage(decimals=18, seed_units=1)
    stage.order(SHORT_MINT, 10**6 * TOKEN, OTHER)
    stage.settle()
    stage.settle(10 * START_PRICE)
    stage.order(LONG_MINT, 1, DEPOSITOR)
    stage.settle()
    assert stage.owed(DEPOSITOR)[:2] == (1, 0)


def test_a_burn_worth_nothing_comes_back(new_stage: NewStage) -> None:
    """R12: a token whose worth is below a unit is not taken for nothing."""
    stage = new_stage()
    stage.order(SHORT_BURN, 1, "deployer")
    stage.settle()
    assert stage.owed("deployer").short_tokens == 1
