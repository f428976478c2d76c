"""What a keeper can earn, and what it cannot (R9)."""

from collections.abc import Callable
from typing import Any

import pytest

from perpools.spec.kinds import LONG, LONG_BURN, LONG_MINT, SHORT, SHORT_BURN
from tests.scenarios.stage import DEPOSITOR, KEEPER, START_PRICE, UNIT, WAD, Stage
from tests.stateful.surroundings import ANSWERS, BURNS_GAS, GARBLED, SILENT

pytestmark = pytest.mark.ignore_isolation

NewStage = Callable[..., Stage]

PAYS = {"reward_cap_wad": WAD // 1_000}


def silent(stage: Stage) -> None:
    stage.feed_behaves("feed", SILENT, SILENT)


def zero(stage: Stage) -> None:
    stage.set_price(0)


def beyond(stage: Stage) -> None:
    stage.set_price(2**120)


def wrong_hint(stage: Stage) -> None:
    stage.set_hint(7)


@pytest.mark.parametrize(
    ("misfortune", "reason"),
    [
        (silent, "feed: silent"),
        (zero, "price: zero"),
        (beyond, "price: too large"),
        (wrong_hint, "feed: wrong hint"),
    ],
)
def test_a_keeper_is_not_paid_for_a_failed_event(
    new_stage: NewStage, misfortune: Callable[[Stage], None], reason: str
) -> None:
    """
    Scenario 7 (X-2, GH #125; DESIGN 5): five failing calls pay nothing, and the recovery pays once.
    """
    stage = new_stage(**PAYS)
    epoch = stage.order(LONG_MINT, UNIT).epoch
    stage.until(epoch)
    misfortune(stage)
    for _ in range(5):
        assert stage.refused("rebalance", sender=KEEPER) == reason
    assert stage.owed(KEEPER).assets == 0

    stage.feed_behaves("feed", ANSWERS, ANSWERS)
    stage.set_price(START_PRICE)
    stage.set_hint(0)
    closed = stage.event()
    assert closed.reward > 0
    assert stage.owed(KEEPER).assets == closed.reward
    assert stage.refused("rebalance", sender=KEEPER) == "event: not due"


def test_a_second_event_in_the_same_block_is_refused_and_pays_nothing(new_stage: NewStage) -> None:
    """TCR-12.10, C4 L-03: whoever comes second has lost the gas of a refusal."""
    stage = new_stage(**PAYS)
    reward = stage.settle().reward
    for keeper in (KEEPER, DEPOSITOR):
        assert stage.refused("rebalance", sender=keeper) == "event: not due"
    assert stage.owed(KEEPER).assets == reward


def test_an_event_is_refused_until_its_grid_point_has_passed(new_stage: NewStage) -> None:
    """RV B11: not even orders that wait make it due earlier."""
    stage = new_stage(front_running_interval_s=7_200)
    epoch = stage.order(LONG_MINT, UNIT).epoch
    stage.until(epoch - 1)
    stage.event()
    stage.until(epoch, 0)
    assert stage.refused("rebalance", sender=KEEPER) == "event: not due"
    stage.until(epoch, 1)
    stage.event()


@pytest.mark.parametrize("manner", [SILENT, BURNS_GAS, GARBLED])
@pytest.mark.parametrize("feed", ["eth_feed", "gas_feed"])
def test_a_dead_reward_feed_never_stops_an_event(
    new_stage: NewStage, feed: str, manner: int
) -> None:
    """
    Scenario 22 (TPP-14, X-9): without a coin price nothing is paid, without a gas price the base
    fee counts.
    """
    stage = new_stage(**PAYS)
    stage.feed_behaves(feed, manner)
    closed = stage.settle()
    assert (closed.reward == 0) == (feed == "eth_feed")


@pytest.mark.parametrize("price", [0, 1, 10**30 * WAD, 2**120, 2**256 - 1])
@pytest.mark.parametrize("feed", ["eth_feed", "gas_feed"])
def test_an_absurd_reward_price_costs_no_more_than_the_cap(
    new_stage: NewStage, feed: str, price: int
) -> None:
    """Scenario 22: whatever the feed says, an event costs at most its share of the pool."""
    stage = new_stage(**PAYS)
    set_price(stage, feed, price)
    closed = stage.settle()
    assert closed.reward * 1_000 <= closed.long_before + closed.short_before


def set_price(stage: Stage, feed: str, price: int) -> None:
    twin: Any = getattr(stage, feed)
    twin.price = price
    stage.chain_feeds[feed].set_price(price)


def test_a_tiny_pool_is_not_drained_by_its_keepers(new_stage: NewStage) -> None:
    """Scenario 23 (X-12): fifty units, the highest cap, dear gas, a day late, 24 events."""
    stage = new_stage(
        seed_units=25, reward_cap_wad=WAD // 100, tip_step_wad=WAD, gas_premium_wei=10**12
    )
    set_price(stage, "eth_feed", 10**6 * WAD)
    set_price(stage, "gas_feed", 10**12 * WAD)
    before = sum(stage.market.pool.balances)
    for _ in range(24):
        stage.advance(86_400)
        closed = stage.event()
        assert closed.reward * 100 <= closed.long_before + closed.short_before
    assert sum(stage.market.pool.balances) * 100**24 >= before * 99**24
    assert stage.owed(KEEPER).assets + sum(stage.market.pool.balances) == before


@pytest.mark.parametrize("units", [1, 2, 99, 100, 101])
def test_a_reward_at_the_edge_of_the_smallest_pool_does_not_revert(
    new_stage: NewStage, units: int
) -> None:
    """TCR-12.11, TPP-10: a pool of a few base units pays what it can, and keeps one a side."""
    stage = new_stage(decimals=0, seed_units=units, reward_cap_wad=WAD // 100, interval_s=60)
    for side in (LONG, SHORT):
        stage.order(LONG_BURN + side, stage.held("deployer", side) // 2, "deployer")
    stage.settle()
    for _ in range(5):
        stage.settle()
    assert min(stage.market.pool.balances) >= 1
    assert stage.act("place_order", SHORT_BURN, 1, sender="deployer")


def test_a_late_keeper_is_tipped_and_never_beyond_the_cap(new_stage: NewStage) -> None:
    """R9: the tip grows with each block the event is late."""
    rewards = []
    for late_s in (1, 13, 130, 3_000):
        stage = new_stage(seed_units=10**7, **PAYS)
        stage.until(stage.market.last_epoch + 1, late_s)
        rewards.append(stage.event().reward)
    assert rewards == sorted(rewards)
    assert rewards[0] < rewards[1] < rewards[2] <= rewards[3] <= 2 * rewards[0]


@pytest.mark.parametrize("polls", [1, 5])
def test_nobody_adds_samples_of_their_own(stage: Stage, polls: int) -> None:
    """Scenario 18 (A02): events asked for again, or early, are refused and sample nothing."""
    stage.settle(START_PRICE)
    before = stage.market.samples
    for _ in range(polls):
        stage.refused("rebalance", sender="trader")
        stage.advance(60)
    stage.until(stage.market.last_epoch + 1, 0)
    stage.refused("rebalance", sender="trader")
    assert stage.market.samples == before
