"""The lens tells what the views of a market, its tokens and its collateral tell one by one."""

import pytest

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.lens import Lens
from perpools.demo import operations
from perpools.demo.stage import UNIT, Stage
from perpools.spec.kinds import KINDS, LONG_MINT, SHORT_MINT
from perpools.spec.orders import Order

TIP = 10**15


@pytest.fixture(scope="module")
def played(built: Stage) -> Stage:
    """Orders of both sides, one of them tipped, one cancelled; a pair; nothing closed yet."""
    mirror, (first, second, *_) = built.mirrors[1], built.cast.holders
    epoch = mirror.spec.epoch_joined(built.node.block().timestamp)
    for operation in (
        operations.place(Order(LONG_MINT, 7 * UNIT, first, first), first, TIP),
        operations.place(Order(SHORT_MINT, 9 * UNIT, second, second), second),
        operations.place(Order(LONG_MINT, 3 * UNIT, second, second), second),
        operations.cancel(epoch, LONG_MINT, second),
        operations.mint_pair(first, 11 * UNIT),
    ):
        assert mirror.act(operation)
    return built


@pytest.fixture(scope="module")
def lens(played: Stage) -> Lens:
    return played.mirrors[1].lens


@pytest.fixture(scope="module")
def market(played: Stage) -> Contract:
    return played.mirrors[1].market.contract


def test_where_a_market_stands(played: Stage, lens: Lens, market: Contract) -> None:
    told = lens.state(market.address)
    assert tuple(told.progress) == market.read("progress")
    count = len(told.samples)
    assert [(sample, count) for sample in told.samples] == [
        market.read("sample", index) for index in range(count)
    ]
    assert (told.balances, told.supplies) == market.read("balances_and_supplies")
    assert told.mint_fee_wad == market.read("mint_fee_wad")
    assert told.fees == market.read("fees_accrued")
    assert (told.recipients, told.proposed) == market.read("fee_recipients")
    assert tuple(told.held) == balances(played, market, market.address)
    assert told.native == played.node.balance(market.address) == TIP


def test_what_accounts_have(played: Stage, lens: Lens, market: Contract) -> None:
    owners = played.cast.holders[:3]
    for owner, told in zip(owners, lens.accounts(market.address, owners), strict=True):
        assert tuple(told.wallet) == balances(played, market, owner)
        amounts, tip = market.read("claimable", owner)
        assert tuple(told.due) == (*amounts, tip)


def test_what_batches_hold(played: Stage, lens: Lens, market: Contract) -> None:
    epoch = played.mirrors[1].spec.earliest_waiting
    told = lens.batches(market.address, [epoch, epoch + 1])
    assert {key: tuple(batch) for key, batch in told.items()} == {
        (e, kind): market.read("batch", e, kind) for e in (epoch, epoch + 1) for kind in KINDS
    }
    assert told[epoch, LONG_MINT].paid_in == 7 * UNIT


def test_what_an_account_ordered(played: Stage, lens: Lens, market: Contract) -> None:
    epoch, owner = played.mirrors[1].spec.earliest_waiting, played.cast.holders[0]
    [told] = lens.orders(market.address, owner, [epoch])
    assert told.amounts == tuple(market.read("order_of", owner, epoch, kind) for kind in KINDS)
    assert told.tip == market.read("tip_of", owner, epoch) == TIP


def test_of_nobody_there_is_nothing(lens: Lens, market: Contract) -> None:
    assert lens.accounts(market.address, []) == ()
    assert lens.batches(market.address, []) == {}


def balances(played: Stage, market: Contract, account: str) -> tuple[int, ...]:
    coin = Interface(artifacts.load("DemoCoin").abi)
    items = (market.read("terms")[0], *market.read("tokens"))
    return tuple(Contract(played.node, item, coin).read("balanceOf", account) for item in items)
