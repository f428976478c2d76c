"""What is wrong, and what is said of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.chain import noticing
from perpools.chain.lens import Progress
from perpools.chain.noticing import (
    CHAIN_STALLED,
    EVENT_LATE,
    FEED_STALE,
    GOES_ON,
    KINDS,
    LOW_BALANCE,
    OVER,
    RAISED,
    WIND_DOWN_NEAR,
    Alert,
    Tolerance,
    Watched,
)

HOUR_S, DAY_S = 3_600, 86_400
LAST = 1_000
DUE_AT = (LAST + 1) * HOUR_S
FINE = Watched(
    now=DUE_AT,
    progress=Progress(LAST, 0, 0, False),
    interval_s=HOUR_S,
    max_interval_s=0,
    wind_down_after_s=30 * DAY_S,
    feed_alive=True,
)
TOLERANCE = Tolerance(late_s=300, wind_down_share=5 * 10**17)


def kinds(watched: Watched) -> list[str]:
    return [alert.kind for alert in noticing.of_market("market", watched, TOLERANCE)]


def test_nothing_is_wrong_with_a_punctual_market() -> None:
    assert kinds(FINE) == []
    assert kinds(replace(FINE, now=DUE_AT + 300)) == []


def test_a_late_event_is_told() -> None:
    assert kinds(replace(FINE, now=DUE_AT + 301)) == [EVENT_LATE]


def test_a_waiting_order_is_late_before_a_triggers_longest_wait() -> None:
    patient = replace(FINE, max_interval_s=DAY_S, now=DUE_AT + HOUR_S)
    assert kinds(patient) == []
    waiting = replace(patient, progress=Progress(LAST, LAST + 1, 1, False))
    assert kinds(waiting) == [EVENT_LATE]


def test_a_stale_feed_is_told() -> None:
    assert kinds(replace(FINE, feed_alive=False)) == [FEED_STALE]


def test_half_the_wait_for_a_wind_down_is_told() -> None:
    near = replace(FINE, now=DUE_AT + 15 * DAY_S, feed_alive=False)
    assert kinds(near) == [EVENT_LATE, FEED_STALE, WIND_DOWN_NEAR]
    assert WIND_DOWN_NEAR not in kinds(replace(near, now=near.now - 1))


def test_a_market_wound_down_has_no_troubles() -> None:
    over = replace(FINE, now=DUE_AT + 40 * DAY_S, feed_alive=False)
    assert kinds(replace(over, progress=Progress(LAST, 0, 0, True))) == []


@pytest.mark.parametrize(("balance", "told"), [(9, [LOW_BALANCE]), (10, [])])
def test_an_account_below_its_least_is_told(balance: int, told: list[str]) -> None:
    assert [alert.kind for alert in noticing.of_account("keeper", balance, 10)] == told


@pytest.mark.parametrize(("standing_s", "told"), [(301.0, [CHAIN_STALLED]), (300.0, [])])
def test_a_chain_that_stands_still_is_told(standing_s: float, told: list[str]) -> None:
    assert [alert.kind for alert in noticing.of_chain("chain", standing_s, 300)] == told


def test_every_kind_is_explained() -> None:
    texts = {value for value in vars(noticing).values() if isinstance(value, str)}
    assert set(KINDS) <= texts


LATE = Alert(EVENT_LATE, "market", "an event is due for 5m1s")


def test_an_alert_is_said_once_then_again_after_a_while_then_that_it_is_over() -> None:
    said = []
    going: noticing.Going = {}
    for now_s, alerts in [(0, [LATE]), (1, [LATE]), (60, [LATE]), (61, [LATE]), (62, []), (63, [])]:
        going, notices = noticing.notices(going, alerts, now_s, repeat_s=60)
        said.append([notice.state for notice in notices])
    assert said == [[RAISED], [], [GOES_ON], [], [OVER], []]


def test_an_alert_whose_text_changes_is_the_same() -> None:
    going, _ = noticing.notices({}, [LATE], 0, 60)
    _, said = noticing.notices(going, [LATE._replace(text="due for 302 s")], 1, 60)
    assert said == []


ALERTS = st.lists(st.builds(Alert, st.sampled_from(list(KINDS)), st.sampled_from("ab"), st.text()))


@given(st.lists(ALERTS, max_size=20))
def test_what_was_raised_and_is_not_over_is_what_goes_on(looks: list[list[Alert]]) -> None:
    going: noticing.Going = {}
    open_now: set[tuple[str, str]] = set()
    for now_s, alerts in enumerate(looks):
        going, said = noticing.notices(going, alerts, now_s, repeat_s=5)
        open_now |= {notice.alert.key for notice in said if notice.state == RAISED}
        open_now -= {notice.alert.key for notice in said if notice.state == OVER}
        assert open_now == set(going) == {alert.key for alert in alerts}
