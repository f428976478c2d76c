"""Laws of the rates (R5, R10, R11): nobody gains by how an amount is cut up or carried around."""

from hypothesis import assume, given
from hypothesis import strategies as st

from perpools.spec import rates
from perpools.spec.pool import LIMIT, LOCKED

balances = st.integers(1, 2**127)
supplies = st.integers(LOCKED + 1, LIMIT - 1)
batches = st.lists(st.integers(1, 2**120), min_size=1, max_size=12)


@given(orders=batches, batch_out=st.integers(1, LIMIT - 1))
def test_payouts_never_exceed_what_the_batch_received_and_leave_less_than_a_unit_each(
    orders: list[int], batch_out: int
) -> None:
    paid = [rates.payout(order, sum(orders), batch_out) for order in orders]
    assert 0 <= batch_out - sum(paid) < len(orders)


@given(orders=batches, batch_out=st.integers(1, LIMIT - 1))
def test_who_splits_an_order_within_a_batch_gains_nothing(
    orders: list[int], batch_out: int
) -> None:
    whole = rates.payout(sum(orders), 2 * sum(orders), batch_out)
    split = sum(rates.payout(order, 2 * sum(orders), batch_out) for order in orders)
    assert 0 <= whole - split < len(orders)


@given(assets=st.integers(1, 2**120), balance=balances, supply=supplies)
def test_who_mints_and_burns_at_once_gains_nothing(assets: int, balance: int, supply: int) -> None:
    tokens = rates.minted(assets, balance, supply, 0)
    assume(tokens < LIMIT - supply)
    assert rates.burned(tokens, balance + assets, supply + tokens, 0) <= assets


@given(
    assets=st.integers(2, 2**126), long=balances, short=balances, supply=supplies, other=supplies
)
def test_a_pair_dilutes_nobody(assets: int, long: int, short: int, supply: int, other: int) -> None:
    total = long + short
    minted = rates.pair_part(supply, assets, total), rates.pair_part(other, assets, total)
    paid_long = rates.pair_cost(long, assets, total)
    paid = paid_long, assets - paid_long
    for balance, owned, part, cost in zip(
        (long, short), (supply, other), minted, paid, strict=True
    ):
        assert (balance + cost) * owned >= balance * (owned + part)


@given(
    assets=st.integers(2, 2**126), long=balances, short=balances, supply=supplies, other=supplies
)
def test_who_mints_and_redeems_a_pair_gains_nothing(
    assets: int, long: int, short: int, supply: int, other: int
) -> None:
    total = long + short
    long_tokens, short_tokens = (rates.pair_part(s, assets, total) for s in (supply, other))
    cost = rates.pair_cost(long, assets, total)
    assume(0 < long_tokens < LIMIT - supply and 0 < short_tokens < LIMIT - other)
    supplies_after = supply + long_tokens, other + short_tokens
    given_tokens = (
        long_tokens,
        min(rates.counterpart(long_tokens, *supplies_after), supplies_after[1]),
    )
    received = sum(
        rates.assets_for_tokens(tokens, balance, owned)
        for tokens, balance, owned in zip(
            given_tokens, (long + cost, short + assets - cost), supplies_after, strict=True
        )
    )
    gained_tokens = given_tokens[1] - short_tokens
    assert received <= assets or gained_tokens > 0


@given(tokens=st.integers(1, LIMIT - 1), supply=supplies, other=supplies)
def test_the_counterpart_of_a_redeemed_pair_never_exceeds_the_other_supply(
    tokens: int, supply: int, other: int
) -> None:
    tokens = min(tokens, supply)
    short = rates.counterpart(tokens, supply, other)
    assert short <= other
    assert short * supply >= tokens * other


@given(balance=balances, supply=supplies)
def test_a_price_says_what_one_whole_token_is_worth(balance: int, supply: int) -> None:
    price = rates.price_wad(balance, supply, 1)
    assert price * supply <= balance * 10**18 < (price + 1) * supply
