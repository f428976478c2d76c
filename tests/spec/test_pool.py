"""
Laws of the pool (R1, R5, R8, R9, R12): what leaves one place arrives at another, and nothing ever
bricks.
"""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from perpools.spec import pool
from perpools.spec.fixed_point import MAX_PRICE, ONE
from perpools.spec.kinds import LONG_BURN, LONG_FLIP
from perpools.spec.pool import LIMIT, LOCKED, Executed, Pool
from perpools.spec.terms import MAX_FEE_WAD

prices = st.integers(1, MAX_PRICE - 1)
fractions = st.integers(0, ONE - 1) | st.just(ONE - 1)
fees_wad = st.integers(0, MAX_FEE_WAD) | st.just(0)
magnitudes = st.integers(0, 126).flatmap(lambda bits: st.integers(2**bits, 2 ** (bits + 1) - 1))
amounts = st.just(0) | magnitudes
supplies = magnitudes.map(lambda tokens: min(LOCKED + tokens, LIMIT - 1))
halves = magnitudes.map(lambda assets: (assets + 1) // 2)
pools = st.builds(Pool, st.tuples(halves, halves), st.tuples(supplies, supplies))


@st.composite
def events(draw: st.DrawFn) -> tuple[Pool, list[int], Executed]:
    """A pool, six batches that its holders could have ordered, and what became of them."""
    before = draw(pools)
    orders = [draw(amounts), draw(amounts), 0, 0, 0, 0]
    for side, supply in enumerate(before.supplies):
        orders[LONG_BURN + side] = min(draw(amounts), supply - LOCKED)
        orders[LONG_FLIP + side] = min(draw(amounts), supply - LOCKED - orders[LONG_BURN + side])
    return before, orders, pool.execute(before, orders, draw(fees_wad), draw(fees_wad))


@given(before=pools, part=st.integers(0, ONE - 1))
def test_a_fee_leaves_every_side_something(before: Pool, part: int) -> None:
    after, taken = pool.take(before.balances, part, ONE)
    assert sum(after) + taken == sum(before.balances)
    assert min(after) >= 1


@given(before=pools, old_price=prices, new_price=prices, fraction=fractions)
@example(Pool((1, 1), (2 * LOCKED, 2 * LOCKED)), 1, MAX_PRICE - 1, ONE - 1)
def test_value_moves_and_no_side_loses_everything(
    before: Pool, old_price: int, new_price: int, fraction: int
) -> None:
    after = pool.transfer_value(before.balances, old_price, new_price, fraction)
    assert sum(after) == sum(before.balances)
    assert min(after) >= 1
    winner = 0 if new_price >= old_price else 1
    assert after[winner] >= before.balances[winner]


@given(side=st.sampled_from([0, 1]), supply=supplies, fraction=st.integers(0, 2**256 - 1))
def test_nothing_moves_while_a_side_is_its_locked_tokens_alone(
    side: int, supply: int, fraction: int
) -> None:
    lonely = (LOCKED, supply) if side == 0 else (supply, LOCKED)
    assert pool.movable(lonely, fraction) == 0
    assert pool.movable((supply, supply), fraction) == min(fraction, ONE - 1)


@given(events())
def test_execution_conserves_collateral(event: tuple[Pool, list[int], Executed]) -> None:
    before, orders, done = event
    paid_in = sum(orders[side] for side in (0, 1) if done.outs[side])
    paid_out = sum(done.outs[LONG_BURN + side] for side in (0, 1))
    assert sum(done.pool.balances) == sum(before.balances) + paid_in - paid_out


@given(events())
def test_execution_keeps_supplies_and_tokens_in_step(
    event: tuple[Pool, list[int], Executed],
) -> None:
    before, _, done = event
    for side in (0, 1):
        assert (
            done.pool.supplies[side]
            == before.supplies[side] + done.minted[side] - done.burned[side]
        )


@given(events())
def test_no_order_dilutes_those_who_stay(event: tuple[Pool, list[int], Executed]) -> None:
    """A token is worth after an event's orders at least what they were executed at."""
    before, _, done = event
    for side in (0, 1):
        rate_after = done.pool.balances[side] * before.supplies[side]
        assert rate_after >= before.balances[side] * done.pool.supplies[side]


@given(events())
def test_execution_stays_below_the_limit_and_above_nothing(
    event: tuple[Pool, list[int], Executed],
) -> None:
    _, _, done = event
    assert min(done.pool.balances) >= 1
    assert min(done.pool.supplies) >= LOCKED
    assert sum(done.pool.balances) < LIMIT
    assert max(done.pool.supplies) < LIMIT


@given(events())
def test_what_receives_nothing_is_refunded(event: tuple[Pool, list[int], Executed]) -> None:
    """Of its tokens none is burned, so that all of them are there to give back."""
    _, orders, done = event
    taken = [amount if out else 0 for amount, out in zip(orders, done.outs, strict=True)]
    assert list(done.burned) == [
        taken[LONG_BURN + side] + taken[LONG_FLIP + side] for side in (0, 1)
    ]


@given(before=pools, tokens=magnitudes)
def test_without_fees_a_flip_pays_what_a_burn_and_a_mint_at_the_same_rates_would(
    before: Pool, tokens: int
) -> None:
    assume(before.supplies[0] > LOCKED)
    tokens = min(tokens, before.supplies[0] - LOCKED)
    flipped = pool.execute(before, [0, 0, 0, 0, tokens, 0], 0, 0).outs[LONG_FLIP]
    burned = pool.execute(before, [0, 0, tokens, 0, 0, 0], 0, 0).outs[LONG_BURN]
    minted = pool.execute(before, [0, burned, 0, 0, 0, 0], 0, 0).outs[1]
    assert flipped in (minted, 0)
