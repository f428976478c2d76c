"""What a skew balancer decides, and its trades on paper."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots import balancing
from perpools.bots.balancing import Place, Purse, Seen, Strategy, Wait
from perpools.bots.paper import Book
from perpools.spec.kinds import LONG_BURN, LONG_MINT, SHORT_BURN, SHORT_MINT
from perpools.spec.pool import Pool

WAD = 10**18
UNIT = 10**18
EPOCH, CUTOFF = 11, 10_000
STRATEGY = Strategy(
    threshold_wad=5 * 10**16, buffer_wad=10**16, budget=1_000 * UNIT, max_order=None, lead_s=30
)
RICH = Purse((5_000 * UNIT, 0, 0), (0, 0, 0))


def pool(long: int, short: int) -> Pool:
    """Tokens worth one unit each."""
    return Pool((long * UNIT, short * UNIT), (long * UNIT, short * UNIT))


def seen(expected: Pool, purse: Purse = RICH, now: int = CUTOFF - 30) -> Seen:
    return Seen(now=now, epoch=EPOCH, cutoff_at=CUTOFF, expected=expected, purse=purse)


def test_others_order_first() -> None:
    action = balancing.decide(seen(pool(2_000, 1_000), now=CUTOFF - 31), STRATEGY)
    assert action == Wait(CUTOFF - 30, "others order first")


@pytest.mark.parametrize("long", [1_000, 1_050])
def test_a_balanced_market_is_left_alone(long: int) -> None:
    assert isinstance(balancing.decide(seen(pool(long, 1_000)), STRATEGY), Wait)


@pytest.mark.parametrize(
    ("long", "short", "kind"), [(1_500, 1_000, SHORT_MINT), (1_000, 1_500, LONG_MINT)]
)
def test_the_smaller_side_is_joined_up_to_the_buffer(long: int, short: int, kind: int) -> None:
    action = balancing.decide(seen(pool(long, short)), STRATEGY)
    assert isinstance(action, Place)
    assert (action.epoch, action.kind, action.from_escrow) == (EPOCH, kind, 0)
    balances = [long * UNIT, short * UNIT]
    balances[kind] += action.amount
    assert balancing.excess_wad((balances[0], balances[1]))[1] == pytest.approx(10**16, abs=10)


def test_the_larger_side_is_left_first() -> None:
    purse = Purse((5_000 * UNIT, 30 * UNIT, 0), (0, 10 * UNIT, 0))
    action = balancing.decide(seen(pool(1_500, 1_000), purse), STRATEGY)
    assert action == Place(EPOCH, LONG_BURN, 40 * UNIT, 10 * UNIT)
    other = Purse((0, 0, 30 * UNIT), (0, 0, 0))
    action = balancing.decide(seen(pool(1_000, 1_500), other), STRATEGY)
    assert action == Place(EPOCH, SHORT_BURN, 30 * UNIT, 0)


def test_no_more_is_left_than_is_too_much() -> None:
    purse = Purse((0, 900 * UNIT, 0), (0, 0, 0))
    action = balancing.decide(seen(pool(1_500, 1_000), purse), STRATEGY)
    assert action == Place(EPOCH, LONG_BURN, 490 * UNIT, 0)


def test_escrow_is_spent_before_the_wallet() -> None:
    purse = Purse((5_000 * UNIT, 0, 0), (100 * UNIT, 0, 0))
    action = balancing.decide(seen(pool(1_500, 1_000), purse), STRATEGY)
    assert isinstance(action, Place)
    assert action.from_escrow == 100 * UNIT


@pytest.mark.parametrize(
    ("purse", "amount"),
    [
        (Purse((5_000 * UNIT, 0, 900 * UNIT), (0, 0, 0)), 100 * UNIT),
        (Purse((5_000 * UNIT, 0, 0), (0, 0, 0), 800 * UNIT), 200 * UNIT),
        (Purse((70 * UNIT, 0, 0), (0, 0, 0)), 70 * UNIT),
    ],
)
def test_the_budget_is_kept(purse: Purse, amount: int) -> None:
    action = balancing.decide(seen(pool(9_000, 1_000), purse), STRATEGY)
    assert isinstance(action, Place)
    assert action.amount == amount


def test_one_order_is_capped() -> None:
    action = balancing.decide(seen(pool(9_000, 1_000)), STRATEGY._replace(max_order=UNIT))
    assert isinstance(action, Place)
    assert action.amount == UNIT


def test_a_spent_budget_waits() -> None:
    purse = Purse((5_000 * UNIT, 0, 1_000 * UNIT), (0, 0, 0))
    action = balancing.decide(seen(pool(9_000, 1_000), purse), STRATEGY)
    assert action == Wait(CUTOFF - 29, "nothing left to order with")


@given(
    st.tuples(st.integers(1, 2**100), st.integers(1, 2**100)),
    st.tuples(st.integers(0, 2**90), st.integers(0, 2**90), st.integers(0, 2**90)),
    st.integers(0, 2**90),
    st.integers(0, WAD),
    st.integers(0, WAD),
)
def test_no_order_makes_the_other_side_the_larger(
    balances: tuple[int, int], held: tuple[int, int, int], waiting: int, threshold: int, buffer: int
) -> None:
    strategy = Strategy(threshold, buffer, 2**95, None, 30)
    state = seen(Pool(balances, (10**20, 10**20)), Purse(held, (0, 0, 0), waiting))
    action = balancing.decide(state, strategy)
    if isinstance(action, Wait):
        assert action.until > state.now
        return
    larger, _ = balancing.excess_wad(balances)
    if action.kind in (LONG_MINT, SHORT_MINT):
        assert action.kind == 1 - larger
        assert balances[action.kind] + action.amount <= balances[larger]
        assert action.amount + balancing.invested(state) <= strategy.budget
        assert action.amount <= held[0]
    else:
        assert action.kind == LONG_BURN + larger
        assert action.amount <= held[1 + larger]
        assert action.amount * balances[larger] // 10**20 <= balances[larger] - balances[1 - larger]


FREE = (0, 0)


def test_paper_pays_at_once_and_receives_when_the_epoch_is_closed() -> None:
    book = Book((1_000 * UNIT, 0, 0)).order(Place(EPOCH, SHORT_MINT, 400 * UNIT, 0))
    assert book.purse == Purse((600 * UNIT, 0, 0), (0, 0, 0), 400 * UNIT)
    rates = Pool((100 * UNIT, 200 * UNIT), (100 * UNIT, 100 * UNIT))
    assert book.after(EPOCH - 1, rates, FREE) == book
    done = book.after(EPOCH, rates, FREE)
    assert done.purse == Purse((600 * UNIT, 0, 200 * UNIT), (0, 0, 0), 0)
    assert done.worth(rates) == 1_000 * UNIT


def test_paper_pays_fees() -> None:
    percent = 10**16
    book = Book((1_000 * UNIT, 100 * UNIT, 0))
    book = book.order(Place(EPOCH, LONG_MINT, 100 * UNIT, 0))
    book = book.order(Place(EPOCH, LONG_BURN, 100 * UNIT, 0))
    done = book.after(EPOCH, pool(500, 500), (percent, 2 * percent))
    assert done.items == (998 * UNIT, 99 * UNIT, 0)


def test_paper_orders_count_in_what_is_expected() -> None:
    book = Book((1_000 * UNIT, 50 * UNIT, 0))
    book = book.order(Place(EPOCH, SHORT_MINT, 100 * UNIT, 0))
    book = book.order(Place(EPOCH, LONG_BURN, 50 * UNIT, 0))
    assert book.expected(pool(450, 300), FREE) == pool(400, 400)
    assert Book((0, 50 * UNIT, 20 * UNIT)).expected(pool(400, 300), FREE) == pool(450, 320)


def test_a_paper_balancer_orders_once() -> None:
    market = pool(1_500, 1_000)
    book = Book((1_000 * UNIT, 0, 0))
    action = balancing.decide(seen(market, book.purse), STRATEGY)
    assert isinstance(action, Place)
    book = book.order(action)
    again = replace(seen(market), expected=book.expected(market, FREE), purse=book.purse)
    assert isinstance(balancing.decide(again, STRATEGY), Wait)
