"""
Escrow has room for less than 2**128 units of collateral an account. No honest coin has that many;
with one that has, whoever owns too much is told so, and a claim always empties it.
"""

from collections.abc import Callable

import pytest

from perpools.spec.kinds import LONG, LONG_MINT
from perpools.spec.schedule import WINDOW
from tests.scenarios.stage import ATTACKER, DEPOSITOR, TOKEN, VICTIM, Stage
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

MOST = 2**128 - 1


@pytest.fixture
def stage(new_stage: NewStage) -> Stage:
    """A market of a coin without limits, of which an attacker has more than anybody can."""
    stage = new_stage(decimals=18)
    stage.mint_coins(ATTACKER, 3 * MOST)
    return stage


def fill(stage: Stage, controller: str, **options: int) -> None:
    """Two orders too large for the pool, which are refunded: twice what fits."""
    for _ in range(2):
        stage.order(LONG_MINT, MOST, ATTACKER, controller=controller, **options)
        stage.settle()
    assert stage.owed(controller).assets == 2 * MOST


def test_escrow_never_flows_into_the_tips_beside_it(stage: Stage) -> None:
    fill(stage, ATTACKER, value=3)
    assert stage.refused("withdraw", 0, 1, sender=ATTACKER) == "escrow: full"
    claimed = stage.claim(ATTACKER)
    assert (claimed.assets, claimed.tip) == (2 * MOST, 6)


def test_a_cancelled_order_that_does_not_fit_is_refused(stage: Stage) -> None:
    epoch = stage.order(LONG_MINT, MOST, ATTACKER).epoch
    stage.do("cancel_order", epoch, LONG_MINT, sender=ATTACKER)
    epoch = stage.order(LONG_MINT, MOST, ATTACKER).epoch
    full = stage.refused("cancel_order", epoch, LONG_MINT, sender=ATTACKER)
    assert full == "escrow: full"


def test_an_owner_of_too_much_claims_and_orders_again(stage: Stage) -> None:
    """Also where an attacker gave it to a victim, and long ago."""
    fill(stage, VICTIM)
    stage.advance(2 * WINDOW * HOUR_S)
    stage.event()
    assert stage.refused("place_order", LONG_MINT, 1, sender=VICTIM) == "escrow: full"
    assert stage.claim(VICTIM).assets == 2 * MOST
    stage.order(LONG_MINT, TOKEN, VICTIM)
    stage.settle()
    assert stage.claim(DEPOSITOR).long_tokens == TOKEN
    assert stage.held(DEPOSITOR, LONG) == TOKEN
