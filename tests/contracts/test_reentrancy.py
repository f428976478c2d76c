"""Nobody gets in while a market is at work, not even to look (R19, RV A03, TPP-05)."""

from typing import Any

import boa
import pytest

from tests.contracts.deployment import (
    MOCKS,
    UNIT,
    Deployed,
    account,
    deploy,
    fund,
    next_grid_point,
)
from tests.evm import deployer

pytestmark = pytest.mark.usefixtures("chain")

CALLS_BACK = 4
SILENT = 1
TIP = 10**15

INNER = [
    ("place_order", (0, 1, 0, "depositor")),
    ("cancel_order", (500_002, 0, "depositor")),
    ("rebalance", ()),
    ("claim", ("depositor",)),
    ("withdraw", (0, 1, "depositor")),
    ("mint_pair", (1_000,)),
    ("redeem_pair", (1,)),
    ("redeem", (0, 1)),
    ("wind_down", ()),
    ("pay_fees", (0,)),
    ("setOperator", ("attacker", True)),
    # what a stranger could be shown in the middle of something
    ("progress", ()),
    ("sample", (0,)),
    ("balances_and_supplies", ()),
    ("claimable", ("depositor",)),
    ("batch", (500_001, 0)),
    ("order_of", ("depositor", 500_001, 0)),
    ("tip_of", ("depositor", 500_001)),
    ("mint_fee_wad", ()),
    ("fees_accrued", ()),
    ("fee_recipients", ()),
    ("isOperator", ("depositor", "attacker")),
]


@pytest.fixture
def deployed() -> Deployed:
    """A depositor with an executed order, collateral in escrow, tokens and a tip."""
    made = deploy(account("deployer"))
    depositor, market = account("depositor"), made.market
    fund(made, depositor, 10_000 * UNIT)
    market.mint_pair(100 * UNIT, sender=depositor)
    market.place_order(0, 100 * UNIT, sender=depositor, value=TIP)
    next_grid_point()
    market.rebalance()
    market.place_order(1, 10 * UNIT, sender=depositor)
    market.cancel_order(market.epoch_joined(), 1, sender=depositor)
    return made


def args_of(args: tuple[Any, ...]) -> list[Any]:
    return [account(arg) if isinstance(arg, str) else arg for arg in args]


def intruder(deployed: Deployed, name: str, args: tuple[Any, ...]) -> Any:
    """An account with code that the depositor trusts with everything, and which calls back."""
    calldata = getattr(deployed.market, name).prepare_calldata(*args_of(args))
    made = deployer(f"{MOCKS}/Reentrant.vy").deploy(deployed.market.address, calldata)
    deployed.market.setOperator(made.address, True, sender=account("depositor"))
    return made


def refused_meanwhile(
    deployed: Deployed, inner: Any, outer: str, *outer_args: Any, **options: Any
) -> None:
    deployed.coin.misbehave(CALLS_BACK)
    deployed.coin.call_back(inner.address, b"")
    getattr(deployed.market, outer)(*outer_args, sender=account("depositor"), **options)
    assert inner.tried()
    assert not inner.got_in()


@pytest.mark.parametrize(("name", "args"), INNER, ids=[name for name, _ in INNER])
def test_nothing_gets_in_through_the_collateral(
    deployed: Deployed, name: str, args: tuple[Any, ...]
) -> None:
    """Scenario 26: from inside a deposit."""
    refused_meanwhile(deployed, intruder(deployed, name, args), "place_order", 0, UNIT)


OUTER = [
    ("place_order", (0, UNIT)),
    ("claim", ()),
    ("withdraw", (0, UNIT)),
    ("mint_pair", (UNIT,)),
    ("redeem_pair", (10**18,)),
]


@pytest.mark.parametrize(("outer", "outer_args"), OUTER, ids=[name for name, _ in OUTER])
@pytest.mark.parametrize("name", ["claim", "rebalance", "redeem_pair"])
def test_no_operation_is_open_while_it_moves_collateral(
    deployed: Deployed, name: str, outer: str, outer_args: tuple[Any, ...]
) -> None:
    args = dict(INNER)[name]
    refused_meanwhile(deployed, intruder(deployed, name, args), outer, *outer_args)


def test_redemptions_of_a_wound_down_market_are_closed_too(deployed: Deployed) -> None:
    deployed.feed.misbehave(SILENT, SILENT)
    boa.env.timestamp += 32 * 86_400
    deployed.market.wind_down()
    refused_meanwhile(deployed, intruder(deployed, "claim", ("depositor",)), "redeem", 0, 10**18)


@pytest.mark.parametrize("name", ["claim", "withdraw", "place_order", "rebalance"])
def test_nothing_gets_in_through_a_tip(deployed: Deployed, name: str) -> None:
    """Whoever claims for a tip is called with it, after everything is written."""
    claimer = intruder(deployed, name, dict(INNER)[name])
    market, depositor = deployed.market, account("depositor")
    held, due = deployed.tokens[0].balanceOf(depositor), market.claimable(depositor).amounts[1]
    market.claim(depositor, sender=claimer.address)
    assert (claimer.tried(), claimer.got_in()) == (True, False)
    assert boa.env.get_balance(claimer.address) == TIP
    assert boa.env.get_balance(market.address) == 0
    assert deployed.tokens[0].balanceOf(depositor) == held + due


def test_nothing_gets_in_through_the_tip_of_a_cancelled_order(deployed: Deployed) -> None:
    market, depositor = deployed.market, account("depositor")
    operator = intruder(deployed, "cancel_order", (500_002, 0, "depositor"))
    epoch = market.place_order(0, UNIT, sender=depositor, value=TIP)
    assert epoch == 500_002
    market.cancel_order(epoch, 0, depositor, sender=operator.address)
    assert (operator.tried(), operator.got_in()) == (True, False)
    assert market.claimable(depositor).amounts[0] == 11 * UNIT


def test_a_supply_cannot_be_read_in_the_middle_of_something(deployed: Deployed) -> None:
    """A token's supply is the market's to tell, and the market is closed."""
    calldata = deployed.tokens[0].totalSupply.prepare_calldata()
    inner = deployer(f"{MOCKS}/Reentrant.vy").deploy(deployed.tokens[0].address, calldata)
    refused_meanwhile(deployed, inner, "mint_pair", UNIT)


def test_a_claimer_that_takes_no_coin_claims_nothing(deployed: Deployed) -> None:
    """And changes nothing: the tip waits for the next one."""
    market, depositor = deployed.market, account("depositor")
    with boa.reverts("tip: refused"):
        market.claim(depositor, sender=deployed.tokens[0].address)
    assert market.claimable(depositor).tip == TIP
