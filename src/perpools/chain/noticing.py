"""
What somebody should be told: alerts about markets, the chain and one's own account. Pure: what is
wrong now, and what of it to say.

An alert is said once when it begins, again after a while as long as it goes on, and once more when
it is over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from perpools.chain.lens import Progress
from perpools.quantities import show_duration
from perpools.spec import schedule
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.units import Epoch, Seconds, Timestamp, Wad, Wei

EVENT_LATE = "event late"
FEED_STALE = "feed stale"
LOW_BALANCE = "balance low"
INVARIANT_BROKEN = "invariant broken"
CHAIN_STALLED = "chain stalled"
WIND_DOWN_NEAR = "wind-down near"
MARKET_FAILING = "market failing"

KINDS = {
    EVENT_LATE: "a due event was not closed for `alert_late_s` after its grid point",
    FEED_STALE: "a market's price feed gives no valid price now",
    LOW_BALANCE: "the account's native coin is below `alert_balance`",
    INVARIANT_BROKEN: "the state that the logs lead to breaks an invariant, or is not the chain's",
    CHAIN_STALLED: "no block came for `alert_stall_s`",
    WIND_DOWN_NEAR: "`wind_down_share` of the wait until anyone may wind a market down has passed",
    MARKET_FAILING: "the bot cannot tend a market: it failed three times in a row",
}
"""Every alert and when it is raised."""

FAILURES = 3
"""One failure is weather; three in a row are worth telling."""


class Alert(NamedTuple):
    """Something is wrong."""

    kind: str
    subject: str
    """The market, account or chain that it is about."""
    text: str
    """One line that says what is wrong; it may change while the alert goes on."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alert."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known about one market when its alerts are looked for."""

    now: Timestamp
    progress: Progress
    interval_s: Seconds
    max_interval_s: Seconds
    wind_down_after_s: Seconds
    feed_alive: bool


class Tolerance(NamedTuple):
    """How much is borne before somebody is told."""

    late_s: float
    wind_down_share: Wad


def due_epoch(watched: Watched) -> Epoch:
    """The epoch that must be closed next at the latest; see `spec.state.Market.due_epoch`."""
    progress = watched.progress
    longest = schedule.longest_wait(watched.max_interval_s, watched.interval_s)
    due = progress.last_epoch + longest
    return min(due, progress.earliest_waiting) if progress.waiting else due


def of_market(subject: str, watched: Watched, tolerance: Tolerance) -> list[Alert]:
    """What is wrong with a market now."""
    if watched.progress.wound_down:
        return []
    late_s = watched.now - schedule.grid_point(due_epoch(watched), watched.interval_s)
    alerts = []
    if late_s > tolerance.late_s:
        late = show_duration(late_s)
        alerts.append(Alert(EVENT_LATE, subject, f"an event is due for {late}"))
    if not watched.feed_alive:
        alerts.append(Alert(FEED_STALE, subject, "the price feed gives no valid price"))
    if late_s >= mul_div_down(watched.wind_down_after_s, tolerance.wind_down_share, WAD):
        left = show_duration(max(0, watched.wind_down_after_s - late_s))
        alerts.append(Alert(WIND_DOWN_NEAR, subject, f"anyone may wind the market down in {left}"))
    return alerts


def of_account(account: str, balance: Wei, least: Wei) -> list[Alert]:
    """What is wrong with the bot's own account."""
    if balance >= least:
        return []
    return [Alert(LOW_BALANCE, account, f"{balance} wei are left, less than {least}")]


def of_chain(chain: str, standing_s: float, most_s: float) -> list[Alert]:
    """What is wrong with the chain."""
    if standing_s <= most_s:
        return []
    return [Alert(CHAIN_STALLED, chain, f"no block for {standing_s:.0f} s")]


class Notice(NamedTuple):
    """What is said of an alert."""

    alert: Alert
    state: str
    """`raised`, `goes on` or `over`."""


RAISED, GOES_ON, OVER = "raised", "goes on", "over"


class Told(NamedTuple):
    """An alert that is going on, and when it was last told of."""

    alert: Alert
    at_s: float


Going = Mapping[tuple[str, str], Told]


def notices(
    going: Going, alerts: Iterable[Alert], now_s: float, repeat_s: float
) -> tuple[Going, list[Notice]]:
    """What to say now that these `alerts` are all there are, and what goes on from here."""
    after: dict[tuple[str, str], Told] = {}
    said: list[Notice] = []
    for alert in alerts:
        told = after.get(alert.key) or going.get(alert.key)
        if told is None or now_s - told.at_s >= repeat_s:
            said.append(Notice(alert, RAISED if told is None else GOES_ON))
            told = Told(alert, now_s)
        after[alert.key] = told
    over = [Notice(told.alert, OVER) for key, told in going.items() if key not in after]
    return after, said + over
