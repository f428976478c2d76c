"""What strangers can do to a vault, and to those who request of it: nothing (R17)."""

from typing import Any

import boa
import pytest

from perpools.spec.kinds import KINDS
from tests.contracts.deployment import HOUR_S, UNIT, Deployed, account, deploy, fund
from tests.contracts.vaults import LONG, TOKEN, equip, new_vault, settle

pytestmark = pytest.mark.usefixtures("chain")

SILENT = 1


@pytest.fixture
def deployed() -> Deployed:
    return deploy(account("deployer"))


@pytest.fixture
def vault(deployed: Deployed) -> Any:
    return new_vault(deployed)


@pytest.fixture
def depositor(deployed: Deployed, vault: Any) -> Any:
    return equip(deployed, vault, "depositor")


@pytest.fixture
def attacker(deployed: Deployed, vault: Any) -> Any:
    return equip(deployed, vault, "attacker")


def test_orders_of_a_stranger_for_the_vault_change_nothing_for_others(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """
    Anybody may name the vault as an order's controller: its orders then exceed what it was asked
    for. Before, after and between requests; of every kind; taken back and claimed all the same.
    """
    market = deployed.market
    for kind in KINDS:
        amount = UNIT if kind < 2 else TOKEN
        market.place_order(kind, amount, 0, attacker, vault.address, sender=attacker)
    request = vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    vault.requestDeposit(5 * UNIT, attacker, attacker, sender=attacker)
    market.place_order(0, 7, 0, attacker, vault.address, sender=attacker)
    vault.cancelDepositRequest(request, attacker, sender=attacker)
    assert market.order_of(vault.address, request, 0) == 11 * UNIT + 7
    settle(deployed)
    assert vault.maxMint(depositor) == 10 * TOKEN
    assert vault.maxMint(attacker) == 0
    vault.deposit(10 * UNIT, depositor, sender=depositor)
    vault.claimCancelDepositRequest(request, attacker, attacker, sender=attacker)
    left = market.claimable(vault.address).amounts
    assert (left[0], left[2]) == (2 * UNIT, 2 * TOKEN)
    assert 2 * TOKEN < left[1] < 2 * TOKEN + 8 * 10**12


def test_what_is_given_to_a_vault_is_nobodys(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """Collateral, tokens, a keeper's reward: no rate moves, nobody can take them."""
    before = vault.totalAssets(), vault.convertToShares(UNIT)
    request = vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    deployed.coin.mint(vault.address, 10**12)
    deployed.tokens[LONG].transfer(vault.address, 50 * TOKEN, sender=attacker)
    assert (vault.totalAssets(), vault.convertToShares(UNIT)) == before
    assert vault.pendingDepositRequest(request, depositor) == 10 * UNIT
    settle(deployed)
    assert (vault.maxMint(depositor), vault.maxMint(attacker)) == (10 * TOKEN, 0)
    with boa.reverts("claim: more than claimable"):
        vault.deposit(10 * UNIT + 1, depositor, sender=depositor)
    vault.deposit(10 * UNIT, depositor, sender=depositor)
    for name in ("deposit", "mint", "redeem", "withdraw"):
        with boa.reverts("claim: more than claimable"):
            getattr(vault, name)(1, attacker, attacker, sender=attacker)


def test_nobody_acts_for_the_vault_in_the_market(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """Not to cancel its orders, not to claim, not to pull its escrow, not to tip."""
    market, own = deployed.market, vault.address
    request = vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    with boa.reverts("sender: not authorised"):
        market.cancel_order(request, 0, own, sender=attacker)
    with boa.reverts("tip: not the controller's"):
        market.place_order(0, UNIT, 0, attacker, own, sender=attacker, value=1)
    settle(deployed)
    with boa.reverts("claim: not tipped"):
        market.claim(own, sender=attacker)
    with boa.reverts("sender: not authorised"):
        market.withdraw(1, TOKEN, own, attacker, sender=attacker)
    with boa.reverts("sender: not authorised"):
        market.place_order(2, TOKEN, TOKEN, own, attacker, sender=attacker)
    vault.deposit(10 * UNIT, depositor, sender=depositor)


def test_an_operator_has_power_where_it_was_appointed_and_nowhere_else(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    other = new_vault(deployed)
    deployed.coin.approve(other.address, 100 * UNIT, sender=depositor)
    other.setOperator(attacker, True, sender=depositor)
    vault.requestDeposit(UNIT, depositor, depositor, sender=depositor)
    settle(deployed)
    with boa.reverts("sender: not authorised"):
        vault.requestDeposit(UNIT, attacker, depositor, sender=attacker)
    with boa.reverts("sender: not authorised"):
        vault.deposit(UNIT, attacker, depositor, sender=attacker)
    with boa.reverts("sender: not authorised"):
        deployed.market.place_order(0, UNIT, 0, depositor, attacker, sender=attacker)
    assert other.requestDeposit(UNIT, attacker, depositor, sender=attacker)


def test_a_vault_that_somebody_trusts_in_the_market_uses_no_power_there(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """Nothing makes the vault act for an account other than its own."""
    deployed.market.setOperator(vault.address, True, sender=depositor)
    for token in (deployed.coin, deployed.tokens[LONG]):
        token.approve(vault.address, 0, sender=depositor)
    with boa.reverts("token: allowance too low"):
        vault.requestRedeem(TOKEN, depositor, depositor, sender=depositor)
    with boa.reverts("sender: not authorised"):
        vault.requestRedeem(TOKEN, attacker, depositor, sender=attacker)


def test_vaults_of_one_side_do_not_know_of_each_other(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    other = new_vault(deployed)
    deployed.coin.approve(other.address, 100 * UNIT, sender=depositor)
    request = vault.requestDeposit(3 * UNIT, depositor, depositor, sender=depositor)
    assert other.requestDeposit(5 * UNIT, depositor, depositor, sender=depositor) == request
    with boa.reverts("request: none"):
        other.cancelDepositRequest(request, attacker, sender=attacker)
    vault.cancelDepositRequest(request, depositor, sender=depositor)
    settle(deployed)
    assert (vault.maxMint(depositor), other.maxMint(depositor)) == (0, 5 * TOKEN)


def test_the_last_to_claim_finds_everything(deployed: Deployed, vault: Any) -> None:
    """Amounts that divide badly, first and last in any order, in one and in many portions."""
    deployed.feed.set_price(137 * TOKEN)
    settle(deployed)
    roles = [f"holder {index}" for index in range(7)]
    holders = [equip(deployed, vault, role) for role in roles]
    for index, holder in enumerate(holders):
        vault.requestRedeem(10**13 * (3 * index + 1) + index, holder, holder, sender=holder)
    settle(deployed)
    due = [vault.maxWithdraw(holder) for holder in holders]
    whole = deployed.market.claimable(vault.address).amounts[0]
    assert whole - len(holders) < sum(due) <= whole
    for holder, worth in reversed(list(zip(holders, due, strict=True))):
        had = deployed.coin.balanceOf(holder)
        vault.redeem(1, holder, holder, sender=holder)
        vault.redeem(vault.maxRedeem(holder) // 3, holder, holder, sender=holder)
        vault.redeem(vault.maxRedeem(holder), holder, holder, sender=holder)
        assert deployed.coin.balanceOf(holder) - had == worth
    assert deployed.market.claimable(vault.address).amounts[0] == whole - sum(due)


def test_one_who_takes_a_request_back_moves_nobody_elses(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """The market gives the vault's whole order back; the rest joins the same epoch at once."""
    request = vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    boa.env.timestamp += 600
    for _ in range(5):
        assert vault.requestDeposit(UNIT, attacker, attacker, sender=attacker) == request
        vault.cancelDepositRequest(request, attacker, sender=attacker)
    assert deployed.market.batch(request, 0) == (10 * UNIT, 0)
    vault.claimCancelDepositRequest(request, attacker, attacker, sender=attacker)
    with boa.reverts("claim: nothing"):
        vault.claimCancelDepositRequest(request, attacker, attacker, sender=attacker)
    settle(deployed)
    assert (vault.maxMint(depositor), vault.maxMint(attacker)) == (10 * TOKEN, 0)
    assert deployed.market.claimable(vault.address).amounts == [0, 10 * TOKEN, 0]


def test_a_request_taken_back_cannot_be_claimed_too(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    for holder in (depositor, attacker):
        request = vault.requestRedeem(10 * TOKEN, holder, holder, sender=holder)
    vault.cancelRedeemRequest(request, attacker, sender=attacker)
    with boa.reverts("request: none"):
        vault.cancelRedeemRequest(request, attacker, sender=attacker)
    settle(deployed)
    with boa.reverts("claim: more than claimable"):
        vault.redeem(1, attacker, attacker, sender=attacker)
    vault.claimCancelRedeemRequest(request, attacker, attacker, sender=attacker)
    assert deployed.tokens[LONG].balanceOf(attacker) == 100 * TOKEN
    vault.redeem(10 * TOKEN, depositor, depositor, sender=depositor)


def test_a_wound_down_market_gives_everything_back(
    deployed: Deployed, vault: Any, depositor: Any
) -> None:
    """R13: requests that wait are refunded, tokens redeem in the market, nothing is stuck."""
    had = deployed.coin.balanceOf(depositor)
    vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    settle(deployed)
    deposit = vault.requestDeposit(7 * UNIT, depositor, depositor, sender=depositor)
    redemption = vault.requestRedeem(5 * TOKEN, depositor, depositor, sender=depositor)
    deployed.feed.misbehave(SILENT, SILENT)
    boa.env.timestamp += 32 * 24 * HOUR_S
    deployed.market.wind_down()
    assert vault.pendingDepositRequest(deposit, depositor) == 0
    assert vault.claimableCancelDepositRequest(deposit, depositor) == 7 * UNIT
    assert vault.claimableCancelRedeemRequest(redemption, depositor) == 5 * TOKEN
    with boa.reverts("market: wound down"):
        vault.cancelDepositRequest(deposit, depositor, sender=depositor)
    with boa.reverts("market: wound down"):
        vault.requestDeposit(UNIT, depositor, depositor, sender=depositor)
    vault.claimCancelDepositRequest(deposit, depositor, depositor, sender=depositor)
    vault.claimCancelRedeemRequest(redemption, depositor, depositor, sender=depositor)
    vault.deposit(10 * UNIT, depositor, sender=depositor)
    deployed.market.redeem(LONG, 110 * TOKEN, sender=depositor)
    assert deployed.coin.balanceOf(depositor) == had + 100 * UNIT
    assert deployed.market.claimable(vault.address).amounts == [0, 0, 0]


# Gas: a small part of any block, whatever anybody did.
MOST_GAS = 2_000_000


def test_requests_forced_on_a_controller_cost_it_little(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """
    Anybody may request for anybody. A victim buried under one-unit requests, refunded ones among
    them, and a vault buried under orders of all kinds, in as many epochs as fit: a claim still
    fits a block, and the victim's own request is reached.
    """
    fund(deployed, attacker, 10**6 * UNIT)
    for index in range(80):
        vault.requestDeposit(1, depositor, attacker, sender=attacker)
        vault.requestRedeem(1 + index % 2 * TOKEN, depositor, attacker, sender=attacker)
        for kind in (1, 3, 4, 5):
            amount = UNIT if kind < 2 else 10**13
            deployed.market.place_order(kind, amount, 0, attacker, vault.address, sender=attacker)
        settle(deployed)
    vault.requestDeposit(10 * UNIT, depositor, depositor, sender=depositor)
    settle(deployed)
    assert vault.maxDeposit(depositor) == 64
    received = 0
    while most := vault.maxDeposit(depositor):
        received += vault.deposit(most, depositor, sender=depositor)
        assert vault._computation.get_gas_used() < MOST_GAS
    assert vault.convertToAssets(received) == 10 * UNIT + 79
    assert vault.maxRedeem(depositor) == 32 * (TOKEN + 1)
    vault.redeem(vault.maxRedeem(depositor), depositor, depositor, sender=depositor)
    assert vault._computation.get_gas_used() < MOST_GAS


def test_refunded_requests_in_front_can_always_be_cleared(
    deployed: Deployed, vault: Any, depositor: Any, attacker: Any
) -> None:
    """More of them than a claim looks at hide what is behind them, until anybody skips them."""
    ids = []
    for _ in range(64):
        ids.append(vault.requestRedeem(1, depositor, attacker, sender=attacker))
        settle(deployed)
    vault.requestRedeem(TOKEN, depositor, depositor, sender=depositor)
    settle(deployed)
    assert vault.maxRedeem(depositor) == 0
    with boa.env.anchor():
        vault.claimCancelRedeemRequest(ids[40], depositor, depositor, sender=depositor)
        assert vault.maxRedeem(depositor) == TOKEN
    vault.skip_refunded(1, depositor, sender=account("keeper"))
    assert vault._computation.get_gas_used() < MOST_GAS
    assert vault.maxRedeem(depositor) == TOKEN
    assert vault.claimableCancelRedeemRequest(ids[40], depositor) == 1
    vault.redeem(TOKEN, depositor, depositor, sender=depositor)
    assert vault.maxRedeem(depositor) == 0
