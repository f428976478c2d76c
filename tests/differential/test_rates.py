"""The Vyper library and the Python model settle at the same rates."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import rates
from perpools.spec.pool import LOCKED
from perpools.spec.terms import MAX_FEE_WAD
from tests.differential.agreement import agree
from tests.evm import deployer

MOST = 2**128 - 1

amounts = st.one_of(
    st.integers(0, MOST), st.integers(0, 3), st.integers(0, 10**27), st.integers(MOST - 3, MOST)
)
supplies = st.one_of(st.integers(LOCKED, MOST), st.integers(LOCKED, LOCKED + 3), st.just(MOST))
fees_wad = st.one_of(st.integers(0, MAX_FEE_WAD), st.sampled_from([0, 1, MAX_FEE_WAD]))

PRODUCTS = ["assets_for_tokens", "tokens_for_assets", "payout", "counterpart"]


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/RatesHarness.vy").deploy()


def both(evm: Any, name: str) -> tuple[Callable[..., int], Callable[..., int]]:
    return getattr(evm, name), getattr(rates, name)


@pytest.mark.parametrize("name", PRODUCTS)
@given(x=amounts, y=amounts, d=amounts)
@example(0, 1, 1)
@example(1, 1, 0)
@example(1, 1, 1)
@example(1, 2, 2)
@example(2, 3, 4)
@example(MOST, MOST, MOST)
@example(MOST, MOST, 1)
@example(MOST, 1, MOST)
def test_one_product_divided_once(evm: Any, name: str, x: int, y: int, d: int) -> None:
    agree(*both(evm, name), x, y, d)


@pytest.mark.parametrize("name", ["pair_part", "pair_cost"])
@given(amount=amounts, assets=amounts.filter(bool), total_assets=amounts)
@example(1, 1, 2)
@example(1, 2, 2)
@example(LOCKED, 2, 2)
@example(1, 1, 0)
@example(MOST, MOST, 2)
@example(MOST, MOST, MOST)
def test_pairs(evm: Any, name: str, amount: int, assets: int, total_assets: int) -> None:
    agree(*both(evm, name), amount, assets, total_assets)


@given(balance=amounts, supply=supplies, decimals=st.integers(0, 18))
@example(1, LOCKED, 18)
@example(1, MOST, 18)
@example(MOST, LOCKED, 18)
@example(MOST // 10**18, LOCKED, 0)
@example(MOST, LOCKED, 0)
@example(0, 0, 18)
def test_price(evm: Any, balance: int, supply: int, decimals: int) -> None:
    agree(*both(evm, "price_wad"), balance, supply, 10 ** (18 - decimals))


@pytest.mark.parametrize("name", ["burned", "minted"])
@given(amount=amounts, balance=amounts, supply=supplies, fee_wad=fees_wad)
@example(0, 1, LOCKED, 0)
@example(1, 1, LOCKED, 0)
@example(1, 0, LOCKED, 0)
@example(MOST, MOST, MOST, MAX_FEE_WAD)
@example(MOST, 1, MOST, 0)
@example(LOCKED, 1, LOCKED, MAX_FEE_WAD)
@example(LOCKED, 1, LOCKED, 0)
def test_batches(evm: Any, name: str, amount: int, balance: int, supply: int, fee_wad: int) -> None:
    agree(*both(evm, name), amount, balance, supply, fee_wad)
