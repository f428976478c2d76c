"""
A side vault is what ERC-7540, ERC-7575, ERC-4626, ERC-7887 and ERC-165 say: who knows only these
uses it unmodified.
"""

from functools import reduce
from operator import xor
from typing import Any

import boa
import pytest
from eth_utils import function_signature_to_4byte_selector, keccak
from vyper.compiler.output import build_abi_output

from perpools.spec.terms import NOBODY
from tests.contracts.deployment import UNIT, Deployed, account, deploy
from tests.contracts.vaults import LONG, SHORT, TOKEN, equip, new_vault, settle
from tests.evm import deployer

pytestmark = pytest.mark.usefixtures("chain")

# Each standard's functions, and the identifier that it prints.
OPERATORS = ["setOperator(address,bool)", "isOperator(address,address)"]
DEPOSITS = [
    "requestDeposit(uint256,address,address)",
    "pendingDepositRequest(uint256,address)",
    "claimableDepositRequest(uint256,address)",
    "deposit(uint256,address,address)",
    "mint(uint256,address,address)",
]
REDEMPTIONS = [
    "requestRedeem(uint256,address,address)",
    "pendingRedeemRequest(uint256,address)",
    "claimableRedeemRequest(uint256,address)",
]
ERC_7575 = [
    "asset()",
    "share()",
    "convertToAssets(uint256)",
    "convertToShares(uint256)",
    "totalAssets()",
    "deposit(uint256,address)",
    "previewDeposit(uint256)",
    "maxDeposit(address)",
    "mint(uint256,address)",
    "previewMint(uint256)",
    "maxMint(address)",
    "redeem(uint256,address,address)",
    "previewRedeem(uint256)",
    "maxRedeem(address)",
    "withdraw(uint256,address,address)",
    "previewWithdraw(uint256)",
    "maxWithdraw(address)",
]
CANCELLED = [
    "cancel{}Request(uint256,address)",
    "pendingCancel{}Request(uint256,address)",
    "claimableCancel{}Request(uint256,address)",
    "claimCancel{}Request(uint256,address,address)",
]
INTERFACES = {
    0x01FFC9A7: ["supportsInterface(bytes4)"],
    0xE3BC4E65: OPERATORS,
    0xCE3BBE50: DEPOSITS,
    0x620EE8E4: REDEMPTIONS,
    0x2F0A18C5: ERC_7575,
    0x8BF840E3: [name.format("Deposit") for name in CANCELLED],
    0xE76CFFC7: [name.format("Redeem") for name in CANCELLED],
}

# As the standards write them: indexed fields, then the others.
EVENTS = {
    "DepositRequest": ("controller owner requestId", "sender assets"),
    "RedeemRequest": ("controller owner requestId", "sender shares"),
    "Deposit": ("sender owner", "assets shares"),
    "Withdraw": ("sender receiver owner", "assets shares"),
    "OperatorSet": ("controller operator", "approved"),
    "CancelDepositRequest": ("controller requestId", "sender"),
    "CancelRedeemRequest": ("controller requestId", "sender"),
    "CancelDepositClaim": ("controller receiver requestId", "sender assets"),
    "CancelRedeemClaim": ("controller receiver requestId", "sender shares"),
}


def abi() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = build_abi_output(deployer("contracts/SideVault.vy").compiler_data)
    return found


def signatures() -> set[str]:
    return {
        f"{entry['name']}({','.join(given['type'] for given in entry['inputs'])})"
        for entry in abi()
        if entry["type"] == "function"
    }


@pytest.fixture
def deployed() -> Deployed:
    return deploy(account("deployer"))


@pytest.fixture
def vault(deployed: Deployed) -> Any:
    return new_vault(deployed)


@pytest.mark.parametrize("identifier", INTERFACES, ids=hex)
def test_an_interface_is_its_selectors_and_the_vault_has_them(vault: Any, identifier: int) -> None:
    names = INTERFACES[identifier]
    selectors = (
        int.from_bytes(function_signature_to_4byte_selector(name), "big") for name in names
    )
    assert reduce(xor, selectors) == identifier
    assert set(names) <= signatures()
    assert vault.supportsInterface(identifier.to_bytes(4, "big"))


@pytest.mark.parametrize("identifier", ["ffffffff", "00000000", "f815c03d", "36372b07"])
def test_nothing_else_is_claimed(vault: Any, identifier: str) -> None:
    """Not even to be ERC-20: the share is a token of its own."""
    assert not vault.supportsInterface(bytes.fromhex(identifier))


def test_events_are_as_the_standards_write_them() -> None:
    found = {entry["name"]: entry for entry in abi() if entry["type"] == "event"}
    assert found.keys() == EVENTS.keys()
    for name, (indexed, others) in EVENTS.items():
        told = [(given["name"], given["indexed"]) for given in found[name]["inputs"]]
        expected = [(field, True) for field in indexed.split()]
        assert told == expected + [(field, False) for field in others.split()], name


def test_topics_are_what_indexers_look_for() -> None:
    """The topics that are in use on chain."""
    for name, topic in {
        "DepositRequest(address,address,uint256,address,uint256)": "bb58420b",
        "Deposit(address,address,uint256,uint256)": "dcbc1c05",
        "Withdraw(address,address,address,uint256,uint256)": "fbde797d",
    }.items():
        assert keccak(text=name)[:4].hex() == topic


@pytest.mark.parametrize("name", ["Deposit", "Mint", "Redeem", "Withdraw"])
@pytest.mark.parametrize("amount", [0, 1, 2**256 - 1])
def test_previews_are_refused_whoever_asks(vault: Any, name: str, amount: int) -> None:
    for sender in (account("depositor"), NOBODY):
        with boa.reverts("preview: not known in advance"):
            getattr(vault, f"preview{name}")(amount, sender=sender)


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_a_vault_stands_for_one_side(deployed: Deployed, side: int) -> None:
    vault = new_vault(deployed, side)
    assert vault.share() == deployed.tokens[side].address
    assert vault.asset() == deployed.coin.address
    assert (vault.MARKET(), vault.SIDE()) == (deployed.market.address, side)
    deployed.feed.set_price(150 * TOKEN)
    settle(deployed)
    balances, supplies = deployed.market.balances_and_supplies()
    assert vault.totalAssets() == balances[side]
    assert vault.convertToAssets(TOKEN) == balances[side] * TOKEN // supplies[side]
    assert vault.convertToShares(UNIT) == supplies[side] * UNIT // balances[side]
    assert vault.convertToShares(0) == vault.convertToAssets(0) == 0


def test_there_is_no_vault_of_a_third_side(deployed: Deployed) -> None:
    with boa.reverts("side: unknown"):
        new_vault(deployed, 2)


def test_a_coin_that_says_no_to_the_market_gets_no_vault() -> None:
    mute = deployer("tests/vyper/mocks/Unapprovable.vy").deploy()
    with boa.reverts("collateral: refused"):
        deployer("contracts/SideVault.vy").deploy(mute.address, LONG)


def integrate(deployed: Deployed, vault: Any, holder: Any) -> tuple[int, int]:
    """
    What a tool does that knows the standards and nothing else: enter with a hundred coins, leave
    with all shares. The shares it had and the assets it got back.
    """
    asset, share = deployed.coin, deployer("contracts/SideToken.vy").at(vault.share())
    had, assets = share.balanceOf(holder), asset.balanceOf(holder)
    request = vault.requestDeposit(100 * UNIT, holder, holder, sender=holder)
    assert request != 0
    assert vault.pendingDepositRequest(request, holder) == 100 * UNIT
    assert vault.claimableDepositRequest(request, holder) == vault.maxDeposit(holder) == 0
    settle(deployed)
    assert vault.pendingDepositRequest(request, holder) == 0
    assert vault.claimableDepositRequest(request, holder) == vault.maxDeposit(holder) == 100 * UNIT
    due = vault.maxMint(holder)
    assert vault.deposit(vault.maxDeposit(holder), holder, sender=holder) == due
    assert share.balanceOf(holder) == had + due
    assert vault.maxDeposit(holder) == vault.maxMint(holder) == 0

    request = vault.requestRedeem(due, holder, holder, sender=holder)
    assert (vault.pendingRedeemRequest(request, holder), share.balanceOf(holder)) == (due, had)
    settle(deployed)
    assert vault.claimableRedeemRequest(request, holder) == vault.maxRedeem(holder) == due
    worth = vault.maxWithdraw(holder)
    assert vault.withdraw(worth, holder, holder, sender=holder) == due
    assert vault.maxWithdraw(holder) == vault.maxRedeem(holder) == 0
    assert asset.balanceOf(holder) == assets - 100 * UNIT + worth
    return due, worth


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_a_tool_that_knows_the_standards_enters_and_leaves(deployed: Deployed, side: int) -> None:
    vault = new_vault(deployed, side)
    due, worth = integrate(deployed, vault, equip(deployed, vault, "integrator"))
    assert due == 100 * TOKEN
    assert 0 <= 100 * UNIT - worth <= 1


def test_claims_name_the_controller_and_who_receives(deployed: Deployed, vault: Any) -> None:
    holder = equip(deployed, vault, "depositor")
    receiver, operator = account("receiver"), account("operator")
    vault.setOperator(operator, True, sender=holder)
    vault.requestDeposit(10 * UNIT, holder, holder, sender=holder)
    settle(deployed)
    vault.deposit(UNIT, receiver, holder, sender=operator)
    [told] = [log for log in vault.get_logs() if type(log).__name__ == "Deposit"]
    assert (told.sender, told.owner, told.assets, told.shares) == (holder, receiver, UNIT, TOKEN)
    vault.mint(TOKEN, receiver, holder, sender=operator)
    [told] = [log for log in vault.get_logs() if type(log).__name__ == "Deposit"]
    assert (told.sender, told.owner, told.assets, told.shares) == (holder, receiver, UNIT, TOKEN)
    vault.requestRedeem(TOKEN, holder, holder, sender=holder)
    settle(deployed)
    vault.redeem(TOKEN, receiver, holder, sender=operator)
    [told] = [log for log in vault.get_logs() if type(log).__name__ == "Withdraw"]
    assert (told.sender, told.receiver, told.owner) == (operator, receiver, holder)
    assert (told.assets, told.shares) == (UNIT, TOKEN)
    assert deployed.tokens[LONG].balanceOf(receiver) == 2 * TOKEN


def test_an_allowance_to_a_spender_is_no_leave_to_request(deployed: Deployed, vault: Any) -> None:
    """
    The share is another contract: what its owner allows a spender there, the vault cannot spend. A
    spender takes the shares first and requests with its own.
    """
    owner, spender = equip(deployed, vault, "depositor"), account("spender")
    deployed.tokens[LONG].approve(spender, TOKEN, sender=owner)
    with boa.reverts("sender: not authorised"):
        vault.requestRedeem(TOKEN, spender, owner, sender=spender)
    deployed.tokens[LONG].transferFrom(owner, spender, TOKEN, sender=spender)
    deployed.tokens[LONG].approve(vault.address, TOKEN, sender=spender)
    assert vault.requestRedeem(TOKEN, spender, spender, sender=spender)


def test_an_allowance_to_the_vault_is_used_up(deployed: Deployed, vault: Any) -> None:
    owner = equip(deployed, vault, "depositor")
    deployed.tokens[LONG].approve(vault.address, TOKEN, sender=owner)
    vault.requestRedeem(TOKEN, owner, owner, sender=owner)
    assert deployed.tokens[LONG].allowance(owner, vault.address) == 0
    with boa.reverts("token: allowance too low"):
        vault.requestRedeem(1, owner, owner, sender=owner)


def test_requests_of_one_id_become_claimable_together_at_one_rate(
    deployed: Deployed, vault: Any
) -> None:
    deployed.feed.set_price(130 * TOKEN)
    settle(deployed)
    holders = [equip(deployed, vault, role) for role in ("depositor", "trader", "hedger")]
    amounts = [3 * UNIT, 3 * UNIT, 6 * UNIT]
    ids = {
        vault.requestDeposit(amount, holder, holder, sender=holder)
        for holder, amount in zip(holders, amounts, strict=True)
    }
    assert len(ids) == 1
    assert [vault.maxDeposit(holder) for holder in holders] == [0, 0, 0]
    settle(deployed)
    assert [vault.maxDeposit(holder) for holder in holders] == amounts
    first, second, double = (vault.maxMint(holder) for holder in holders)
    assert first == second
    assert 2 * first <= double <= 2 * first + 1
