"""Which price counts, on contracts with a feed that remembers (R5, R14)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import boa
import pytest

from perpools.spec.kinds import LONG_BURN
from tests.contracts import feeds
from tests.contracts.deployment import (
    HOUR_S,
    PLAIN,
    SEED,
    UNIT,
    WAD,
    Deployed,
    account,
    deploy,
    next_grid_point,
    samples,
)
from tests.contracts.feeds import DOLLAR

pytestmark = pytest.mark.usefixtures("chain")

MAX_AGE_S = 2 * HOUR_S
TOKEN = 10**18


@dataclass
class Remembered:
    """A market on a feed whose rounds can all be asked for."""

    deployed: Deployed
    aggregator: Any
    owner: Any

    def push(self, dollars: int) -> int:
        """A new round, now; its id."""
        return int(self.aggregator.push(dollars * DOLLAR))

    def push_at(self, dollars: int, time: int) -> int:
        boa.env.timestamp = time
        return self.push(dollars)

    @property
    def balances(self) -> tuple[int, int]:
        return tuple(self.deployed.market.balances_and_supplies()[0])  # type: ignore[return-value]

    @property
    def average(self) -> int:
        seen = samples(self.deployed.market)
        return sum(seen) // len(seen)


@pytest.fixture
def owner() -> Any:
    return account("owner")


@pytest.fixture
def remembered(owner: Any) -> Remembered:
    return new_remembered(owner)


def new_remembered(owner: Any, **changes: Any) -> Remembered:
    aggregator = feeds.new_aggregator()
    aggregator.push(100 * DOLLAR)
    feed = feeds.new_feed(aggregator, max_age=MAX_AGE_S)
    return Remembered(deploy(owner, replace(PLAIN, **changes), feed=feed), aggregator, owner)


def test_a_burn_is_paid_the_price_of_its_grid_point_however_late(remembered: Remembered) -> None:
    """
    Scenario 15 (X-15): due at 100, the event five hours later at 80. V2 paid 459 instead of 990.
    """
    market = remembered.deployed.market
    epoch = market.place_order(LONG_BURN, 500 * TOKEN, sender=remembered.owner)
    hint = remembered.push_at(100, epoch * HOUR_S - 60)
    for hour in range(1, 6):
        remembered.push_at(100 - 4 * hour, (epoch + hour) * HOUR_S - 60)
    next_grid_point()
    market.rebalance(hint)
    assert market.claim(sender=remembered.owner).amounts[0] == 500 * UNIT
    market.rebalance()
    assert remembered.average == 80 * WAD


@pytest.mark.parametrize("off", [-1, 1])
def test_no_hint_makes_an_event_use_another_price(remembered: Remembered, off: int) -> None:
    """TPP-21, Float 001: rounds beside the right one are refused, and nothing changes."""
    market = remembered.deployed.market
    epoch = market.place_order(LONG_BURN, TOKEN, sender=remembered.owner)
    remembered.push_at(90, epoch * HOUR_S - 120)
    hint = remembered.push_at(100, epoch * HOUR_S - 60)
    remembered.push_at(110, epoch * HOUR_S + 60)
    boa.env.timestamp += 60
    with boa.reverts("feed: wrong hint"):
        market.rebalance(hint + off)
    assert market.progress()[0] == epoch - 1
    market.rebalance(hint)
    assert remembered.average == 100 * WAD


@pytest.mark.parametrize("bad", [0, -5])
def test_bad_prices_wait_and_the_next_good_one_settles_against_the_last_good_one(
    remembered: Remembered, bad: int
) -> None:
    """
    Scenario 20 (X-8): 100, then 0 or -5, then 50. While the answer is bad nothing happens and
    nobody is paid; then the longs lose the whole way from 100 to 50.
    """
    market = remembered.deployed.market
    remembered.push(bad)
    next_grid_point()
    for _ in range(2):
        with boa.reverts():
            market.rebalance()
    assert remembered.balances == (SEED, SEED)
    assert remembered.average == 100 * WAD

    remembered.push(50)
    next_grid_point()
    market.rebalance()
    assert remembered.balances == (SEED - SEED * 7 // 8, SEED + SEED * 7 // 8)


def test_a_stale_price_is_never_used(owner: Any) -> None:
    """
    Scenario 21 (TPP-21, Float 003): a silent feed means waiting; its first word executes what was
    due.
    """
    remembered = new_remembered(owner, front_running_interval_s=3 * HOUR_S)
    market = remembered.deployed.market
    epoch = market.place_order(LONG_BURN, 500 * TOKEN, sender=remembered.owner)
    boa.env.timestamp = epoch * HOUR_S + MAX_AGE_S
    with boa.reverts("feed: silent"):
        market.rebalance()
    first = remembered.push(200)
    boa.env.timestamp += 60
    market.rebalance(first - 1)
    assert remembered.average == 200 * WAD


def zero_time(aggregator: Any) -> None:
    aggregator.set_round(2, 50 * DOLLAR, 0)


def future(aggregator: Any) -> None:
    aggregator.set_round(2, 50 * DOLLAR, boa.env.timestamp + 10**6)


def reverting(aggregator: Any) -> None:
    aggregator.misbehave(feeds.LATEST, feeds.REVERT)


def burning(aggregator: Any) -> None:
    aggregator.misbehave(feeds.LATEST, feeds.BURN_ALL_GAS)


MISBEHAVIOURS = [zero_time, future, reverting, burning]


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS)
def test_a_feed_that_misbehaves_changes_nothing(
    remembered: Remembered, misbehave: Callable[[Any], None]
) -> None:
    """Scenario 21: no update time, one in the future, no answer: the event waits."""
    market = remembered.deployed.market
    misbehave(remembered.aggregator)
    next_grid_point()
    before = market.progress(), samples(market), remembered.balances
    with boa.reverts():
        market.rebalance()
    assert (market.progress(), samples(market), remembered.balances) == before


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS)
def test_a_market_is_not_deployed_on_a_feed_that_misbehaves(
    owner: Any, misbehave: Callable[[Any], None]
) -> None:
    """Scenario 21, SB 5.3.4, TCR-12.8: the first price is fresh, or there is no market."""
    aggregator = feeds.new_aggregator()
    aggregator.push(100 * DOLLAR)
    feed = feeds.new_feed(aggregator, max_age=MAX_AGE_S)
    misbehave(aggregator)
    with boa.reverts():
        deploy(owner, feed=feed)


@pytest.mark.parametrize("decimals", [0, 6, 8, 18])
def test_the_scale_of_a_feed_does_not_matter(owner: Any, decimals: int) -> None:
    """TCR-06, SB 5.2.1: the same value in any decimals moves the same."""
    aggregator = feeds.new_aggregator(decimals)
    aggregator.push(100 * 10**decimals)
    deployed = deploy(owner, feed=feeds.new_feed(aggregator, max_age=MAX_AGE_S))
    next_grid_point(late_s=0)
    aggregator.push(50 * 10**decimals)
    boa.env.timestamp += 1
    deployed.market.rebalance()
    assert deployed.market.balances_and_supplies()[0][0] == SEED - SEED * 7 // 8


def test_an_unchanged_price_moves_nothing_from_the_first_event_on(remembered: Remembered) -> None:
    """SB 5.2.4: the first event compares with the price of the deployment, in the same scale."""
    next_grid_point()
    remembered.deployed.market.rebalance()
    assert remembered.balances == (SEED, SEED)


def test_a_market_samples_the_feed_at_its_own_grid_points(owner: Any) -> None:
    """
    Scenario 17 (X-17, SB 5.6.1): two markets on one feed, one every hour and one every forty
    minutes. Each takes one sample per event, as of its own grid point, whatever the other one has
    seen in between.
    """
    aggregator = feeds.new_aggregator()
    aggregator.push(100 * DOLLAR)
    feed = feeds.new_feed(aggregator, max_age=MAX_AGE_S)
    markets = {
        interval_s: deploy(
            owner, replace(PLAIN, sma_periods=8, interval_s=interval_s), feed=feed
        ).market
        for interval_s in (HOUR_S, HOUR_S * 2 // 3)
    }
    seen = {interval_s: [100] for interval_s in markets}
    for dollars in range(101, 113):
        boa.env.timestamp = boa.env.timestamp // 1_200 * 1_200 + 1_200
        aggregator.push(dollars * DOLLAR)
        boa.env.timestamp += 1
        for interval_s, market in markets.items():
            if boa.env.timestamp % interval_s == 1:
                market.rebalance()
                seen[interval_s] = [*seen[interval_s], dollars][-8:]
            assert samples(market) == [price * WAD for price in seen[interval_s]]


def test_an_average_is_of_the_samples_there_are(owner: Any) -> None:
    """
    Scenario 19 (A09, GitHub #311): constant from the first sample on; then the mean of exactly the
    last ones.
    """
    remembered = new_remembered(owner, sma_periods=3)
    market, seen = remembered.deployed.market, [100]
    for dollars in (100, 100, 100, 130, 160, 190):
        remembered.push_at(dollars, next_grid_point() * HOUR_S)
        boa.env.timestamp += 1
        market.rebalance()
        seen = [*seen, dollars][-3:]
        assert samples(market) == [price * WAD for price in seen]
