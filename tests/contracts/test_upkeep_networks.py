"""The shape that keeper networks ask for: what is due, and have it performed."""

from typing import Any

import boa
import pytest
from eth_abi import decode, encode

from tests.contracts.deployment import (
    DAY_S,
    HOUR_S,
    Deployed,
    account,
    deploy,
    next_grid_point,
)
from tests.contracts.feeds import NOBODY
from tests.contracts.upkeeping import (
    PLENTY,
    REASONS,
    addresses,
    hostile,
    last_epoch,
    told,
)

pytestmark = pytest.mark.usefixtures("chain")


def packed(markets: list[Any], hints: list[int] | None = None) -> bytes:
    given = list(map(str, addresses(markets)))
    return encode(["address[]", "uint256[]"], [given, hints or [0] * len(given)])


def named(data: bytes) -> tuple[list[str], list[int]]:
    given, hints = decode(["address[]", "uint256[]"], data)
    return [one.lower() for one in given], list(hints)


def test_what_is_due_is_performed(upkeep: Any, markets: list[Deployed]) -> None:
    markets[0].feed.set_hint(9)
    markets[1].market.rebalance()
    needed, data = upkeep.checkUpkeep(packed(markets, [9, 0, 0]))
    expected = [str(markets[at].market.address).lower() for at in (0, 2)]
    assert (needed, named(data)) == (True, (expected, [9, 0]))
    upkeep.performUpkeep(data, sender=account("keeper"))
    assert [what for _, what in told(upkeep)] == [boa.env.timestamp // HOUR_S] * 2
    needed, data = upkeep.checkUpkeep(packed(markets, [9, 0, 0]))
    assert (needed, named(data)) == (False, ([], []))
    with boa.reverts("upkeep: nothing done"):
        upkeep.performUpkeep(data)


@pytest.mark.parametrize("manner", REASONS)
def test_a_hostile_market_hides_nobody(upkeep: Any, markets: list[Deployed], manner: int) -> None:
    given = [hostile(manner), *markets]
    needed, data = upkeep.checkUpkeep(packed(given), gas=PLENTY)
    assert needed
    assert set(map(str.lower, map(str, addresses(markets)))) <= set(named(data)[0])
    upkeep.performUpkeep(data, gas=PLENTY)
    assert {last_epoch(one) for one in markets} == {boa.env.timestamp // HOUR_S}


def test_nobodys_markets_are_never_due(upkeep: Any) -> None:
    assert upkeep.checkUpkeep(encode(["address[]", "uint256[]"], [[NOBODY], [0]]))[0] is False
    with boa.reverts():
        upkeep.due(NOBODY)


def test_what_is_not_a_list_is_refused(upkeep: Any) -> None:
    for data in (b"", b"?", b"\xff" * 128):
        with boa.reverts():
            upkeep.performUpkeep(data)
        with boa.reverts():
            upkeep.checkUpkeep(data)


def test_a_market_is_due_from_the_second_after_its_grid_point_until_it_is_closed(
    upkeep: Any,
) -> None:
    made = deploy(account("deployer"))
    market = made.market
    next_grid_point(late_s=0)
    assert not upkeep.due(market.address)
    boa.env.timestamp += 1
    assert upkeep.due(market.address)
    made.feed.misbehave(1, 0)
    assert not upkeep.due(market.address)
    made.feed.misbehave(0, 0)
    market.rebalance()
    assert not upkeep.due(market.address)


def test_a_market_that_is_wound_down_is_never_due(upkeep: Any) -> None:
    made = deploy(account("deployer"))
    next_grid_point()
    made.feed.misbehave(1, 1)
    boa.env.timestamp += 31 * DAY_S
    made.market.wind_down()
    made.feed.misbehave(0, 0)
    assert not upkeep.due(made.market.address)
