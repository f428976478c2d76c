"""
What a market tells is enough to know all of it (R16): every event of every walk and of every golden
history, folded, gives the very state.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from perpools.spec import events, replay
from perpools.spec.events import Event, OrderPlaced, Rebalanced, Transfer
from perpools.spec.kinds import LONG, LONG_BURN, LONG_MINT, SHORT, SHORT_MINT
from perpools.spec.orders import Order
from perpools.spec.replay import Unexplained, apply, is_told
from perpools.spec.state import MARKET, Call, Market
from perpools.spec.terms import NOBODY
from tests.spec.play import PAID, START_EPOCH, UNIT, Play, new_play
from tests.spec.replayed import Replayed
from tests.stateful.hostile import Hostile
from tests.strategies import V1
from tests.vectors.history import HERE, load, perform, setup_of


class Walking(Hostile):
    driver = Replayed


TestWalks = Walking.TestCase


@pytest.mark.parametrize("path", sorted(HERE.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_history(path: Path) -> None:
    history = load(path)
    with closing(Replayed(setup_of(history["start"], V1))) as market:
        for step in history["steps"]:
            perform(market, step)
            market.check()


@pytest.fixture
def play() -> Play:
    """Orders of both sides wait."""
    play = new_play()
    play.order(LONG_MINT, 500 * UNIT, "depositor")
    play.order(SHORT_MINT, 700 * UNIT, "hedger")
    return play


def closing_events(play: Play) -> tuple[Market, tuple[Event, ...]]:
    """The market before its epoch is closed, and what closing it tells."""
    before = play.market
    play.until(START_EPOCH + 1, 0)
    play.post(101 * 10**18)
    play.until(START_EPOCH + 1)
    call = Call("keeper", play.now)
    step = replay.rebalance(before, call, play.feed, PAID)
    play.market = step.market
    return before, step.events


def fold(market: Market, told: Sequence[Event], now: int) -> Market:
    for event in told:
        market = apply(market, event, now)
    return market


def test_a_transfer_function_is_not_asked(play: Play) -> None:
    market, told = closing_events(play)

    def unknown(*_: int) -> int:
        raise AssertionError

    market = replace(market, terms=replace(market.terms, transfer=unknown, trigger=unknown))
    market = fold(market, told, play.now)
    assert replace(market, terms=play.market.terms) == play.market


@pytest.mark.parametrize("missing", [0, 1])
def test_a_batch_that_was_not_told_of_is_missed(play: Play, missing: int) -> None:
    market, told = closing_events(play)
    told = told[:missing] + told[missing + 1 :]
    with pytest.raises(Unexplained):
        fold(market, told, play.now)


@pytest.mark.parametrize(
    "field", ["epoch", "old_price", "long_before", "long_after", "short_supply", "fee", "reward"]
)
def test_an_event_of_another_branch_is_noticed(play: Play, field: str) -> None:
    market, (*batches, last) = closing_events(play)
    market = fold(market, batches, play.now)
    assert isinstance(last, Rebalanced)
    strange = last._replace(**{field: getattr(last, field) + 1})
    with pytest.raises(Unexplained):
        apply(market, strange, play.now)


def test_what_would_have_been_refused_cannot_have_happened(play: Play) -> None:
    for impossible in (
        events.Claimed("depositor", "depositor", 1, 0, 0, 0),
        events.OrderPlaced("trader", "trader", START_EPOCH + 1, LONG_BURN, 1, 0, 0),
        events.OrderPlaced("trader", "hedger", START_EPOCH + 1, LONG_MINT, 1, 0, 5),
        events.OrderCancelled("depositor", START_EPOCH + 1, LONG_MINT, 1, 0),
        events.BatchExecuted(START_EPOCH + 1, LONG_MINT, 1, 1),
        events.WoundDown(START_EPOCH),
        Transfer(LONG, "trader", "hedger", 1),
    ):
        with pytest.raises(Unexplained):
            apply(play.market, impossible, play.now)


def test_who_ordered_for_others_is_found_among_their_operators(play: Play) -> None:
    play.market = replace(
        play.market,
        operators=frozenset({("depositor", "partner"), ("hedger", "partner"), ("hedger", "x")}),
    )
    order = Order(LONG_MINT, UNIT, "hedger", "depositor")
    call = Call("partner", play.now, tip=7)
    step = replay.orders.place(play.market, call, order)
    assert apply(play.market, step.events[0], play.now) == step.market


BURN = OrderPlaced("depositor", "trader", START_EPOCH, LONG_BURN, 5, 2, 0)


@pytest.mark.parametrize(
    ("transfer", "following", "told"),
    [
        (Transfer(LONG, NOBODY, MARKET, 3), None, True),
        (Transfer(LONG, MARKET, NOBODY, 3), None, True),
        (Transfer(LONG, NOBODY, "depositor", 3), None, True),
        (Transfer(LONG, MARKET, "depositor", 3), None, True),
        (Transfer(LONG, "depositor", "trader", 3), BURN, False),
        (Transfer(LONG, "depositor", MARKET, 3), BURN, True),
        (Transfer(LONG, "depositor", MARKET, 5), BURN, False),
        (Transfer(SHORT, "depositor", MARKET, 3), BURN, False),
        (Transfer(LONG, "trader", MARKET, 3), BURN, False),
        (Transfer(LONG, "depositor", MARKET, 3), BURN._replace(kind=LONG_MINT), False),
        (Transfer(LONG, "depositor", MARKET, 3), Transfer(LONG, "depositor", MARKET, 3), False),
        (Transfer(LONG, "depositor", MARKET, 3), None, False),
        (BURN, None, False),
    ],
)
def test_a_transfer_is_told_twice_where_the_market_made_it(
    transfer: Event, following: Event | None, told: bool
) -> None:
    assert is_told(transfer, following) == told
