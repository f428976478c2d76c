"""Nobody's orders make anything dearer for anybody else (TCR-01, TCR-02, A05)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boa
import pytest

from perpools.spec.kinds import LONG, LONG_MINT, LONG_TOKENS, SHORT, SHORT_MINT
from tests.contracts.deployment import PLAIN, START, WAD, account, deploy, fund, next_grid_point
from tests.scenarios.stage import DEPOSITOR, KEEPER, OTHER, TOKEN, UNIT, Stage
from tests.strategies import HOUR_S

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

CROWD = 2_000
PERSISTENCE = 200


@pytest.fixture
def own_chain() -> Iterator[None]:
    """
    A chain of its own, on which every measured call is a transaction: nothing is warm, nothing is
    rolled back.
    """
    with boa.swap_env(boa.Env()):
        boa.env.timestamp = START
        yield


def measured(contract: Any, name: str, *args: Any, **options: Any) -> int:
    """Gas that a call costs beyond what any transaction costs."""
    boa.env.reset_gas_used()
    getattr(contract, name)(*args, **options)
    return int(boa.env.get_gas_used())


def owner(number: int) -> str:
    """The address of one of many."""
    return f"0x{number + 2**128:040x}"


def test_two_thousand_orders_make_an_event_no_dearer(own_chain: None) -> None:
    """
    Scenario 12 (TCR-01). Two thousand owners in one epoch, ordered for by one payer; then one owner
    again and again: the event, and each claim, cost what they cost with a single order.
    """
    payer = account("payer")
    deployed = deploy(payer)
    fund(deployed, payer, 10**9 * UNIT)
    market = deployed.market
    market.place_order(LONG_MINT, UNIT, 0, payer, owner(CROWD), sender=payer)
    next_grid_point()
    market.rebalance()
    events, claims = [], []
    for owners in ([owner(0)], [owner(n) for n in range(CROWD)], [owner(1)] * PERSISTENCE):
        for controller in owners:
            market.place_order(LONG_MINT, UNIT, 0, payer, controller, sender=payer)
        next_grid_point()
        events.append(measured(market, "rebalance"))
        claims.append(measured(market, "claim", sender=owners[-1]))
    assert max(events) - min(events) <= min(events) // 100
    assert max(claims) - min(claims) <= 25_000


def test_hourly_orders_do_not_grow_dearer(own_chain: None) -> None:
    """
    DESIGN 5, a defect of V2 (489,000 gas for the tenth): hour after hour, eight hours ahead, never
    a claim.
    """
    depositor = account("depositor")
    deployed = deploy(depositor, replace(PLAIN, front_running_interval_s=8 * HOUR_S))
    fund(deployed, depositor, 10**9 * UNIT)
    costs = []
    for _ in range(80):
        costs.append(measured(deployed.market, "place_order", LONG_MINT, UNIT, sender=depositor))
        next_grid_point()
        deployed.market.rebalance()
    assert set(costs[1:60]) == {costs[1]}
    assert set(costs[66:]) == {costs[66]}, (
        "an order that moves an old one into escrow costs that much more, once"
    )
    assert costs[66] <= costs[1] + 15_000


def test_orders_of_a_hundred_epochs_are_all_claimed_at_once(new_stage: NewStage) -> None:
    """SB 5.4.2, X-21: whoever never claims loses nothing, however many epochs it joined."""
    stage = new_stage()
    for hour in range(100):
        stage.order((LONG_MINT, SHORT_MINT)[hour % 2], UNIT)
        stage.settle()
    assert stage.claim()[2:5] == (0, 50 * TOKEN, 50 * TOKEN)


def test_a_hundred_epochs_are_withdrawn_in_pieces(new_stage: NewStage) -> None:
    stage = new_stage()
    for _ in range(100):
        stage.order(LONG_MINT, UNIT)
        stage.settle()
    for part in (1, 49 * TOKEN, 51 * TOKEN - 1):
        stage.do("withdraw", LONG_TOKENS, part, sender=DEPOSITOR)
        stage.check()
    assert stage.held(DEPOSITOR, LONG) == 100 * TOKEN
    assert stage.refused("claim", sender=DEPOSITOR) == "claim: nothing"


def test_a_long_history_does_not_make_events_dearer(new_stage: NewStage) -> None:
    """
    TCR-02: orders placed and cancelled, epochs skipped and settled leave nothing to walk through.
    """
    stage = new_stage()
    used = []
    for hour in range(60):
        epoch = stage.order(LONG_MINT, UNIT).epoch
        if hour % 3 == 1:
            stage.do("cancel_order", epoch, LONG_MINT, sender=DEPOSITOR)
        stage.order(SHORT_MINT, UNIT, OTHER)
        if hour % 5 != 4:
            used.append(stage.settle().gas_used)
        stage.advance(HOUR_S)
    assert max(used[10:]) - min(used[10:]) <= 30_000


def test_very_large_numbers_settle(new_stage: NewStage) -> None:
    """Balances near 2**128, a price near its limit: events complete, everybody can leave."""
    stage = new_stage(decimals=18)
    for who in (DEPOSITOR, OTHER):
        stage.mint_coins(who, 2**127)
    stage.order(LONG_MINT, 2**127 - 2**101)
    stage.settle()
    stage.claim()
    for price in (2**120 - 1, 1, 2**119):
        stage.settle(price)
    stage.order(2, stage.held(DEPOSITOR, LONG))
    stage.order(SHORT_MINT, 2**100, OTHER)
    stage.settle()
    stage.claim()
    stage.claim(OTHER)


def test_a_mint_beyond_the_limit_comes_back(new_stage: NewStage) -> None:
    """R12: a batch that would lift the pool to 2**128 is refunded in its own epoch."""
    stage = new_stage(decimals=18)
    stage.mint_coins(DEPOSITOR, 2**128 - 1)
    stage.order(LONG_MINT, 2**128 - 1)
    stage.order(SHORT_MINT, TOKEN, OTHER)
    stage.settle(101 * WAD)
    assert stage.claim().assets == 2**128 - 1
    assert stage.claim(OTHER).short_tokens > 0
    assert stage.market.pool.supplies[SHORT] > stage.market.pool.supplies[LONG]
    assert stage.owed(KEEPER).assets == 0
