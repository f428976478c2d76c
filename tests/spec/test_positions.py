"""Positions: what everybody paid, took, earned and still has adds up, whatever happens."""

from dataclasses import replace

import pytest

from perpools.spec import escrow, orders, pairs, positions, rebalancing, replay, tokens
from perpools.spec.events import FeesPaid, Transfer
from perpools.spec.fixed_point import WAD
from perpools.spec.invariants import dust
from perpools.spec.kinds import (
    LONG,
    LONG_BURN,
    LONG_FLIP,
    LONG_MINT,
    LONG_TOKENS,
    SHORT,
    SHORT_MINT,
    SIDES,
)
from perpools.spec.orders import Order
from perpools.spec.positions import Book, Position, advance, opened
from perpools.spec.state import MARKET, VAULT, Call, Market
from tests.spec.play import PAID, UNIT, new_play
from tests.spec.replayed import Replayed
from tests.stateful.hostile import Hostile
from tests.strategies import PERCENT

PRICE = 100 * WAD
TOKEN = 10**18


class Booked(Replayed):
    def check(self) -> None:
        super().check()
        assert_right(self.book, self.market)


class Walking(Hostile):
    driver = Booked


TestWalks = Walking.TestCase


def assert_right(book: Book, market: Market) -> None:
    """Every account adds up, the tokens are where the book says, and so does all of it."""
    found = {owner: positions.position(book, market, owner) for owner in book.accounts}
    for owner, its in found.items():
        assert balance(its) == 0, owner
        assert its.profit == result(its), owner
        if owner != MARKET:
            for side, holding in zip(SIDES, (its.long, its.short), strict=True):
                assert book.of(owner).lots[side].tokens == holding.tokens, owner
    assert sum(its.paid_in - its.taken_out for its in found.values()) == market.held
    others = [its for owner, its in found.items() if owner != MARKET]
    left = market.held - sum(market.fees) - sum(its.worth for its in others)
    assert 0 <= left <= dust(market) + unowned(market, others) + 2 * len(others) + 2


def balance(its: Position) -> int:
    """What an account put in, beyond what it took and what its things cost: always nothing."""
    came = its.paid_in + its.earned + its.long.realised + its.short.realised
    costs = its.long.cost_assets + its.short.cost_assets
    return came - its.taken_out - costs - its.waiting_assets - its.escrow_assets


def result(its: Position) -> int:
    """What an account made, by where it made it."""
    return its.earned + sum(side.realised + side.unrealised for side in (its.long, its.short))


def unowned(market: Market, others: list[Position]) -> int:
    """The worth of tokens that nobody can claim: what payouts left, and gifts to the market."""
    long = market.pool.supplies[LONG] - sum(its.long.tokens for its in others)
    short = market.pool.supplies[SHORT] - sum(its.short.tokens for its in others)
    assert long >= 0
    assert short >= 0
    balances, supplies = market.pool
    return sum(
        0 if supply == 0 else -(-tokens * held // supply)
        for tokens, held, supply in zip((long, short), balances, supplies, strict=True)
    )


class Ledger:
    """A play that keeps the book."""

    def __init__(self, **changes: int) -> None:
        self.play = new_play(**changes)
        self.book = opened(self.play.market)

    def do(self, operation, *args, sender: str = "depositor", tip: int = 0, **options) -> None:
        before, call = self.play.market, Call(sender, self.play.now, tip)
        step = operation(before, call, *args, **options)
        market = before
        for event in step.events:
            after = replay.apply(market, event, self.play.now)
            self.book = advance(self.book, market, event)
            market = after
        assert market == step.market
        self.play.market = market
        assert_right(self.book, market)

    def order(self, kind: int, amount: int, owner: str, controller: str | None = None) -> None:
        self.do(orders.place, Order(kind, amount, owner, controller or owner), sender=owner)

    def event(self, price: int = PRICE) -> None:
        epoch = self.play.market.last_epoch + 1
        self.play.until(epoch, 0)
        self.play.post(price)
        self.play.until(epoch)
        self.do(rebalancing.rebalance, self.play.feed, PAID, sender="keeper")

    def send(self, side: int, sender: str, receiver: str, amount: int) -> None:
        self.book = advance(self.book, self.play.market, Transfer(side, sender, receiver, amount))
        self.play.market = tokens.transfer(self.play.market, side, sender, receiver, amount)
        assert_right(self.book, self.play.market)

    def of(self, owner: str) -> Position:
        return positions.position(self.book, self.play.market, owner)

    def claim(self, owner: str) -> None:
        self.do(escrow.claim, owner, sender=owner)


@pytest.fixture
def ledger() -> Ledger:
    """Tokens of both sides, minted at the price they began with."""
    ledger = Ledger()
    ledger.order(LONG_MINT, 500 * UNIT, "depositor")
    ledger.order(SHORT_MINT, 500 * UNIT, "hedger")
    assert ledger.of("depositor").waiting_assets == 500 * UNIT
    assert ledger.of("depositor").profit == 0
    ledger.event()
    return ledger


def test_the_deployer_paid_for_the_locked_tokens_too() -> None:
    ledger = Ledger()
    deployer, locked = ledger.of("deployer"), ledger.of(VAULT)
    assert deployer.paid_in == sum(ledger.play.market.pool.balances)
    assert deployer.profit == -locked.worth
    assert locked.paid_in == 0


def test_tokens_are_the_same_position_wherever_they_are(ledger: Ledger) -> None:
    executed = ledger.of("depositor").long
    assert (executed.escrow, executed.cost_assets) == (500 * TOKEN, 500 * UNIT)
    assert executed.entry_price_wad == WAD
    ledger.claim("depositor")
    claimed = ledger.of("depositor").long
    assert claimed == executed._replace(wallet=500 * TOKEN, escrow=0)
    ledger.order(LONG_BURN, 200 * TOKEN, "depositor")
    waiting = ledger.of("depositor").long
    assert waiting == claimed._replace(wallet=300 * TOKEN, waiting=200 * TOKEN)
    epoch = ledger.play.market.earliest_waiting
    ledger.do(orders.cancel, epoch, LONG_BURN, "depositor")
    assert ledger.of("depositor").long == claimed._replace(wallet=300 * TOKEN, escrow=200 * TOKEN)


def test_a_price_that_doubles_is_profit_first_unrealised_then_realised(ledger: Ledger) -> None:
    ledger.claim("depositor")
    ledger.order(LONG_BURN, 250 * TOKEN, "depositor")
    ledger.event(2 * PRICE)
    found = ledger.of("depositor")
    half = found.escrow_assets - 250 * UNIT
    assert half > 100 * UNIT
    assert found.long.realised == half
    assert found.long.cost_assets == 250 * UNIT
    assert abs(found.long.unrealised - half) <= half // 10**3
    assert found.profit == found.long.realised + found.long.unrealised
    assert ledger.of("hedger").profit < -half
    ledger.claim("depositor")
    assert ledger.of("depositor").profit == found.profit


def test_a_flip_is_a_sale_and_a_purchase() -> None:
    ledger = Ledger(mint_fee_wad=PERCENT, mint_fee_max_wad=PERCENT, burn_fee_wad=2 * PERCENT)
    ledger.order(LONG_MINT, 500 * UNIT, "depositor")
    ledger.event()
    bought = ledger.of("depositor")
    assert bought.fees == 5 * UNIT
    ledger.claim("depositor")
    ledger.order(LONG_FLIP, bought.long.tokens, "depositor")
    ledger.event()
    found = ledger.of("depositor")
    assert found.long.tokens == found.long.cost_assets == 0
    assert found.long.realised == found.short.cost_assets - 500 * UNIT < 0
    assert found.short.escrow > 0
    # what is left of two per cent and of one
    assert found.fees - bought.fees > found.short.cost_assets * 3 // 100


def test_a_gift_is_a_sale_at_book_value(ledger: Ledger) -> None:
    ledger.claim("depositor")
    ledger.event(2 * PRICE)
    before = ledger.of("depositor").profit
    ledger.send(LONG, "depositor", "latecomer", 100 * TOKEN)
    giver, receiver = ledger.of("depositor"), ledger.of("latecomer")
    assert abs(giver.profit - before) <= 1
    assert receiver.profit == 0
    assert receiver.long.cost_assets == giver.taken_out == giver.long.realised + 100 * UNIT
    ledger.send(LONG, "latecomer", "latecomer", 100 * TOKEN)
    assert ledger.of("latecomer") == receiver


def test_an_order_for_somebody_else_is_a_gift(ledger: Ledger) -> None:
    ledger.order(LONG_MINT, 10 * UNIT, "trader", "latecomer")
    assert ledger.of("latecomer").waiting_assets == 10 * UNIT
    assert ledger.of("trader").paid_in == 0
    ledger.claim("depositor")
    ledger.order(LONG_BURN, 10 * TOKEN, "depositor", "latecomer")
    assert ledger.of("latecomer").long.waiting == 10 * TOKEN
    given = ledger.of("depositor").taken_out
    assert 0 < given <= 10 * UNIT
    assert ledger.of("latecomer").paid_in == 10 * UNIT + given


def test_what_is_withdrawn_to_somebody_else_is_a_gift(ledger: Ledger) -> None:
    parties = ("depositor", "latecomer")
    ledger.do(escrow.withdraw, LONG_TOKENS, 10 * TOKEN, parties)
    assert ledger.of("latecomer").long.wallet == 10 * TOKEN
    assert ledger.of("latecomer").paid_in == ledger.of("depositor").taken_out > 0


def test_pairs_are_bought_and_sold_at_book_value(ledger: Ledger) -> None:
    ledger.do(pairs.mint, 100 * UNIT, sender="trader")
    found = ledger.of("trader")
    assert found.paid_in == found.long.cost_assets + found.short.cost_assets == 100 * UNIT
    assert -3 <= found.profit <= 0
    ledger.do(pairs.redeem, found.long.wallet // 2, sender="trader")
    assert -8 <= ledger.of("trader").profit <= 0


def test_a_keeper_earns_its_pay_and_a_recipient_its_fees(ledger: Ledger) -> None:
    market = ledger.play.market
    pay = ledger.of("keeper")
    assert pay.earned == pay.profit == pay.escrow_assets > 0
    ledger.play.market = replace(market, fees=(7, 0), held=market.held)
    book = advance(ledger.book, ledger.play.market, FeesPaid(0, "treasury", 7))
    assert (book.of("treasury").earned, book.of("treasury").taken_out) == (7, 7)


def test_of_a_stranger_there_is_nothing(ledger: Ledger) -> None:
    found = ledger.of("stranger")
    assert (found.worth, found.profit, found.long.entry_price_wad) == (0, 0, 0)
