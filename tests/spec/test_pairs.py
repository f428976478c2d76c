"""Laws of pairs (R11): instant, at book value, to nobody's cost but the caller's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import errors, pairs
from perpools.spec.fixed_point import WAD
from perpools.spec.pool import LIMIT, LOCKED
from tests.spec.play import SEED, START_EPOCH, UNIT, Play, new_play

moves = st.lists(st.integers(1, 10_000), max_size=5)


def moved(moves: list[int]) -> Play:
    """A market whose price has been somewhere."""
    play = new_play()
    for number, price in enumerate(moves, 1):
        play.settle(START_EPOCH + number, price * WAD)
    return play


@given(moves=moves, assets=st.integers(2, 10**12), more=moves)
def test_a_pair_is_worth_what_was_paid_whatever_the_price_does(
    moves: list[int], assets: int, more: list[int]
) -> None:
    play = moved(moves)
    try:
        bought = play.act(pairs.mint, assets, sender="arbitrageur")
    except errors.PairIsTooSmall:
        return
    for number, price in enumerate(more, len(moves) + 1):
        play.settle(START_EPOCH + number, price * WAD)
    supply, other = play.market.pool.supplies
    tokens = min(bought.long_tokens, bought.short_tokens * supply // other)
    if tokens == 0:
        return
    sold = play.act(pairs.redeem, tokens, sender="arbitrageur")
    received = sold.long_assets + sold.short_assets
    assert received <= assets
    kept = bought.long_tokens - tokens, bought.short_tokens - sold.short_tokens
    worth = sum(t * b // s for t, b, s in zip(kept, *play.market.pool, strict=True))
    one_token_each = sum(-(-b // s) for b, s in zip(*play.market.pool, strict=True))
    assert received + worth >= assets - 6 - 2 * one_token_each


@given(moves=moves, assets=st.integers(2, 10**12))
def test_a_pair_changes_no_price_against_its_holders(moves: list[int], assets: int) -> None:
    play = moved(moves)
    before = play.market.pool
    try:
        play.act(pairs.mint, assets, sender="arbitrageur")
    except errors.PairIsTooSmall:
        return
    after = play.market.pool
    for side in (0, 1):
        assert (
            after.balances[side] * before.supplies[side]
            >= before.balances[side] * after.supplies[side]
        )


@pytest.mark.parametrize(
    ("assets", "reason"),
    [
        (0, errors.AmountIsZero),
        (1, errors.PairIsTooSmall),
        (LIMIT - 2 * SEED, errors.AmountIsTooLarge),
        (2**255, errors.AmountIsTooLarge),
    ],
)
def test_each_wrong_pair_has_its_own_reason(assets: int, reason: type[errors.Rejected]) -> None:
    with pytest.raises(reason):
        new_play().act(pairs.mint, assets)


def test_a_pair_that_would_lift_a_supply_to_the_limit_is_refused() -> None:
    play = new_play()
    with pytest.raises(errors.PairIsTooLarge):
        play.act(pairs.mint, LIMIT // 10**12 * 2)


def test_nobody_redeems_what_is_locked_for_ever() -> None:
    play = new_play()
    supply = play.market.pool.supplies[0]
    play.act(pairs.redeem, supply - LOCKED, sender="deployer")
    with pytest.raises(errors.TokenBalanceIsTooLow):
        play.act(pairs.redeem, 1, sender="deployer")
    with pytest.raises(errors.AmountIsTooLarge):
        play.act(pairs.redeem, LOCKED + 1, sender="deployer")


def test_redeeming_needs_both_tokens() -> None:
    play = new_play()
    play.order(0, UNIT)
    play.settle(START_EPOCH + 1, 100 * WAD)
    play.claim()
    with pytest.raises(errors.TokenBalanceIsTooLow):
        play.act(pairs.redeem, 10**18)
