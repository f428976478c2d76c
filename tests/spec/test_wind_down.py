"""Laws of the wind-down (R13): the last resort opens by itself, and only then."""

import pytest

from perpools.spec import errors, orders, pairs, rebalancing, wind_down
from perpools.spec.fixed_point import WAD
from perpools.spec.kinds import LONG_BURN, LONG_MINT, SHORT_BURN
from perpools.spec.orders import Order
from perpools.spec.pool import LOCKED
from tests.spec.play import HOUR_S, NO_PAY, SEED, START_EPOCH, UNIT, Play, new_play

DAY_S = 86_400
WAIT_S = 30 * DAY_S
DUE_S = (START_EPOCH + 1) * HOUR_S


def wind(play: Play, *, feed_alive: bool = False) -> None:
    play.act(wind_down.wind_down, feed_alive=feed_alive, sender="anybody")


def wound_down() -> Play:
    """A market with orders waiting, whose feed died."""
    play = new_play()
    play.order(LONG_MINT, 7 * UNIT, tip=3)
    play.order(LONG_BURN, 10**18, "deployer")
    play.now = DUE_S + WAIT_S
    wind(play)
    return play


@pytest.mark.parametrize("waits", [1, 3])
def test_the_moment_is_exact(waits: int) -> None:
    play = new_play()
    alive = waits > 1
    play.now = DUE_S + waits * WAIT_S - 1
    with pytest.raises(errors.FeedIsAlive if alive else errors.WindDownIsNotOverdue):
        wind(play, feed_alive=alive)
    play.now += 1
    wind(play, feed_alive=alive)


def test_a_market_that_is_kept_is_never_overdue() -> None:
    play = new_play()
    for number in range(1, 4):
        play.settle(START_EPOCH + number, 100 * WAD)
        play.now += WAIT_S - 1
        with pytest.raises(errors.WindDownIsNotOverdue):
            wind(play)
        play.now = play.now - WAIT_S + 1


def test_waiting_orders_and_their_tips_come_back_whole() -> None:
    play = wound_down()
    claimed = play.claim()
    assert (claimed.assets, claimed.tip) == (7 * UNIT, 3)
    assert play.claim("deployer").long_tokens == 10**18


def test_everybody_gets_their_share_and_the_locked_tokens_theirs() -> None:
    play = wound_down()
    play.claim("deployer")
    for side in (0, 1):
        tokens = play.market.holdings[side]["deployer"]
        redeemed = play.act(wind_down.redeem, side, tokens, sender="deployer")
        assert redeemed.assets == tokens * SEED // (SEED * 10**12)
        assert play.market.pool.supplies[side] == LOCKED


def test_nothing_else_happens_any_more() -> None:
    play = wound_down()
    for operation, *args in (
        (orders.place, Order(SHORT_BURN, 1, "deployer", "deployer")),
        (orders.cancel, START_EPOCH + 1, LONG_BURN, "deployer"),
        (rebalancing.rebalance, play.feed, NO_PAY),
        (pairs.mint, UNIT),
        (pairs.redeem, 1),
    ):
        with pytest.raises(errors.MarketIsWoundDown):
            play.act(operation, *args, sender="deployer")
    with pytest.raises(errors.MarketIsWoundDown):
        wind(play)


@pytest.mark.parametrize(
    ("side", "amount", "reason"),
    [
        (2, 1, errors.UnknownSide),
        (0, 0, errors.AmountIsZero),
        (0, SEED * 10**12 + 1, errors.AmountIsTooLarge),
        (0, SEED * 10**12, errors.TokenBalanceIsTooLow),
    ],
)
def test_each_wrong_redemption_has_its_own_reason(
    side: int, amount: int, reason: type[errors.Rejected]
) -> None:
    play = wound_down()
    with pytest.raises(reason):
        play.act(wind_down.redeem, side, amount, sender="deployer")


def test_a_live_market_redeems_one_side_only_by_orders() -> None:
    with pytest.raises(errors.MarketIsNotWoundDown):
        new_play().act(wind_down.redeem, 0, 1, sender="deployer")
