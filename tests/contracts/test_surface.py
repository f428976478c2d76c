"""Every function and event that strangers can see; an accident would show here."""

from typing import Any

import pytest
from vyper.compiler.output import build_abi_output

from tests.evm import deployer

TERMS = (
    "(address,address,address,address,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,"
    "uint256,uint256,address,address,uint256,address,address,uint256,uint256,uint256,uint256,uint256,uint256)"
)

MARKET = {
    # orders
    "place_order(uint256,uint256) payable",
    "place_order(uint256,uint256,uint256) payable",
    "place_order(uint256,uint256,uint256,address) payable",
    "place_order(uint256,uint256,uint256,address,address) payable",
    "place_order(uint256,uint256,uint256,address,address,uint256) payable",
    "cancel_order(uint256,uint256) nonpayable",
    "cancel_order(uint256,uint256,address) nonpayable",
    # events
    "rebalance() nonpayable",
    "rebalance(uint256) nonpayable",
    "rebalance(uint256,address) nonpayable",
    # escrow
    "claim() nonpayable",
    "claim(address) nonpayable",
    "withdraw(uint256,uint256) nonpayable",
    "withdraw(uint256,uint256,address) nonpayable",
    "withdraw(uint256,uint256,address,address) nonpayable",
    # pairs
    "mint_pair(uint256) nonpayable",
    "redeem_pair(uint256) nonpayable",
    # wind-down
    "wind_down() nonpayable",
    "redeem(uint256,uint256) nonpayable",
    # powers over one's own
    "setOperator(address,bool) nonpayable",
    "pay_fees(uint256) nonpayable",
    "propose_recipient(uint256,address) nonpayable",
    "accept_recipient(uint256) nonpayable",
    # views
    "terms() view",
    "tokens() view",
    "progress() view",
    "balances_and_supplies() view",
    "sample(uint256) view",
    "mint_fee_wad() view",
    "epoch_joined() view",
    "batch(uint256,uint256) view",
    "order_of(address,uint256,uint256) view",
    "tip_of(address,uint256) view",
    "claimable(address) view",
    "isOperator(address,address) view",
    "fees_accrued() view",
    "fee_recipients() view",
}
MARKET_EVENTS = {
    "OrderPlaced(address,address,uint256,uint256,uint256,uint256,uint256)",
    "OrderCancelled(address,uint256,uint256,uint256,uint256)",
    "BatchExecuted(uint256,uint256,uint256,uint256)",
    f"Rebalanced(uint256,address,{','.join(14 * ['uint256'])})",
    "Claimed(address,address,uint256,uint256,uint256,uint256)",
    "Withdrawn(address,address,uint256,uint256)",
    "PairMinted(address,uint256,uint256,uint256,uint256)",
    "PairRedeemed(address,uint256,uint256,uint256,uint256)",
    "WoundDown(uint256)",
    "Redeemed(address,uint256,uint256,uint256)",
    "OperatorSet(address,address,bool)",
    "FeesPaid(uint256,address,uint256)",
    "RecipientProposed(uint256,address)",
    "RecipientChanged(uint256,address)",
}

SIDE_TOKEN = {
    "MARKET() view",
    "SIDE() view",
    # the market's
    "take(address,uint256) nonpayable",
    "settle(uint256,uint256) nonpayable",
    "mint(address,uint256) nonpayable",
    "burn(address,uint256) nonpayable",
    # ERC-20
    "name() view",
    "symbol() view",
    "decimals() view",
    "totalSupply() view",
    "balanceOf(address) view",
    "allowance(address,address) view",
    "transfer(address,uint256) nonpayable",
    "transferFrom(address,address,uint256) nonpayable",
    "approve(address,uint256) nonpayable",
    # EIP-2612 and ERC-5267
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32) nonpayable",
    "nonces(address) view",
    "DOMAIN_SEPARATOR() view",
    "eip712Domain() view",
}
SIDE_TOKEN_EVENTS = {"Transfer(address,address,uint256)", "Approval(address,address,uint256)"}

FACTORY = {
    f"deploy(string,{TERMS},uint256) nonpayable",
    "MARKET_BLUEPRINT() view",
    "TOKEN_BLUEPRINT() view",
    "markets(uint256) view",
    "market_count() view",
}
FACTORY_EVENTS = {
    f"MarketDeployed(address,address,address,string,address,address,uint256,uint256,uint256,{TERMS})"
}

REQUESTED = {
    f"{name}({types}) {how}"
    for which in ("Deposit", "Redeem")
    for name, types, how in (
        (f"request{which}", "uint256,address,address", "nonpayable"),
        (f"pending{which}Request", "uint256,address", "view"),
        (f"claimable{which}Request", "uint256,address", "view"),
        (f"cancel{which}Request", "uint256,address", "nonpayable"),
        (f"pendingCancel{which}Request", "uint256,address", "view"),
        (f"claimableCancel{which}Request", "uint256,address", "view"),
        (f"claimCancel{which}Request", "uint256,address,address", "nonpayable"),
    )
}
SIDE_VAULT = REQUESTED | {
    "MARKET() view",
    "SIDE() view",
    "supportsInterface(bytes4) view",
    "setOperator(address,bool) nonpayable",
    "isOperator(address,address) view",
    # ERC-7575
    "asset() view",
    "share() view",
    "totalAssets() view",
    "convertToShares(uint256) view",
    "convertToAssets(uint256) view",
    "deposit(uint256,address) nonpayable",
    "deposit(uint256,address,address) nonpayable",
    "mint(uint256,address) nonpayable",
    "mint(uint256,address,address) nonpayable",
    "redeem(uint256,address,address) nonpayable",
    "withdraw(uint256,address,address) nonpayable",
    "skip_refunded(uint256,address) nonpayable",
    *(f"max{name}(address) view" for name in ("Deposit", "Mint", "Redeem", "Withdraw")),
    *(f"preview{name}(uint256) view" for name in ("Deposit", "Mint", "Redeem", "Withdraw")),
}
SIDE_VAULT_EVENTS = {
    "DepositRequest(address,address,uint256,address,uint256)",
    "RedeemRequest(address,address,uint256,address,uint256)",
    "Deposit(address,address,uint256,uint256)",
    "Withdraw(address,address,address,uint256,uint256)",
    "OperatorSet(address,address,bool)",
    "CancelDepositRequest(address,uint256,address)",
    "CancelDepositClaim(address,address,uint256,address,uint256)",
    "CancelRedeemRequest(address,uint256,address)",
    "CancelRedeemClaim(address,address,uint256,address,uint256)",
}


def abi_of(name: str) -> list[dict[str, Any]]:
    abi: list[dict[str, Any]] = build_abi_output(deployer(f"contracts/{name}.vy").compiler_data)
    return abi


def signature(entry: dict[str, Any]) -> str:
    """Name and types, structs spelled out."""
    return f"{entry['name']}({','.join(spelled(given) for given in entry['inputs'])})"


def spelled(given: dict[str, Any]) -> str:
    if "components" not in given:
        return str(given["type"])
    return f"({','.join(spelled(member) for member in given['components'])})"


@pytest.mark.parametrize(
    ("name", "functions", "events"),
    [
        ("Market", MARKET, MARKET_EVENTS),
        ("SideToken", SIDE_TOKEN, SIDE_TOKEN_EVENTS),
        ("Factory", FACTORY, FACTORY_EVENTS),
        ("SideVault", SIDE_VAULT, SIDE_VAULT_EVENTS),
    ],
)
def test_surface(name: str, functions: set[str], events: set[str]) -> None:
    abi = abi_of(name)
    found = {f"{signature(e)} {e['stateMutability']}" for e in abi if e["type"] == "function"}
    assert found == functions
    assert {signature(entry) for entry in abi if entry["type"] == "event"} == events


@pytest.mark.parametrize("name", ["Market", "SideToken", "Factory", "SideVault"])
def test_nothing_takes_what_is_sent_by_mistake(name: str) -> None:
    """SB 5.4.4: only an order takes native coin, and there is no fallback."""
    assert not [entry for entry in abi_of(name) if entry["type"] in ("fallback", "receive")]
