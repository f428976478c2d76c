"""The Vyper library and the Python model charge alike."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import fees
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.terms import MAX_FEE_WAD, MAX_INTERVAL_S
from tests.differential.agreement import agree
from tests.evm import deployer

HALF_MAX = 2**128 - 1
HOUR_S = 3_600

amounts = st.one_of(st.integers(0, HALF_MAX), st.integers(0, 3), st.integers(0, 10**12))
fees_wad = st.one_of(st.integers(0, MAX_FEE_WAD), st.sampled_from([0, 1, MAX_FEE_WAD]))
shares_wad = st.one_of(st.integers(0, WAD), st.sampled_from([0, 1, WAD - 1, WAD]))
# A token's price: nothing at all, about one, or that of all there can be over the locked tokens.
prices_wad = st.one_of(
    st.integers(0, 2**206),
    st.integers(0, 3),
    st.integers(WAD - 3, WAD + 3),
    st.integers(0, MAX_PRICE),
)


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/FeesHarness.vy").deploy()


def test_constants(evm: Any) -> None:
    assert evm.YEAR_S() == fees.YEAR_S


@given(
    management_fee_wad=fees_wad,
    interval_s=st.integers(1, MAX_INTERVAL_S) | st.sampled_from([1, HOUR_S, MAX_INTERVAL_S]),
    intervals=st.integers(1, 2**40 - 1) | st.integers(1, 200),
)
@example(0, HOUR_S, 1)
@example(0, HOUR_S, 50)
@example(1, 1, 1)
@example(1, 1, 2)
@example(MAX_FEE_WAD, HOUR_S, 1)
@example(MAX_FEE_WAD, HOUR_S, 2)
@example(MAX_FEE_WAD, MAX_INTERVAL_S, 1)
@example(MAX_FEE_WAD, MAX_INTERVAL_S, 2**40 - 1)
@example(MAX_FEE_WAD, HOUR_S, 0)
def test_management_fraction(
    evm: Any, management_fee_wad: int, interval_s: int, intervals: int
) -> None:
    agree(
        evm.management_fraction, fees.management_fraction, management_fee_wad, interval_s, intervals
    )


@given(assets=amounts, fee_wad=fees_wad)
@example(0, 0)
@example(0, MAX_FEE_WAD)
@example(1, 0)
@example(1, 1)
@example(HALF_MAX, 0)
@example(HALF_MAX, MAX_FEE_WAD)
@example(HALF_MAX, WAD)
@example(1, WAD + 1)
def test_after_fee(evm: Any, assets: int, fee_wad: int) -> None:
    agree(evm.after_fee, fees.after_fee, assets, fee_wad)


@given(fee_assets=amounts, secondary_share_wad=shares_wad)
@example(0, WAD)
@example(1, 0)
@example(1, WAD - 1)
@example(1, WAD)
@example(HALF_MAX, WAD - 1)
@example(HALF_MAX, WAD)
def test_split(evm: Any, fee_assets: int, secondary_share_wad: int) -> None:
    agree(evm.split, fees.split, fee_assets, secondary_share_wad)


@given(
    fee_wad=fees_wad, step_wad=fees_wad, max_wad=fees_wad, long_wad=prices_wad, short_wad=prices_wad
)
@example(0, 1, MAX_FEE_WAD, WAD, WAD)
@example(0, 1, MAX_FEE_WAD, WAD + 1, WAD)
@example(5, 7, MAX_FEE_WAD, WAD + 1, WAD)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, WAD, WAD)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, 0, 0)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, 2**206, 0)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, 2**206, 1)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, WAD * WAD, 1)
@example(MAX_FEE_WAD, 1, MAX_FEE_WAD, WAD * WAD + 1, 1)
@example(0, 0, 0, WAD, WAD)
def test_next_mint_fee(
    evm: Any, fee_wad: int, step_wad: int, max_wad: int, long_wad: int, short_wad: int
) -> None:
    now_wad = min(fee_wad, max_wad)
    agree(evm.next_mint_fee, fees.next_mint_fee, now_wad, step_wad, max_wad, long_wad, short_wad)
