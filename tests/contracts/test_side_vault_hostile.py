"""
Collateral that calls back, lies or shuts accounts out: nobody gets into a vault while it is at
work, not even to look, and nobody is harmed but the account itself (R19).
"""

from typing import Any

import boa
import pytest

from tests.contracts.deployment import (
    MOCKS,
    UNIT,
    Deployed,
    account,
    deploy,
    next_grid_point,
)
from tests.contracts.vaults import TOKEN, equip, new_vault, settle
from tests.evm import deployer

pytestmark = pytest.mark.usefixtures("chain")

PLAIN_COIN, FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK = range(5)

HOLDER = "depositor"
INNER: list[tuple[str, tuple[Any, ...]]] = [
    ("requestDeposit", (UNIT, HOLDER, HOLDER)),
    ("requestRedeem", (TOKEN, HOLDER, HOLDER)),
    ("cancelDepositRequest", ("open", HOLDER)),
    ("cancelRedeemRequest", ("open", HOLDER)),
    ("claimCancelDepositRequest", ("open", HOLDER, HOLDER)),
    ("claimCancelRedeemRequest", ("open", HOLDER, HOLDER)),
    ("deposit", (UNIT, HOLDER, HOLDER)),
    ("mint", (TOKEN, HOLDER, HOLDER)),
    ("redeem", (TOKEN, HOLDER, HOLDER)),
    ("withdraw", (1, HOLDER, HOLDER)),
    ("skip_refunded", (1, HOLDER)),
    ("setOperator", (HOLDER, True)),
    # what a stranger could be shown in the middle of something
    ("totalAssets", ()),
    ("convertToShares", (1,)),
    ("convertToAssets", (1,)),
    ("maxDeposit", (HOLDER,)),
    ("maxMint", (HOLDER,)),
    ("maxRedeem", (HOLDER,)),
    ("maxWithdraw", (HOLDER,)),
    ("pendingDepositRequest", ("open", HOLDER)),
    ("claimableDepositRequest", ("open", HOLDER)),
    ("pendingRedeemRequest", ("open", HOLDER)),
    ("claimableRedeemRequest", ("open", HOLDER)),
    ("claimableCancelDepositRequest", ("open", HOLDER)),
    ("claimableCancelRedeemRequest", ("open", HOLDER)),
    ("isOperator", (HOLDER, HOLDER)),
]
OUTER = [
    ("requestDeposit", (UNIT, HOLDER, HOLDER)),
    ("redeem", (TOKEN, HOLDER, HOLDER)),
    ("withdraw", (1, HOLDER, HOLDER)),
    ("claimCancelDepositRequest", ("open", HOLDER, HOLDER)),
]


@pytest.fixture
def deployed() -> Deployed:
    return deploy(account("deployer"))


@pytest.fixture
def vault(deployed: Deployed) -> Any:
    """With something of everything for one depositor: claimable, pending, taken back."""
    made = new_vault(deployed)
    holder = equip(deployed, made, HOLDER)
    made.requestDeposit(10 * UNIT, holder, holder, sender=holder)
    made.requestRedeem(10 * TOKEN, holder, holder, sender=holder)
    settle(deployed)
    for name, amount in (("Deposit", UNIT), ("Redeem", TOKEN)):
        epoch = getattr(made, f"request{name}")(amount, holder, holder, sender=holder)
        getattr(made, f"cancel{name}Request")(epoch, holder, sender=holder)
        getattr(made, f"request{name}")(2 * amount, holder, holder, sender=holder)
    return made


def args_of(deployed: Deployed, args: tuple[Any, ...]) -> list[Any]:
    known = {"open": deployed.market.epoch_joined(), HOLDER: account(HOLDER)}
    return [known[arg] if isinstance(arg, str) else arg for arg in args]


def intruder(deployed: Deployed, vault: Any, name: str, args: tuple[Any, ...]) -> Any:
    """An account with code that the depositor trusts with everything, and which calls back."""
    calldata = getattr(vault, name).prepare_calldata(*args_of(deployed, args))
    made = deployer(f"{MOCKS}/Reentrant.vy").deploy(vault.address, calldata)
    vault.setOperator(made.address, True, sender=account(HOLDER))
    return made


def meanwhile(deployed: Deployed, vault: Any, inner: Any, outer: str, args: list[Any]) -> bool:
    """Whether a call got through while another one moved collateral."""
    deployed.coin.misbehave(CALLS_BACK)
    deployed.coin.call_back(inner.address, b"")
    getattr(vault, outer)(*args, sender=account(HOLDER))
    assert inner.tried()
    return bool(inner.got_in())


@pytest.mark.parametrize(("name", "args"), INNER, ids=[name for name, _ in INNER])
@pytest.mark.parametrize("outer", ["requestDeposit", "redeem"])
def test_nothing_gets_in_through_the_collateral(
    deployed: Deployed, vault: Any, name: str, args: tuple[Any, ...], outer: str
) -> None:
    """And everything that is tried inside would be accepted outside."""
    inner = intruder(deployed, vault, name, args)
    with boa.env.anchor():
        getattr(vault, name)(*args_of(deployed, args), sender=inner.address)
    outer_args = args_of(deployed, dict(OUTER)[outer])
    assert not meanwhile(deployed, vault, inner, outer, outer_args)


@pytest.mark.parametrize(("outer", "args"), OUTER, ids=[name for name, _ in OUTER])
@pytest.mark.parametrize("name", ["redeem", "claimCancelDepositRequest", "maxWithdraw"])
def test_no_operation_is_open_while_it_moves_collateral(
    deployed: Deployed, vault: Any, name: str, outer: str, args: tuple[Any, ...]
) -> None:
    inner = intruder(deployed, vault, name, dict(INNER)[name])
    assert not meanwhile(deployed, vault, inner, outer, args_of(deployed, args))


def test_an_event_in_the_middle_of_a_request_is_as_one_before_it(
    deployed: Deployed, vault: Any
) -> None:
    """The market is open while a vault takes its payment; nothing of the vault depends on it."""
    holder = account(HOLDER)
    epoch = next_grid_point() + 1
    calldata = deployed.market.rebalance.prepare_calldata()
    inner = deployer(f"{MOCKS}/Reentrant.vy").deploy(deployed.market.address, calldata)
    waiting = vault.pendingDepositRequest(epoch - 1, holder)
    assert meanwhile(deployed, vault, inner, "requestDeposit", [UNIT, holder, holder])
    assert deployed.market.progress()[0] == epoch - 1
    assert vault.claimableDepositRequest(epoch - 1, holder) == waiting == 2 * UNIT
    assert vault.pendingDepositRequest(epoch, holder) == UNIT


def test_an_order_for_the_vault_in_the_middle_of_a_request_adds_to_nobodys(
    deployed: Deployed, vault: Any
) -> None:
    """In the payment's own call: the attacker is the collateral."""
    holder, own = account(HOLDER), vault.address
    inner = deployer(f"{MOCKS}/Reentrant.vy").deploy(
        deployed.market.address,
        deployed.market.place_order.prepare_calldata(2, TOKEN, 0, deployed.coin.address, own),
    )
    deployed.tokens[0].transfer(deployed.coin.address, TOKEN, sender=holder)
    deployed.market.setOperator(inner.address, True, sender=deployed.coin.address)
    assert meanwhile(deployed, vault, inner, "requestDeposit", [UNIT, holder, holder])
    epoch = deployed.market.epoch_joined()
    assert deployed.market.order_of(own, epoch, 2) == 3 * TOKEN
    assert vault.pendingRedeemRequest(epoch, holder) == 2 * TOKEN
    assert vault.pendingDepositRequest(epoch, holder) == 3 * UNIT


@pytest.mark.parametrize("gift", [0, 10**9 * UNIT])
def test_a_coin_that_keeps_a_fee_takes_no_requests(
    deployed: Deployed, vault: Any, gift: int
) -> None:
    """Not even where a gift to the vault would cover the fee."""
    holder = account(HOLDER)
    deployed.coin.mint(vault.address, gift)
    deployed.coin.misbehave(FEE)
    with boa.reverts("collateral: not as sent" if gift else "coin: balance too low"):
        vault.requestDeposit(100 * UNIT, holder, holder, sender=holder)
    assert deployed.coin.balanceOf(vault.address) == gift
    had = deployed.coin.balanceOf(holder)
    vault.redeem(10 * TOKEN, holder, holder, sender=holder)
    assert deployed.coin.balanceOf(holder) - had == 10 * UNIT * 99 // 100
    assert vault.maxRedeem(holder) == 0


@pytest.mark.parametrize("gift", [0, 10**9 * UNIT])
def test_a_coin_that_says_no_takes_no_requests_and_forgets_no_claims(
    deployed: Deployed, vault: Any, gift: int
) -> None:
    holder = account(HOLDER)
    deployed.coin.mint(vault.address, gift)
    deployed.coin.misbehave(SAYS_NO)
    for name, args in OUTER:
        with boa.reverts("collateral: refused"):
            getattr(vault, name)(*args_of(deployed, args), sender=holder)
    deployed.coin.misbehave(PLAIN_COIN)
    assert vault.redeem(10 * TOKEN, holder, holder, sender=holder) == 10 * UNIT


def test_a_coin_that_says_nothing_works(deployed: Deployed, vault: Any) -> None:
    """The most used coin returns no value."""
    holder = account(HOLDER)
    deployed.coin.misbehave(SAYS_NOTHING)
    made = new_vault(deployed)
    deployed.coin.approve(made.address, UNIT, sender=holder)
    made.requestDeposit(UNIT, holder, holder, sender=holder)
    settle(deployed)
    assert made.deposit(UNIT, holder, sender=holder) == TOKEN
    assert vault.redeem(vault.maxRedeem(holder), holder, holder, sender=holder) == 12 * UNIT


def test_a_vault_that_is_shut_out_pays_all_the_same(deployed: Deployed, vault: Any) -> None:
    """What is paid never passes through the vault's account."""
    holder = account(HOLDER)
    deployed.coin.block(vault.address, True)
    with boa.reverts("coin: blocked"):
        vault.requestDeposit(UNIT, holder, holder, sender=holder)
    assert vault.redeem(10 * TOKEN, holder, holder, sender=holder) == 10 * UNIT
    epoch = deployed.market.epoch_joined()
    vault.claimCancelDepositRequest(epoch, holder, holder, sender=holder)


def test_who_is_shut_out_is_paid_elsewhere_and_stops_nobody(deployed: Deployed, vault: Any) -> None:
    holder, neighbour = account(HOLDER), equip(deployed, vault, "neighbour")
    deployed.coin.block(holder, True)
    vault.requestRedeem(TOKEN, neighbour, neighbour, sender=neighbour)
    settle(deployed)
    with boa.reverts("coin: blocked"):
        vault.redeem(TOKEN, holder, holder, sender=holder)
    assert vault.redeem(TOKEN, neighbour, neighbour, sender=neighbour) == UNIT
    assert vault.redeem(TOKEN, account("other wallet"), holder, sender=holder) == UNIT
