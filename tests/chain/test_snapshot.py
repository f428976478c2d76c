"""A whole market from its address alone, in the specification's types, whoever is known."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from perpools import artifacts
from perpools.chain import functions, keeper_gas, pooling, snapshot
from perpools.chain.contract import Contract
from perpools.chain.history import History
from perpools.chain.snapshot import OTHERS
from perpools.demo import stage
from perpools.demo.prices import Fixing, Prices
from perpools.demo.stage import Stage
from perpools.demo.story import Story
from perpools.spec import forecast, transfer_curves
from perpools.spec.fixed_point import ONE
from perpools.spec.invariants import broken
from perpools.spec.kinds import LONG, LONG_MINT
from perpools.spec.orders import Order
from perpools.spec.state import MARKET, VAULT, Escrow
from perpools.spec.terms import NOBODY
from perpools.spec.transfer_curves import Linear
from perpools.spec.triggers import Momentum, PriceChange
from tests.chain.past import PERCENT, UNIT, Past, node_of
from tests.chain.workshop import GENESIS, WAD, mock

HOURS = 12


@pytest.fixture(scope="module")
def played() -> Stage:
    """The demo's story of some hours, in which chain and specification agreed."""
    rng = Random(5)
    prices = [WAD * rng.randint(95, 105) // 100 for _ in range(HOURS)]
    fixings = tuple(Fixing(GENESIS + 3_600 * hour, price) for hour, price in enumerate(prices))
    story = Prices("EUR/USD", fixings)
    built = stage.build(story, 3_000 * WAD)
    for _ in Story(built, story, Random(11)).play():
        pass
    return built


@pytest.mark.parametrize("preset", [0, 1])
@pytest.mark.parametrize("known", [0, 3, 20])
def test_a_played_market_is_the_specifications(played: Stage, preset: int, known: int) -> None:
    mirror, holders = played.mirrors[preset], played.cast.holders[:known]
    found = snapshot.read(played.node, mirror.market.address, holders)
    assert found.market == pooling.pooled(mirror.spec, holders)
    assert broken(found.market) == []
    assert found.wallets == {holder: mirror.wallets[holder] for holder in holders}


@pytest.mark.parametrize("preset", [0, 1])
def test_a_replayed_market_is_the_specifications(played: Stage, preset: int) -> None:
    mirror = played.mirrors[preset]
    market, book = History(played.node, mirror.market.address).played()
    assert market == mirror.spec
    everybody = {*mirror.wallets, VAULT}
    assert book.accounts.keys() <= everybody
    assert sum(a.paid_in - a.taken_out for a in book.accounts.values()) == market.held


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def past(request: pytest.FixtureRequest) -> Iterator[Past]:
    with node_of(request.param) as node:
        past = Past(node)
        past.live()
        yield past


def test_what_a_market_is_called_and_uses(past: Past) -> None:
    found = snapshot.read(past.node, past.market.address.lower())
    assert found.symbols == ("3L-ETH/USD", "3S-ETH/USD")
    assert (found.collateral_symbol, found.decimals) == ("DUSD", 6)
    assert found.tokens == tuple(token.address for token in past.tokens)
    assert found.contracts.collateral == past.coin.address
    assert found.contracts.feed == past.feed.address
    assert found.block == past.node.block()
    assert found.market.terms.transfer is transfer_curves.sigmoid


def test_nobody_known_is_everybody_together(past: Past) -> None:
    found = snapshot.read(past.node, past.market.address).market
    assert broken(found) == []
    assert {owner for owner, *_ in found.orders} == found.escrow.keys() == {OTHERS}
    assert found.holdings[LONG].keys() == {MARKET, VAULT, OTHERS}


def test_the_market_and_its_tokens_are_not_accounts(past: Past) -> None:
    market = past.market.address
    named = [market, *(token.address for token in past.tokens)]
    assert snapshot.read(past.node, market, named).market == snapshot.read(past.node, market).market


def test_an_account_named_twice_is_one(past: Past) -> None:
    market, trader = past.market.address, past.role["trader"]
    once, twice = (
        snapshot.read(past.node, market, named).market
        for named in ([trader], [trader, trader.lower()])
    )
    assert once == twice
    assert once.escrow[trader] != Escrow()


def test_the_past_can_be_read(past: Past) -> None:
    fixed = snapshot.read_fixed(past.node, past.market.address)
    now = snapshot.read_again(past.node, fixed)
    past.market.mint_pair(UNIT, sender=past.role["trader"])
    assert snapshot.read_again(past.node, fixed, block=now.block.number) == now
    assert snapshot.read_again(past.node, fixed).market.held == now.market.held + UNIT


def test_every_function_of_the_specification_works_on_it(past: Past) -> None:
    trader = past.role["trader"]
    found = snapshot.read(past.node, past.market.address, [trader])
    order = Order(LONG_MINT, UNIT, trader, trader)
    now = found.block.timestamp
    quoted = forecast.quote(found.market, now, order, past.price)
    assert quoted.receives > 0
    assert broken(quoted.forecast.market) == []
    state = History(past.node, past.market.address).state()
    assert forecast.quote(state, now, order, past.price).receives == quoted.receives


def test_a_keepers_pay_can_be_foreseen(past: Past) -> None:
    found = snapshot.read(past.node, past.market.address)
    gas = keeper_gas.expected(past.node, found)
    assert (gas.fast, gas.assets_per_eth_wad) == (found.block.base_fee, 3_000 * WAD)
    step = forecast.next_event(found.market, found.block.timestamp, past.price, gas)
    assert step is not None
    assert forecast.rebalanced(step).reward > 0


def test_without_a_price_of_ether_no_pay_is_foreseen(past: Past) -> None:
    found = snapshot.read(past.node, past.market.address)
    for nothing in (NOBODY, past.role["trader"], past.coin.address):
        unpaid = found.contracts._replace(eth_feed=nothing, gas_feed=nothing)
        seen = found._replace(fixed=found.fixed._replace(contracts=unpaid))
        assert keeper_gas.expected(past.node, seen).assets_per_eth_wad == 0


@pytest.mark.parametrize(
    ("name", "arguments", "known"),
    [
        ("Power", (), transfer_curves.power),
        ("Sigmoid", (), transfer_curves.sigmoid),
        ("Linear", (ONE // 3,), Linear(ONE // 3)),
    ],
)
def test_a_transfer_function_is_known_by_its_code(
    past: Past, name: str, arguments: tuple[int, ...], known: object
) -> None:
    contract = deploy(past, name, *arguments)
    assert functions.transfer_function(past.node, contract.address) == known


@pytest.mark.parametrize("known", [PriceChange(PERCENT), Momentum(2 * PERCENT)])
def test_a_trigger_is_known_by_its_code(past: Past, known: PriceChange | Momentum) -> None:
    contract = deploy(past, type(known).__name__, known.threshold_wad)
    assert functions.trigger(past.node, contract.address) == known
    assert functions.trigger(past.node, NOBODY) is None


def test_a_function_that_is_not_known_is_asked(past: Past) -> None:
    sender = past.role["deployer"]
    stranger = Contract.deploy(past.node, mock("ScriptedTrigger"), sender=sender)
    trigger = functions.trigger(past.node, stranger.address)
    assert trigger is not None
    assert [trigger(1_000, price, price) for price in (1_001, 1_010)] == [False, True]
    curve = Contract.deploy(past.node, mock("HalfTransfer"), sender=sender)
    transfer = functions.transfer_function(past.node, curve.address)
    assert transfer(1, 2, WAD) == ONE // 2


def test_code_that_is_nearly_ours_is_not_ours(past: Past) -> None:
    honest = artifacts.load("Power")
    sent = bytearray.fromhex(honest.bytecode.removeprefix("0x"))
    sent[len(sent) // 2] ^= 1
    forged = replace(honest, bytecode="0x" + sent.hex())
    contract = Contract.deploy(past.node, forged, sender=past.role["deployer"])
    found = functions.transfer_function(past.node, contract.address)
    assert isinstance(found, functions.AskedTransfer)


def deploy(past: Past, name: str, *arguments: int) -> Contract:
    sender = past.role["deployer"]
    return Contract.deploy(past.node, artifacts.load(name), *arguments, sender=sender)
