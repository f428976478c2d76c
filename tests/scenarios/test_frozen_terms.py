"""
What an order costs is decided when its epoch is closed, and by nobody's choice (X-4, X-13, R8,
R10).
"""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import LONG, LONG_BURN, LONG_FLIP, LONG_MINT, SHORT, SHORT_MINT
from tests.scenarios.stage import DEPOSITOR, OTHER, START_PRICE, TOKEN, UNIT, WAD, Stage

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

PERCENT = WAD // 100
STEPPING = {
    "mint_fee_wad": 5 * PERCENT,
    "mint_fee_max_wad": 10 * PERCENT,
    "mint_fee_step_wad": PERCENT,
}


@pytest.mark.parametrize("rising", [True, False])
@pytest.mark.parametrize("events_before_the_claim", [0, 5])
def test_a_flip_is_not_charged_a_fee_of_claim_time(
    new_stage: NewStage, events_before_the_claim: int, *, rising: bool
) -> None:
    """
    Scenario 4 (X-4; DESIGN 5). The mint fee moves between execution and claim, up or down; the
    claim pays what the epoch froze, the pool does not notice it, and nothing is missing afterwards.
    """
    stage = new_stage(**STEPPING)
    stage.order(SHORT_MINT, 500 * UNIT, OTHER)
    stage.order(LONG_FLIP, 500 * TOKEN, "deployer")
    executed = stage.settle()
    for _ in range(events_before_the_claim):
        stage.settle(START_PRICE * 2 if rising else START_PRICE)
    if events_before_the_claim:
        assert (stage.market.mint_fee_wad > executed.mint_fee_wad) == rising
    pool = stage.market.pool
    claimed = stage.claim("deployer")
    assert claimed.short_tokens == 500 * TOKEN * (WAD - executed.mint_fee_wad) // WAD
    assert stage.market.pool == pool
    stage.claim(OTHER)
    stage.check()


def test_a_flip_costs_a_burn_fee_and_a_mint_fee(new_stage: NewStage) -> None:
    """TPP-04: what a flip pays, a burn and a mint in the same epoch would have paid."""
    stage = new_stage(burn_fee_wad=2 * PERCENT, mint_fee_wad=PERCENT, mint_fee_max_wad=PERCENT)
    stage.order(LONG_FLIP, 100 * TOKEN, "deployer")
    stage.settle()
    assert stage.claim("deployer").short_tokens == 100 * TOKEN * 98 * 99 // 10_000


@pytest.mark.parametrize("kind", [LONG_MINT, LONG_BURN, LONG_FLIP])
def test_the_last_claimer_is_not_left_short_by_rounded_fees(new_stage: NewStage, kind: int) -> None:
    """
    DESIGN 5: fees are charged on the batch; a dozen odd amounts are all paid, the last one too.
    """
    stage = new_stage(
        mint_fee_wad=PERCENT // 3, mint_fee_max_wad=PERCENT, burn_fee_wad=PERCENT // 7
    )
    owners = (DEPOSITOR, OTHER, "trader", "latecomer")
    for number, who in enumerate(owners * 3):
        if kind >= LONG_BURN:
            stage.give_tokens(LONG, TOKEN // 3 + number, who)
        stage.order(kind, (UNIT if kind < LONG_BURN else TOKEN) // 3 + number, who)
    stage.settle(START_PRICE * 101 // 100)
    for who in owners:
        stage.claim(who)
    stage.check()


def test_fees_cannot_be_raised_in_front_of_an_order(new_stage: NewStage) -> None:
    """
    Scenario 28 (X-13, SB 5.4.5). Fees are immutable and capped at a tenth, so there is no fee to
    sign a limit for: no function changes one, and the view tells what the next event charges.
    """
    stage = new_stage(mint_fee_wad=PERCENT, mint_fee_max_wad=PERCENT, burn_fee_wad=PERCENT)
    stage.order(LONG_MINT, 100 * UNIT)
    promised = stage.chain.mint_fee_wad()
    assert stage.settle().mint_fee_wad == promised == PERCENT
    assert stage.claim().long_tokens == 99 * TOKEN


def test_a_stepping_mint_fee_is_told_before_the_event_and_never_leaves_its_range(
    new_stage: NewStage,
) -> None:
    """Scenario 28, X-18: it moves one step an event, within what the market was deployed with."""
    stage = new_stage(**STEPPING)
    for number in range(12):
        promised = stage.chain.mint_fee_wad()
        closed = stage.settle(START_PRICE * (10 + number % 3) // 10)
        assert closed.mint_fee_wad == promised
        assert abs(stage.market.mint_fee_wad - promised) <= PERCENT
        assert 0 <= stage.market.mint_fee_wad <= 10 * PERCENT


def test_an_order_may_name_the_latest_epoch_it_accepts(stage: Stage) -> None:
    """TCR-07: a transaction that is mined late is refused rather than executed an hour later."""
    epoch = stage.market.epoch_joined(stage.now)
    stage.order(LONG_MINT, UNIT, last_epoch=epoch)
    stage.advance(3_600)
    late = stage.refused("place_order", LONG_MINT, UNIT, sender=DEPOSITOR, last_epoch=epoch)
    assert late == "epoch: later than asked"


def test_fees_of_one_epoch_do_not_reach_the_rates_of_it(new_stage: NewStage) -> None:
    """
    TPP-06, X-7: balances change when an epoch is closed, not when an order is placed or claimed.
    """
    stage = new_stage(mint_fee_wad=10 * PERCENT, mint_fee_max_wad=10 * PERCENT)
    before = stage.market.pool
    stage.order(LONG_MINT, 1_000 * UNIT)
    stage.order(LONG_BURN, 100 * TOKEN, "deployer")
    assert stage.market.pool == before
    stage.settle()
    assert stage.claim("deployer").assets == 100 * UNIT
    settled = stage.market.pool
    stage.claim()
    assert stage.market.pool == settled
    assert settled.supplies[SHORT] == before.supplies[SHORT]
