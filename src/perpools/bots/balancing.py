"""
What a skew balancer does: where one side will be larger than the other, it leaves the larger one
and joins the smaller, which gains more and loses less as long as it stays the smaller (litepaper,
"Rebalancing rate"). It orders late, right before an epoch's cut-off, when others have ordered, and
only what its budget has left. Pure.
"""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.spec import rates
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.kinds import ASSETS, LONG, LONG_BURN, LONG_TOKENS, SIDES
from perpools.spec.pool import Balances, Pool
from perpools.spec.units import Assets, Epoch, Seconds, Timestamp, Wad


class Purse(NamedTuple):
    """What the balancer has in and for a market: collateral, L- and S-tokens, in this order."""

    wallet: tuple[int, int, int]
    escrow: tuple[int, int, int]
    waiting: Assets = 0
    """Collateral in mints that are not executed yet."""

    def has(self, item: int) -> int:
        """Everything of one item that can be ordered with."""
        return self.wallet[item] + self.escrow[item]


class Strategy(NamedTuple):
    """What the balancer's owner wants."""

    threshold_wad: Wad
    """Act where the larger side is larger by more than this."""
    buffer_wad: Wad
    """Leave it larger by this."""
    budget: Assets
    """The most to have in the market."""
    max_order: Assets | None
    lead_s: Seconds
    """Order so long before the cut-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a balancer knows about a market when it decides."""

    now: Timestamp
    epoch: Epoch
    """What an order placed now would join."""
    cutoff_at: Timestamp
    """The last second in which one does."""
    expected: Pool
    """Once everything that waits is executed."""
    purse: Purse


class Place(NamedTuple):
    """Place an order, if it still joins that epoch."""

    epoch: Epoch
    kind: int
    amount: int
    from_escrow: int


class Wait(NamedTuple):
    """Nothing to do before a moment of the chain's clock."""

    until: Timestamp
    why: str


Action = Place | Wait


def invested(seen: Seen) -> Assets:
    """What the balancer has in the market, at the rates expected."""
    pool, purse = seen.expected, seen.purse
    tokens = (
        rates.assets_for_tokens(purse.has(LONG_TOKENS + side), pool.balances[side], supply)
        for side, supply in zip(SIDES, pool.supplies, strict=True)
    )
    return purse.waiting + sum(tokens)


def excess_wad(balances: Balances) -> tuple[int, Wad]:
    """The larger side, and by which part of the other it is larger; rounded down."""
    larger = LONG if balances[0] >= balances[1] else 1 - LONG
    return larger, mul_div_down(balances[larger], WAD, balances[1 - larger]) - WAD


def decide(seen: Seen, strategy: Strategy) -> Action:
    """What to do about the market now."""
    opens_at = seen.cutoff_at - strategy.lead_s
    if seen.now < opens_at:
        return Wait(opens_at, "others order first")
    larger, excess = excess_wad(seen.expected.balances)
    if excess <= strategy.threshold_wad:
        return Wait(seen.now + 1, "balanced")
    return _leave(seen, strategy, larger) or _join(seen, strategy, 1 - larger)


def _leave(seen: Seen, strategy: Strategy, side: int) -> Place | None:
    """Burn what the balancer has of the larger side, as far as that is too much."""
    balances, supplies = seen.expected
    kept = mul_div_down(balances[1 - side], WAD + strategy.buffer_wad, WAD)
    assets = _capped(balances[side] - kept, strategy)
    wanted = rates.tokens_for_assets(assets, balances[side], supplies[side])
    item = LONG_TOKENS + side
    amount = min(wanted, seen.purse.has(item))
    if amount == 0:
        return None
    return Place(seen.epoch, LONG_BURN + side, amount, min(amount, seen.purse.escrow[item]))


def _join(seen: Seen, strategy: Strategy, side: int) -> Action:
    """Mint the smaller side, as far as the budget goes."""
    balances = seen.expected.balances
    wanted = mul_div_down(balances[1 - side], WAD, WAD + strategy.buffer_wad) - balances[side]
    left = min(strategy.budget - invested(seen), seen.purse.has(ASSETS))
    amount = min(_capped(wanted, strategy), left)
    if amount <= 0:
        return Wait(seen.now + 1, "nothing left to order with")
    return Place(seen.epoch, side, amount, min(amount, seen.purse.escrow[ASSETS]))


def _capped(assets: Assets, strategy: Strategy) -> Assets:
    return assets if strategy.max_order is None else min(assets, strategy.max_order)
