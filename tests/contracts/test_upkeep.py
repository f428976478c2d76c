"""Many markets in one call: each is on its own, and only the caller is paid (R18)."""

from dataclasses import replace
from typing import Any

import boa
import pytest
from eth_abi import encode

from tests.contracts.deployment import (
    HOUR_S,
    PLAIN,
    UNIT,
    WAD,
    Deployed,
    account,
    deploy,
    fund,
    next_grid_point,
)
from tests.contracts.feeds import NOBODY
from tests.contracts.upkeeping import (
    CALLS_BACK,
    GAS_EACH,
    PLENTY,
    REASONS,
    addresses,
    done,
    hostile,
    last_epoch,
    paying,
    told,
)
from tests.stateful import wire

pytestmark = pytest.mark.usefixtures("chain")


# --- what it does


def test_every_market_is_rebalanced_once(upkeep: Any, markets: list[Deployed]) -> None:
    epoch = boa.env.timestamp // HOUR_S
    assert set(done(upkeep, markets).values()) == {epoch}
    assert [last_epoch(one) for one in markets] == [epoch] * 3


def test_the_caller_alone_is_paid(upkeep: Any) -> None:
    terms = replace(PLAIN, reward_cap_wad=WAD // 100)
    made = [paying(terms) for _ in range(2)]
    next_grid_point()
    given = addresses(made)
    data = upkeep.rebalance_many.prepare_calldata(given, [0, 0])
    assert not wire.execute(upkeep, data, sender=account("keeper"), gas_price=10**9).is_error
    for one in made:
        assert one.market.claimable(account("keeper"))[0][0] > 0
        assert one.market.claimable(upkeep.address)[0] == [0, 0, 0]


def test_hints_go_to_their_markets(upkeep: Any, markets: list[Deployed]) -> None:
    for index, one in enumerate(markets):
        one.feed.set_hint(2**200 + index)
    given = addresses(markets)
    with boa.reverts("upkeep: nothing done"):
        upkeep.rebalance_many(given, [1, 2, 3])
    assert upkeep.rebalance_many(given, [2**200 + index for index in range(3)]) == 3


def test_a_market_named_twice_closes_two_epochs(upkeep: Any) -> None:
    late = deploy(account("deployer"))
    fund(late, account("depositor"), 100 * UNIT)
    late.market.place_order(0, 10 * UNIT, sender=account("depositor"))
    waiting = next_grid_point()
    boa.env.timestamp += 5 * HOUR_S
    upkeep.rebalance_many(addresses([late, late, late]), [0] * 3, sender=account("keeper"))
    assert [what for _, what in told(upkeep)] == [waiting, waiting + 5, "event: not due"]


def test_it_keeps_nothing_and_takes_nothing(upkeep: Any, markets: list[Deployed]) -> None:
    with boa.reverts():
        upkeep.rebalance_many(addresses(markets), [0] * 3, value=1, sender=account("keeper"))
    done(upkeep, markets)
    assert boa.env.get_balance(upkeep.address) == 0
    assert all(one.coin.balanceOf(upkeep.address) == 0 for one in markets)


# --- what fails


def test_who_comes_second_has_lost_little(upkeep: Any, markets: list[Deployed]) -> None:
    """TCR-12.10: a race that is lost costs a refusal."""
    done(upkeep, markets)
    given = addresses(markets)
    data = upkeep.rebalance_many.prepare_calldata(given, [0] * 3)
    lost = wire.execute(upkeep, data, gas=PLENTY)
    assert wire.reason(lost.output) == "upkeep: nothing done"
    assert lost.get_gas_used() < 3 * 12_000


def test_nothing_to_do_is_refused(upkeep: Any) -> None:
    with boa.reverts("upkeep: nothing done"):
        upkeep.rebalance_many([], [])


@pytest.mark.parametrize("hints", [[], [0], [0] * 4])
def test_each_market_needs_its_hint(upkeep: Any, markets: list[Deployed], hints: list[int]) -> None:
    given = addresses(markets)
    data = encode(["address[]", "uint256[]"], [list(map(str, given)), hints])
    for call in (
        lambda: upkeep.rebalance_many(given, hints),
        lambda: upkeep.performUpkeep(data),
        lambda: upkeep.checkUpkeep(data),
    ):
        with boa.reverts("upkeep: not a hint per market"):
            call()


@pytest.mark.parametrize("manner", REASONS)
@pytest.mark.parametrize("position", range(3))
def test_a_hostile_market_stops_nobody(
    upkeep: Any, markets: list[Deployed], manner: int, position: int
) -> None:
    bad = hostile(manner)
    again = upkeep.rebalance_many.prepare_calldata(addresses(markets), [0] * 3)
    bad.call_back(upkeep.address, again)
    given: list[Any] = [*markets[:position], bad, *markets[position:]]
    became = done(upkeep, given, gas=len(given) * (GAS_EACH + 40_000))
    assert became.pop(str(bad.address)) == REASONS[manner]
    assert set(became.values()) == {boa.env.timestamp // HOUR_S}
    assert not bad.got_in()


def test_what_is_no_market_may_take_the_pay_of_others_but_not_their_event(
    upkeep: Any, markets: list[Deployed]
) -> None:
    """A batch is worth what its list is: anybody may rebalance, a contract in the list included."""
    bad = hostile(CALLS_BACK)
    theft = markets[0].market.rebalance.prepare_calldata(0, account("attacker"))
    bad.call_back(markets[0].market.address, theft)
    became = done(upkeep, [bad, *markets])
    epoch = boa.env.timestamp // HOUR_S
    assert bad.got_in()
    assert list(became.values()) == [7, "event: not due", epoch, epoch]
    assert last_epoch(markets[0]) == epoch


def test_an_account_without_code_is_no_market(upkeep: Any, markets: list[Deployed]) -> None:
    given = [NOBODY, *addresses(markets)]
    assert upkeep.rebalance_many(given, [0] * 4, sender=account("keeper")) == 3
    assert told(upkeep)[0] == (NOBODY, "")


def test_a_market_that_refuses_says_why(upkeep: Any, markets: list[Deployed]) -> None:
    markets[1].feed.misbehave(1, 1)
    markets[2].feed.set_price(0)
    became = list(done(upkeep, markets).values())
    assert became[1:] == ["feed: silent", "price: zero"]


@pytest.mark.parametrize("gas", range(60_000, 1_500_000, 71_000))
def test_gas_enough_for_each_or_nothing_at_all(
    upkeep: Any, markets: list[Deployed], gas: int
) -> None:
    """Whatever a node's estimate finds to be enough is enough for every market."""
    data = upkeep.rebalance_many.prepare_calldata(addresses(markets), [0] * 3)
    with boa.env.anchor():
        sent = wire.execute(upkeep, data, gas=gas)
        closed = [last_epoch(one) == boa.env.timestamp // HOUR_S for one in markets]
    if sent.is_error:
        assert wire.reason(sent.output) in ("upkeep: too little gas", "")
        assert closed == [False] * 3
    else:
        assert closed == [True] * 3


def test_who_calls_says_how_much_each_may_use(upkeep: Any, markets: list[Deployed]) -> None:
    given = addresses(markets)
    with boa.reverts("upkeep: nothing done"):
        upkeep.rebalance_many(given, [0] * 3, 20_000)
    with boa.reverts("upkeep: too little gas"):
        upkeep.rebalance_many(given, [0] * 3, 400_000, gas=400_000)
    assert upkeep.rebalance_many(given, [0] * 3, 200_000, gas=700_000) == 3


def test_the_longest_list(upkeep: Any) -> None:
    many = [deploy(account("deployer")) for _ in range(4)] * 16
    next_grid_point()
    assert upkeep.rebalance_many(addresses(many), [0] * 64, gas=PLENTY) == 4
    with boa.reverts():
        upkeep.rebalance_many(addresses(many) + addresses(many)[:1], [0] * 65)
