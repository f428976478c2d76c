"""The Vyper library and the Python model move, pay and execute alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import pool
from perpools.spec.fixed_point import MAX_PRICE, ONE
from perpools.spec.pool import LIMIT, LOCKED, Pool
from perpools.spec.terms import MAX_FEE_WAD
from tests.differential.agreement import agree
from tests.evm import deployer

MOST = LIMIT - 1
AT_THE_LIMIT = Pool((MOST - 1, 1), (MOST, LOCKED))
SMALLEST = Pool((1, 1), (LOCKED, LOCKED))
PLAIN = Pool((300, 100), (30 * LOCKED, 10 * LOCKED))

fractions = st.one_of(st.integers(0, ONE), st.integers(0, 3), st.integers(ONE - 3, ONE))
fees_wad = st.one_of(st.integers(0, MAX_FEE_WAD), st.sampled_from([0, 1, MAX_FEE_WAD]))
prices = st.integers(1, MAX_PRICE - 1) | st.sampled_from([1, 2, MAX_PRICE - 1])
sizes = st.integers(0, 127).map(lambda bits: 2**bits)


@st.composite
def amounts(draw: st.DrawFn) -> int:
    """Any order of magnitude is as likely."""
    return draw(st.integers(0, 2 * draw(sizes) - 1))


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Any pool there can be: no side empty, everything below the limit."""
    long = min(1 + draw(amounts()), MOST - 1)
    short = min(1 + draw(amounts()), MOST - long)
    supplies = (draw(st.just(0) | amounts()), draw(st.just(0) | amounts()))
    return Pool((long, short), (min(LOCKED + supplies[0], MOST), min(LOCKED + supplies[1], MOST)))


@st.composite
def queues(draw: st.DrawFn) -> tuple[Pool, list[int]]:
    """A pool and six batches: tokens to burn and flip exist, collateral comes from outside."""
    before = draw(pools())
    orders = [draw(st.just(0) | amounts()) for _ in range(2)]
    burns, flips = [], []
    for supply in before.supplies:
        burns.append(min(draw(st.just(0) | amounts()), supply - LOCKED))
        flips.append(min(draw(st.just(0) | amounts()), supply - LOCKED - burns[-1]))
    return before, [*orders, *burns, *flips]


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/PoolHarness.vy").deploy()


def test_constants(evm: Any) -> None:
    assert (evm.LOCKED(), evm.LIMIT()) == (LOCKED, LIMIT)


@given(before=pools(), part=st.integers(0, 2**60), rest=st.integers(0, 2**120))
@example(SMALLEST, ONE - 1, 1)
@example(AT_THE_LIMIT, ONE // 10, ONE - ONE // 10)
@example(AT_THE_LIMIT, 1, ONE - 1)
@example(SMALLEST, 0, 2)
@example(SMALLEST, 1, 1)
@example(AT_THE_LIMIT, MOST, 0)
@example(PLAIN, 400, 0)
@example(PLAIN, 1, -1)
def test_take(evm: Any, before: Pool, part: int, rest: int) -> None:
    agree(evm.take, pool.take, before.balances, part, part + rest)


@given(before=pools(), fraction=fractions | st.integers(0, 2**256 - 1))
@example(SMALLEST, ONE // 2)
@example(PLAIN, ONE - 1)
@example(PLAIN, ONE)
@example(PLAIN, 2**256 - 1)
@example(AT_THE_LIMIT, ONE // 2)
@example(Pool((1, 1), (LOCKED + 1, LOCKED + 1)), ONE // 2)
def test_movable(evm: Any, before: Pool, fraction: int) -> None:
    agree(evm.movable, pool.movable, before.supplies, fraction)


@given(before=pools(), old_price=prices, new_price=prices, fraction=fractions)
@example(SMALLEST, 1, 2, ONE - 1)
@example(SMALLEST, 2, 1, ONE - 1)
@example(AT_THE_LIMIT, 2, 1, ONE - 1)
@example(AT_THE_LIMIT, 1, 2, ONE - 1)
@example(PLAIN, 7, 7, 0)
@example(PLAIN, 7, 7, ONE // 3)
def test_transfer_value(
    evm: Any, before: Pool, old_price: int, new_price: int, fraction: int
) -> None:
    agree(evm.transfer_value, pool.transfer_value, before.balances, old_price, new_price, fraction)


@given(queue=queues(), mint_fee_wad=fees_wad, burn_fee_wad=fees_wad)
@example((PLAIN, [0] * 6), 0, 0)
@example((PLAIN, [7, 8, LOCKED, LOCKED, LOCKED, LOCKED]), 0, MAX_FEE_WAD)
@example((PLAIN, [1] * 6), 0, 0)
@example((PLAIN, [0, 0, 29 * LOCKED, 9 * LOCKED, 0, 0]), 0, 0)
@example((PLAIN, [0, 0, 0, 0, 29 * LOCKED, 9 * LOCKED]), MAX_FEE_WAD, MAX_FEE_WAD)
@example((SMALLEST, [1, 1, 0, 0, 0, 0]), 0, 0)
@example((SMALLEST, [MOST, MOST, 0, 0, 0, 0]), 0, 0)
@example((SMALLEST, [(MOST - LOCKED) // LOCKED, 0, 0, 0, 0, 0]), 0, 0)
@example((SMALLEST, [MOST // LOCKED, 0, 0, 0, 0, 0]), 0, 0)
@example((Pool((1, MOST // 2), (LOCKED, MOST)), [0, 0, 0, 0, 0, MOST - LOCKED]), 0, 0)
@example((Pool((10**30, 10**30), (10**30, 10**30)), [MOST - 2 * 10**30, 1, 0, 0, 0, 0]), 0, 0)
@example((Pool((10**30, 10**30), (10**30, 10**30)), [MOST - 2 * 10**30, 0, 0, 0, 0, 0]), 0, 0)
@example((Pool((10**30, 10**30), (10**30, 10**30)), [MOST - 2 * 10**30 + 1, 0, 0, 0, 0, 0]), 0, 0)
def test_execute(
    evm: Any, queue: tuple[Pool, list[int]], mint_fee_wad: int, burn_fee_wad: int
) -> None:
    before, orders = queue
    agree(evm.execute, pool.execute, before, orders, mint_fee_wad, burn_fee_wad)
