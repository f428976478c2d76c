"""Collateral that lies, taxes or shuts accounts out harms at most those accounts (R19)."""

from dataclasses import replace
from typing import Any

import boa
import pytest

from tests.contracts.deployment import (
    PLAIN,
    SEED,
    UNIT,
    WAD,
    Deployed,
    account,
    deploy,
    fund,
    new_coin,
    next_grid_point,
)

pytestmark = pytest.mark.usefixtures("chain")

PLAIN_COIN, FEE, SAYS_NO, SAYS_NOTHING = range(4)
YEAR_S = 365 * 86_400


@pytest.fixture
def deployed() -> Deployed:
    """A market with a fee, and two depositors whose orders were executed."""
    made = deploy(
        account("deployer"),
        replace(PLAIN, management_fee_wad=WAD // 10, primary=account("treasury")),
    )
    for role in ("depositor", "neighbour"):
        fund(made, account(role), 1_000 * UNIT)
        made.market.place_order(0, 100 * UNIT, sender=account(role))
    next_grid_point()
    made.market.rebalance()
    return made


def cycle(deployed: Deployed, role: str) -> int:
    """Claim, burn everything, claim; the collateral that came back."""
    market, holder = deployed.market, account(role)
    before = deployed.coin.balanceOf(holder)
    market.claim(sender=holder)
    market.place_order(2, deployed.tokens[0].balanceOf(holder), sender=holder)
    next_grid_point()
    market.rebalance()
    market.claim(sender=holder)
    return int(deployed.coin.balanceOf(holder)) - int(before)


def test_collateral_that_returns_nothing_works_from_end_to_end() -> None:
    """Scenario 27 (RV A01): deposit, claim, pair, fee."""
    coin = new_coin()
    coin.misbehave(SAYS_NOTHING)
    depositor = account("depositor")
    made = deploy(account("deployer"), coin=coin)
    fund(made, depositor, 1_000 * UNIT)
    made.market.place_order(0, 100 * UNIT, sender=depositor)
    next_grid_point()
    made.market.rebalance()
    assert 0 <= 100 * UNIT - cycle(made, "depositor") <= 1
    made.market.mint_pair(10 * UNIT, sender=depositor)
    made.market.redeem_pair(made.tokens[0].balanceOf(depositor), sender=depositor)


@pytest.mark.parametrize("name", ["claim", "withdraw", "redeem_pair", "pay_fees"])
def test_a_payment_that_collateral_refuses_is_not_forgotten(deployed: Deployed, name: str) -> None:
    """Scenario 27: false means that nothing was paid, so nothing is written off."""
    depositor, market = account("depositor"), deployed.market
    market.place_order(1, 10 * UNIT, sender=depositor)
    market.cancel_order(market.epoch_joined(), 1, sender=depositor)
    args = {"claim": (), "withdraw": (0, UNIT), "redeem_pair": (10**18,), "pay_fees": (0,)}[name]
    sender = account("deployer") if name == "redeem_pair" else depositor
    before = market.claimable(depositor), market.fees_accrued(), market.balances_and_supplies()
    deployed.coin.misbehave(SAYS_NO)
    with boa.reverts("collateral: refused"):
        getattr(market, name)(*args, sender=sender)
    assert (
        market.claimable(depositor),
        market.fees_accrued(),
        market.balances_and_supplies(),
    ) == before
    deployed.coin.misbehave(PLAIN_COIN)
    getattr(market, name)(*args, sender=sender)


def test_an_account_that_is_shut_out_blocks_itself_alone(deployed: Deployed) -> None:
    """
    Scenario 27: events, neighbours and fees go on; what is due waits, and may go to another wallet.
    """
    depositor, market = account("depositor"), deployed.market
    market.place_order(1, 10 * UNIT, sender=depositor)
    market.cancel_order(market.epoch_joined(), 1, sender=depositor)
    deployed.coin.block(depositor, True)
    with boa.reverts("coin: blocked"):
        market.claim(sender=depositor)
    assert 100 * UNIT - cycle(deployed, "neighbour") <= 2 * UNIT
    market.pay_fees(0)
    market.withdraw(0, 10 * UNIT, depositor, account("other wallet"), sender=depositor)
    market.withdraw(1, 99 * 10**18, sender=depositor)
    assert deployed.coin.balanceOf(account("other wallet")) == 10 * UNIT


def test_a_fee_recipient_that_is_shut_out_stops_nothing_but_its_fees(deployed: Deployed) -> None:
    """TPP-07, TPP-05: no recipient is called in an event; fees wait."""
    deployed.coin.block(account("treasury"), True)
    next_grid_point()
    deployed.market.rebalance()
    accrued = deployed.market.fees_accrued()
    with boa.reverts("coin: blocked"):
        deployed.market.pay_fees(0)
    assert deployed.market.fees_accrued() == accrued
    assert 100 * UNIT - cycle(deployed, "depositor") <= 2 * UNIT


def test_collateral_that_starts_to_tax_takes_no_more_deposits_and_pays_out_what_it_lets_through(
    deployed: Deployed,
) -> None:
    """Scenario 27 (C4 M-02): nobody is credited what did not arrive, so nobody else pays for it."""
    deployed.coin.misbehave(FEE)
    depositor, market = account("depositor"), deployed.market
    with boa.reverts("collateral: not as sent"):
        market.place_order(0, 100 * UNIT, sender=depositor)
    held = deployed.coin.balanceOf(market.address)
    assert 98 * UNIT <= cycle(deployed, "depositor") <= 99 * UNIT
    assert held - deployed.coin.balanceOf(market.address) <= 100 * UNIT


def test_a_dead_collateral_stops_no_event(deployed: Deployed) -> None:
    """An event moves numbers and tokens, never collateral."""
    for role in ("depositor", "neighbour", "treasury"):
        deployed.coin.block(account(role), True)
    deployed.coin.block(deployed.market.address, True)
    for _ in range(3):
        next_grid_point()
        deployed.market.rebalance()
    balances, _ = deployed.market.balances_and_supplies()
    assert sum(balances) + sum(deployed.market.fees_accrued()) == 2 * SEED + 200 * UNIT


@pytest.mark.parametrize("decimals", [0, 6, 18])
def test_small_amounts_are_as_good_as_large_ones_in_any_decimals(decimals: int) -> None:
    """Sherlock 008-H: no minimum is spelled in eighteen decimals."""
    depositor: Any = account("depositor")
    made = deploy(
        account("deployer"),
        replace(PLAIN, decimals=decimals),
        10**decimals,
        coin=new_coin(decimals),
    )
    fund(made, depositor, 10)
    made.market.place_order(0, 1, sender=depositor)
    next_grid_point()
    made.market.rebalance()
    assert made.market.claim(sender=depositor).amounts[1] == 10 ** (18 - decimals)
