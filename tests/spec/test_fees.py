"""Laws of the fees (R8)."""

from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import fees
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.pool import take
from perpools.spec.terms import MAX_FEE_WAD, MAX_INTERVAL_S

HOUR_S = 3_600
amounts = st.integers(0, 2**128 - 1)
fees_wad = st.integers(0, MAX_FEE_WAD)
counts = st.integers(1, 10_000)


@given(fee_wad=fees_wad, interval_s=st.integers(1, MAX_INTERVAL_S), first=counts, second=counts)
def test_a_late_event_charges_what_punctual_ones_would_have(
    fee_wad: int, interval_s: int, first: int, second: int
) -> None:
    parts = [
        fees.management_fraction(fee_wad, interval_s, n) for n in (first, second, first + second)
    ]
    kept_one_by_one = (ONE - parts[0]) * (ONE - parts[1]) // ONE
    assert abs(ONE - parts[2] - kept_one_by_one) <= 3 * (first + second)


@given(fee_wad=fees_wad, balance=st.integers(1, 10**27), events=st.integers(1, 40))
def test_hourly_fees_and_one_catch_up_differ_by_the_rounding_of_each_event(
    fee_wad: int, balance: int, events: int
) -> None:
    hourly = (balance, balance)
    for _ in range(events):
        hourly, _ = take(hourly, fees.management_fraction(fee_wad, HOUR_S, 1), ONE)
    late, _ = take((balance, balance), fees.management_fraction(fee_wad, HOUR_S, events), ONE)
    assert -1 <= hourly[0] - late[0] <= events


@given(fee_wad=fees_wad, interval_s=st.integers(1, MAX_INTERVAL_S), n=st.integers(1, 2**40 - 1))
def test_the_management_fee_never_takes_everything(fee_wad: int, interval_s: int, n: int) -> None:
    assert 0 <= fees.management_fraction(fee_wad, interval_s, n) < ONE


@given(assets=amounts, fee_wad=fees_wad)
def test_a_fee_is_rounded_up_by_less_than_a_unit(assets: int, fee_wad: int) -> None:
    fee = assets - fees.after_fee(assets, fee_wad)
    assert assets * fee_wad <= fee * WAD < assets * fee_wad + WAD


@given(fee_assets=amounts, share_wad=st.integers(0, WAD))
def test_both_recipients_get_the_whole_fee(fee_assets: int, share_wad: int) -> None:
    primary, secondary = fees.split(fee_assets, share_wad)
    assert primary + secondary == fee_assets
    assert secondary * WAD <= fee_assets * share_wad


@given(
    fee_wad=fees_wad,
    step_wad=fees_wad,
    prices=st.lists(st.tuples(amounts, amounts), max_size=20),
)
def test_the_mint_fee_stays_within_its_range_whatever_prices_do(
    fee_wad: int, step_wad: int, prices: list[tuple[int, int]]
) -> None:
    for pair in prices:
        after = fees.next_mint_fee(fee_wad, step_wad, MAX_FEE_WAD, *pair)
        assert 0 <= after <= MAX_FEE_WAD
        assert abs(after - fee_wad) <= step_wad
        fee_wad = after


@given(fee_wad=st.integers(1, MAX_FEE_WAD - 1), long_wad=st.integers(1, 2**90))
def test_the_mint_fee_falls_only_while_both_prices_multiply_to_more_than_one(
    fee_wad: int, long_wad: int
) -> None:
    short_wad = WAD * WAD // long_wad
    assert fees.next_mint_fee(fee_wad, 1, MAX_FEE_WAD, long_wad, short_wad) == fee_wad + 1
    assert fees.next_mint_fee(fee_wad, 1, MAX_FEE_WAD, long_wad + 1, short_wad + 1) == fee_wad - 1
