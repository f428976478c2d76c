"""What a keeper decides: every branch, and what holds whatever it sees."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots import keeping
from perpools.bots.keeping import (
    Again,
    Ask,
    Hold,
    Leave,
    Limits,
    Offer,
    Pay,
    Prices,
    Rebalance,
    Seen,
    Wait,
)
from perpools.chain.lens import Progress
from perpools.spec import errors, keeper_reward, schedule

WAD = 10**18
HOUR_S = 3_600
LAST = 1_000
GRID_POINT = (LAST + 1) * HOUR_S
QUIET = Progress(LAST, 0, 0, False)
GOOD = Offer(hint=7, gas=100_000, cost_wei=1_000, reward=5, worth_wei=1_100)


def seen(now: int = GRID_POINT + 1, progress: Progress = QUIET, **told: object) -> Seen:
    usual = Seen(now=now, progress=progress, interval_s=HOUR_S, block_time_s=12)
    return replace(usual, **told)  # type: ignore[arg-type]


def test_nothing_is_due_before_a_grid_point_has_passed() -> None:
    action = keeping.decide(seen(GRID_POINT), Limits())
    assert action == Wait(GRID_POINT + 1, "not due")


def test_a_due_epoch_is_simulated_first() -> None:
    assert keeping.decide(seen(), Limits()) == Ask(LAST + 1)


def test_the_earliest_epoch_with_orders_comes_first() -> None:
    late = seen(GRID_POINT + 5 * HOUR_S, Progress(LAST, LAST + 2, 0b101, False))
    assert keeping.decide(late, Limits()) == Ask(LAST + 2)


def test_orders_of_the_future_do_not_hold_up_what_is_due() -> None:
    action = keeping.decide(seen(progress=Progress(LAST, LAST + 8, 1, False)), Limits())
    assert action == Ask(LAST + 1)


def test_a_market_wound_down_is_left() -> None:
    assert keeping.decide(seen(progress=QUIET._replace(wound_down=True)), Limits()) == Leave(
        "wound down"
    )


def test_an_offer_that_pays_is_taken() -> None:
    assert keeping.decide(seen(offer=GOOD), Limits()) == Rebalance(LAST + 1, GOOD)


@pytest.mark.parametrize("least", [101, 1_000])
def test_an_offer_that_does_not_pay_waits_a_block_for_the_tip_to_grow(least: int) -> None:
    action = keeping.decide(seen(offer=GOOD), Limits(least_wei=least))
    assert action == Wait(GRID_POINT + 1 + 12, "unprofitable")


@pytest.mark.parametrize("least", [100, 0, -5])
def test_an_offer_of_just_the_least_is_taken(least: int) -> None:
    assert isinstance(keeping.decide(seen(offer=GOOD), Limits(least)), Rebalance)


def test_a_public_spirited_keeper_bears_a_loss() -> None:
    loss = GOOD._replace(worth_wei=0)
    assert isinstance(keeping.decide(seen(offer=loss), Limits(-1_000)), Rebalance)
    assert isinstance(keeping.decide(seen(offer=loss), Limits(-999)), Wait)


def test_others_go_first_for_as_long_as_they_are_left() -> None:
    limits = Limits(stagger_s=30)
    assert keeping.decide(seen(), limits) == Wait(GRID_POINT + 31, "others first")
    assert keeping.decide(seen(GRID_POINT + 31), limits) == Ask(LAST + 1)


def test_a_backlog_is_nobodys_turn() -> None:
    late = seen(GRID_POINT + HOUR_S, Progress(LAST, LAST + 1, 1, False))
    assert keeping.decide(late, Limits(stagger_s=30)) == Ask(LAST + 1)


@pytest.mark.parametrize(
    ("refusal", "action"),
    [
        (errors.EventIsNotDue, Again("somebody was faster")),
        (errors.MarketIsWoundDown, Leave("wound down")),
        (errors.TriggerIsNotMet, Wait(GRID_POINT + HOUR_S + 1, "trigger not met")),
        (errors.FeedIsSilent, Hold("refused: feed: silent")),
        (errors.HintIsWrong, Hold(f"refused: {errors.HintIsWrong.reason}")),
    ],
)
def test_a_refusal_in_the_simulation_sends_nothing(
    refusal: type[errors.Rejected], action: keeping.Action
) -> None:
    assert keeping.decide(seen(refusal=refusal.reason), Limits()) == action


@given(
    st.integers(1, 2**40),
    st.integers(0, 2**40),
    st.integers(0, 2**64 - 1),
    st.integers(1, 10**6),
    st.booleans(),
)
def test_only_what_the_protocol_would_close_is_due(
    now: int, last: int, waiting: int, interval_s: int, wound_down: bool
) -> None:
    progress = Progress(last, last + 1 if waiting else 0, waiting | 1 if waiting else 0, wound_down)
    epoch = keeping.due(progress, now, interval_s)
    if epoch is None:
        passed = schedule.latest_passed(now, interval_s)
        assert wound_down or passed <= last
    else:
        assert last < epoch <= schedule.latest_passed(now, interval_s)
        assert not waiting or epoch == last + 1


@given(st.integers(1, 2**40), st.integers(0, 2**30), st.integers(1, 10**5), st.integers(0, 600))
def test_every_wait_ends_in_the_future(now: int, last: int, interval_s: int, left: int) -> None:
    told = Seen(
        now=now, progress=Progress(last, 0, 0, False), interval_s=interval_s, block_time_s=1
    )
    for state in (told, replace(told, refusal=errors.TriggerIsNotMet.reason)):
        action = keeping.decide(state, Limits(stagger_s=left))
        assert not isinstance(action, Wait) or action.until > now


PAY = Pay(
    block_time_s=12,
    tip_step_wad=WAD // 20,
    tip_max_wad=WAD,
    gas_premium_wei=20 * 10**9,
    reward_cap_wad=WAD // 1_000,
    asset_scale=10**12,
)
RATE = 3_000 * WAD
PRICES = Prices(10 * 10**9, 10 * 10**9, assets_per_eth_wad=RATE, trusted_wad=RATE)
RICH = 10**13


def test_an_offer_is_what_the_market_pays() -> None:
    made = keeping.offer(PAY, PRICES, 0, RICH, (7, 100_000))
    assert (made.hint, made.gas, made.cost_wei) == (7, 100_000, 10**15)
    assert made.reward == 3_150_000  # 0.001 ETH and 5 %, at 3,000, in units of a millionth
    assert made.worth_wei == 1_050_000_000_000_000
    assert made.profit_wei == 50_000_000_000_000


def test_a_market_that_lies_about_its_coin_is_not_believed() -> None:
    lying = PRICES._replace(assets_per_eth_wad=WAD)
    made = keeping.offer(PAY, lying, 0, RICH, (0, 100_000))
    assert made.reward == 1_050
    assert made.worth_wei == 350_000_000_000
    worthless = PRICES._replace(trusted_wad=0)
    assert keeping.offer(PAY, worthless, 0, RICH, (0, 100_000)).worth_wei == 0


def test_gas_may_cost_what_the_market_can_pay_at_most() -> None:
    made = keeping.offer(PAY, PRICES, 0, RICH, (0, 100_000))
    assert made.most_wei == 10**10 * 10**12 // 3_000
    assert keeping.most_fee(made, 0) == made.most_wei // 100_000
    assert keeping.most_fee(made, made.most_wei + 1) == 0
    nothing = keeping.offer(PAY, PRICES._replace(trusted_wad=0), 0, RICH, (0, 100_000))
    assert keeping.most_fee(nothing, -(10**15)) == 10**10
    unpaid = keeping.offer(PAY, PRICES._replace(assets_per_eth_wad=0), 0, RICH, (0, 100_000))
    assert unpaid.most_wei == 0


def test_a_late_event_pays_more() -> None:
    tips = [
        keeping.offer(PAY, PRICES, late_s, RICH, (0, 100_000)).reward for late_s in (0, 12, 240)
    ]
    assert tips == [3_150_000, 3_300_000, 6_000_000]


def test_a_small_pool_pays_no_more_than_its_cap() -> None:
    assert keeping.offer(PAY, PRICES, 0, 10**9, (0, 100_000)).reward == 10**6


@pytest.mark.parametrize("rate", [0, 2**120, 2**200])
def test_a_market_without_a_price_of_ether_pays_nothing(rate: int) -> None:
    prices = PRICES._replace(assets_per_eth_wad=rate, trusted_wad=rate)
    made = keeping.offer(PAY, prices, 0, RICH, (0, 100_000))
    assert (made.reward, made.worth_wei) == (0, 0)
    assert made.profit_wei == -made.cost_wei


@given(
    st.integers(1, 10**12),
    st.integers(0, 10**12),
    st.integers(1, 2**119),
    st.integers(0, 10**6),
    st.integers(2, 2**128 - 1),
    st.integers(21_000, 10**7),
)
def test_an_offer_never_promises_more_than_the_specification_pays(
    fee: int, fast: int, rate: int, late_s: int, total: int, gas: int
) -> None:
    made = keeping.offer(PAY, Prices(fee, fast, rate, rate), late_s, total, (0, gas))
    assert made.reward <= keeper_reward.cap(total, PAY.reward_cap_wad)
    assert made.worth_wei * rate <= made.reward * PAY.asset_scale * WAD
    assert made.cost_wei == gas * fee
