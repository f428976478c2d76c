"""
Every operation refuses what it should for one reason of its own, and then nothing has changed.
"""

from dataclasses import replace
from typing import Any

import boa
import pytest
from eth.exceptions import Revert

from perpools.spec.terms import NOBODY
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
    samples,
)

pytestmark = pytest.mark.usefixtures("chain")

LIMIT, MOST = 2**128, 2**256 - 1
SEED_TOKENS = SEED * 10**12
FEE, SAYS_NO = 1, 2
SILENT, BURNS_GAS, GARBLED = 1, 2, 3


@pytest.fixture
def deployed() -> Deployed:
    return new_deployed()


def new_deployed(**changes: Any) -> Deployed:
    """A market with a depositor's executed order to claim, and another that waits."""
    made = deploy(account("deployer"), replace(PLAIN, **changes))
    depositor = account("depositor")
    fund(made, depositor, 1_000 * UNIT)
    made.market.place_order(0, 100 * UNIT, sender=depositor)
    next_grid_point()
    made.market.rebalance()
    made.market.place_order(1, 100 * UNIT, sender=depositor)
    return made


def everything(deployed: Deployed) -> tuple[Any, ...]:
    """All that the market, its tokens and its collateral tell."""
    market, depositor = deployed.market, account("depositor")
    return (
        market.progress(),
        samples(market),
        market.balances_and_supplies(),
        market.fees_accrued(),
        market.fee_recipients(),
        market.claimable(depositor),
        market.batch(market.epoch_joined(), 1),
        deployed.coin.balanceOf(market.address),
        deployed.coin.balanceOf(depositor),
        [token.balanceOf(market.address) for token in deployed.tokens],
        boa.env.get_balance(market.address),
    )


def refuses(
    deployed: Deployed, reason: str, name: str, *args: Any, role: str = "depositor", **options: Any
) -> None:
    before = everything(deployed)
    with boa.reverts(reason):
        getattr(deployed.market, name)(*args, sender=account(role), **options)
    assert everything(deployed) == before


ORDERS = [
    ((6, 1), "kind: unknown"),
    ((MOST, 1), "kind: unknown"),
    ((0, 0), "amount: zero"),
    ((0, LIMIT), "amount: too large"),
    ((2, MOST), "amount: too large"),
    ((0, 1, 2), "escrow: more than the amount"),
    ((0, 1, 1), "escrow: too low"),
    ((2, 101 * 10**18, 101 * 10**18), "escrow: too low"),
    ((0, 1, 0, "victim"), "sender: not authorised"),
    ((0, 1, 0, NOBODY), "sender: not authorised"),
    ((0, 1, 0, "depositor", "depositor", 500_000), "epoch: later than asked"),
    ((0, LIMIT - 1), "coin: balance too low"),
    ((1, LIMIT - 1), "batch: full"),
    ((3, 1), "token: balance too low"),
    ((4, 1), "token: balance too low"),
]


def named(args: tuple[Any, ...]) -> list[Any]:
    return [account(arg) if isinstance(arg, str) and arg != NOBODY else arg for arg in args]


@pytest.mark.parametrize(("args", "reason"), ORDERS)
def test_orders(deployed: Deployed, args: tuple[Any, ...], reason: str) -> None:
    refuses(deployed, reason, "place_order", *named(args))


def test_an_order_without_approval(deployed: Deployed) -> None:
    deployed.coin.approve(deployed.market.address, 0, sender=account("depositor"))
    refuses(deployed, "coin: allowance too low", "place_order", 0, 1)


@pytest.mark.parametrize(
    ("manner", "reason"), [(FEE, "collateral: not as sent"), (SAYS_NO, "collateral: refused")]
)
@pytest.mark.parametrize(
    ("name", "args"), [("place_order", (0, 100 * UNIT)), ("mint_pair", (100 * UNIT,))]
)
def test_collateral_that_does_not_arrive(
    deployed: Deployed, name: str, args: tuple[int, ...], manner: int, reason: str
) -> None:
    """C4 M-02: what is credited is what arrived, or nothing is."""
    deployed.coin.misbehave(manner)
    refuses(deployed, reason, name, *args)


@pytest.mark.parametrize(
    ("args", "role", "reason"),
    [
        ((500_002, 6), "depositor", "kind: unknown"),
        ((500_002, 0), "depositor", "order: none"),
        ((500_002, 1), "attacker", "order: none"),
        ((500_002, 1, "depositor"), "attacker", "sender: not authorised"),
        ((500_001, 0), "depositor", "order: past its cut-off"),
        ((500_003, 1), "depositor", "order: past its cut-off"),
        ((MOST, 1), "depositor", "order: past its cut-off"),
    ],
)
def test_cancellations(deployed: Deployed, args: tuple[Any, ...], role: str, reason: str) -> None:
    refuses(deployed, reason, "cancel_order", *named(args), role=role)


@pytest.mark.parametrize(
    ("price", "manner", "hint", "reason"),
    [
        (0, 0, 0, "price: zero"),
        (2**120, 0, 0, "price: too large"),
        (MOST, 0, 0, "price: too large"),
        (WAD, SILENT, 0, "feed: silent"),
        (WAD, 0, 1, "feed: wrong hint"),
    ],
)
def test_events_without_a_price(
    deployed: Deployed, price: int, manner: int, hint: int, reason: str
) -> None:
    deployed.feed.set_price(price)
    deployed.feed.misbehave(manner, manner)
    next_grid_point()
    refuses(deployed, reason, "rebalance", hint)


@pytest.mark.parametrize("manner", [BURNS_GAS, GARBLED])
def test_events_on_a_broken_feed(deployed: Deployed, manner: int) -> None:
    deployed.feed.misbehave(manner, manner)
    next_grid_point()
    before = everything(deployed)
    with boa.reverts():
        deployed.market.rebalance(sender=account("keeper"))
    assert everything(deployed) == before


def test_events_that_are_not_due(deployed: Deployed) -> None:
    refuses(deployed, "event: not due", "rebalance")
    next_grid_point(late_s=0)
    refuses(deployed, "event: not due", "rebalance")


@pytest.mark.parametrize(
    ("name", "args", "role", "reason"),
    [
        ("claim", ("depositor",), "attacker", "claim: not tipped"),
        ("claim", (), "attacker", "claim: nothing"),
        ("claim", (NOBODY,), "attacker", "claim: not tipped"),
        ("withdraw", (1, 1, "depositor"), "attacker", "sender: not authorised"),
        ("withdraw", (3, 1), "depositor", "item: unknown"),
        ("withdraw", (1, 0), "depositor", "amount: zero"),
        ("withdraw", (1, LIMIT), "depositor", "amount: too large"),
        ("withdraw", (1, 100 * 10**18 + 1), "depositor", "escrow: too low"),
        ("withdraw", (0, 1), "depositor", "escrow: too low"),
        ("withdraw", (1, 1, "depositor", NOBODY), "depositor", "token: zero receiver"),
    ],
)
def test_claims_and_withdrawals(
    deployed: Deployed, name: str, args: tuple[Any, ...], role: str, reason: str
) -> None:
    refuses(deployed, reason, name, *named(args), role=role)


@pytest.mark.parametrize(
    ("name", "args", "reason"),
    [
        ("mint_pair", (0,), "amount: zero"),
        ("mint_pair", (1,), "pair: too small"),
        ("mint_pair", (LIMIT - 1,), "amount: too large"),
        ("mint_pair", (MOST,), "amount: too large"),
        ("mint_pair", (LIMIT // 10**11,), "pair: too large"),
        ("redeem_pair", (0,), "amount: zero"),
        ("redeem_pair", (MOST,), "amount: too large"),
        ("redeem_pair", (10**18,), "token: balance too low"),
        ("redeem", (0, 1), "market: not wound down"),
        ("wind_down", (), "wind-down: nothing overdue"),
        ("pay_fees", (0,), "fees: none"),
        ("pay_fees", (2,), "recipient: unknown"),
        ("propose_recipient", (0, NOBODY), "recipient: not the sender"),
        ("propose_recipient", (MOST, NOBODY), "recipient: unknown"),
        ("accept_recipient", (1,), "recipient: not proposed"),
        ("accept_recipient", (2,), "recipient: unknown"),
    ],
)
def test_everything_else(deployed: Deployed, name: str, args: tuple[Any, ...], reason: str) -> None:
    refuses(deployed, reason, name, *args)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ((2, 1), "side: unknown"),
        ((0, 0), "amount: zero"),
        ((0, MOST), "amount: too large"),
        ((0, 1), "token: balance too low"),
    ],
)
def test_redemptions_of_a_wound_down_market(
    deployed: Deployed, args: tuple[int, int], reason: str
) -> None:
    deployed.feed.misbehave(SILENT, SILENT)
    boa.env.timestamp += 32 * 86_400
    deployed.market.wind_down()
    refuses(deployed, reason, "redeem", *args)
    refuses(deployed, "market: wound down", "place_order", 0, 1)
    refuses(deployed, "market: wound down", "cancel_order", 500_002, 1)
    refuses(deployed, "market: wound down", "rebalance")
    refuses(deployed, "market: wound down", "mint_pair", 2)
    refuses(deployed, "market: wound down", "redeem_pair", 1)
    refuses(deployed, "market: wound down", "wind_down")


@pytest.mark.parametrize("name", ["rebalance", "claim", "wind_down"])
def test_native_coin_is_taken_with_orders_only(deployed: Deployed, name: str) -> None:
    """SB 5.4.4: what could not come back is not taken."""
    before = everything(deployed)
    with boa.reverts():
        getattr(deployed.market, name)(sender=account("depositor"), value=1)
    with pytest.raises(Revert):
        boa.env.raw_call(deployed.market.address, sender=account("depositor"), value=1)
    assert everything(deployed) == before


def test_collateral_of_too_many_decimals(deployed: Deployed) -> None:
    with boa.reverts("decimals: more than 18"):
        deploy(account("deployer"), coin=new_coin(19))
