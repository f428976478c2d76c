"""
What a keeper does about one market: decided from what it saw, without asking or sending anything.

The chain is the only memory. An event is due or not by the market's own grid; whether it pays is
reckoned from what the node said a moment ago; what a simulation refuses is not sent. So a keeper
that was killed goes on where the chain is, and one that lost a race finds nothing to do.
"""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.chain.lens import Progress
from perpools.spec import keeper_reward, schedule
from perpools.spec.errors import EventIsNotDue, MarketIsWoundDown, TriggerIsNotMet
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Assets, Epoch, Seconds, Timestamp, Wad, Wei


class Pay(NamedTuple):
    """A market's terms that decide what a keeper gets (R9)."""

    block_time_s: Seconds
    tip_step_wad: Wad
    tip_max_wad: Wad
    gas_premium_wei: Wei
    reward_cap_wad: Wad
    asset_scale: int
    """10**(18 - decimals of the collateral)."""


class Prices(NamedTuple):
    """What gas costs now, and what the market's feeds say about it."""

    fee_wei: Wei
    """What the keeper would pay for each unit of gas."""
    fast_wei: Wei
    """Fast gas price: a feed's, or the block's base fee."""
    assets_per_eth_wad: Wad
    """Price of the native coin in collateral by which the market pays; 0: it pays nothing."""
    trusted_wad: Wad
    """The same as the keeper believes it; 0: this collateral is worth nothing to it."""


class Offer(NamedTuple):
    """What closing an epoch now would cost and bring, as simulated a moment ago."""

    hint: int
    gas: int
    cost_wei: Wei
    reward: Assets
    worth_wei: Wei
    """The reward in native coin; rounded down."""
    most_wei: Wei = 0
    """The most that the market pays for one event, however dear gas is, in native coin."""

    @property
    def profit_wei(self) -> Wei:
        """What is left; negative where the keeper pays for it."""
        return self.worth_wei - self.cost_wei


def offer(
    pay: Pay, prices: Prices, late_s: Seconds, total: Assets, asked: tuple[int, int]
) -> Offer:
    """
    The offer of an event `late_s` after its grid point, for a pool of `total`; `asked` are hint and
    gas of the simulation. Reckoned by the rules that the market pays by.
    """
    hint, gas = asked
    tip_wad = keeper_reward.tip(late_s, pay.block_time_s, pay.tip_step_wad, pay.tip_max_wad)
    price = keeper_reward.gas_price(prices.fee_wei, prices.fast_wei, pay.gas_premium_wei)
    rate, trusted = prices.assets_per_eth_wad, prices.trusted_wad
    earned = keeper_reward.reward(gas * price, tip_wad, rate, pay.asset_scale)
    reward = min(earned, keeper_reward.cap(total, pay.reward_cap_wad))
    most = keeper_reward.cap(total, pay.reward_cap_wad) if rate else 0
    worth_wei, most_wei = (
        assets * pay.asset_scale * WAD // trusted if trusted else 0 for assets in (reward, most)
    )
    return Offer(hint, gas, gas * prices.fee_wei, reward, worth_wei, most_wei)


def most_fee(offer: Offer, least_wei: Wei) -> Wei:
    """What a unit of gas may cost at most for an event to leave the least profit."""
    return max(0, offer.most_wei - least_wei) // offer.gas


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a keeper knows about a market when it decides."""

    now: Timestamp
    """Chain time."""
    progress: Progress
    interval_s: Seconds
    block_time_s: Seconds
    offer: Offer | None = None
    """None: nothing was simulated yet."""
    refusal: str | None = None
    """Why the simulated event would revert."""


class Limits(NamedTuple):
    """What the keeper's owner wants."""

    least_wei: Wei = 0
    """The least profit of an event; below zero: the greatest loss."""
    stagger_s: Seconds = 0
    """Left to other keepers after a grid point."""


class Ask(NamedTuple):
    """Simulate closing an epoch, and decide again."""

    epoch: Epoch


class Rebalance(NamedTuple):
    """Close an epoch."""

    epoch: Epoch
    offer: Offer


class Wait(NamedTuple):
    """Nothing to do before a moment of the chain's clock."""

    until: Timestamp
    why: str


class Again(NamedTuple):
    """What was read is out of date: look again in a moment."""

    why: str


class Hold(NamedTuple):
    """An event is due and cannot be closed now: try later, each time a little later."""

    why: str


class Leave(NamedTuple):
    """Nothing is ever to be done here again."""

    why: str


Action = Ask | Rebalance | Wait | Again | Hold | Leave


def due(progress: Progress, now: Timestamp, interval_s: Seconds) -> Epoch | None:
    """The epoch that an event would close now (R5); None while there is none."""
    passed = schedule.latest_passed(now, interval_s)
    epoch, _ = schedule.next_to_close(passed, progress.earliest_waiting, progress.waiting)
    return epoch if epoch > progress.last_epoch and not progress.wound_down else None


def decide(seen: Seen, limits: Limits) -> Action:
    """What to do about the market now."""
    if seen.progress.wound_down:
        return Leave("wound down")
    epoch = due(seen.progress, seen.now, seen.interval_s)
    if epoch is None:
        return Wait(_next_due(seen, limits), "not due")
    turn = _due_at(epoch, seen.interval_s) + limits.stagger_s
    if seen.now < turn:
        return Wait(turn, "others first")
    if seen.refusal is not None:
        return _refused(seen, limits)
    if seen.offer is None:
        return Ask(epoch)
    if seen.offer.profit_wei < limits.least_wei:
        return Wait(seen.now + seen.block_time_s, "unprofitable")
    return Rebalance(epoch, seen.offer)


def _refused(seen: Seen, limits: Limits) -> Action:
    if seen.refusal == MarketIsWoundDown.reason:
        return Leave("wound down")
    if seen.refusal == TriggerIsNotMet.reason:
        return Wait(_next_due(seen, limits), "trigger not met")
    if seen.refusal == EventIsNotDue.reason:
        return Again("somebody was faster")
    return Hold(f"refused: {seen.refusal}")


def _next_due(seen: Seen, limits: Limits) -> Timestamp:
    """When the next grid point has passed: orders or not, an event can only be due then."""
    passed = schedule.latest_passed(seen.now, seen.interval_s)
    epoch = max(passed, seen.progress.last_epoch) + 1
    return _due_at(epoch, seen.interval_s) + limits.stagger_s


def _due_at(epoch: Epoch, interval_s: Seconds) -> Timestamp:
    """The first second in which an epoch can be closed."""
    return schedule.grid_point(epoch, interval_s) + 1
