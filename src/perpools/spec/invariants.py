"""
What never changes, whatever happens: checked by the specification's own tests, by lockstep runs,
by the simulator at every step and by the monitor of a live market.
"""

from collections.abc import Callable
from typing import NamedTuple

from .escrow import claimable
from .kinds import ASSETS, SIDES, item_in
from .pool import LIMIT, LOCKED
from .state import MARKET, VAULT, Market


class Invariant(NamedTuple):
    """One property: an identifier, a sentence, how bad it is when it fails, and the check."""

    id: str
    sentence: str
    severity: str
    holds: Callable[[Market], bool]


def owed(market: Market, item: int) -> int:
    """Everything of one item that accounts could claim now or get back."""
    owners = {owner for owner, _, _ in market.orders} | set(market.escrow)
    waiting = 0
    if not market.wound_down:
        waiting = sum(
            batch.paid_in
            for (epoch, kind), batch in market.batches.items()
            if epoch > market.last_epoch and item_in(kind) == item
        )
    return waiting + sum(claimable(market, owner)[item] for owner in owners)


def dust(market: Market) -> int:
    """Collateral held beyond everything owed: what payouts rounded down left behind."""
    return market.held - sum(market.pool.balances) - sum(market.fees) - owed(market, ASSETS)


def _is_solvent(market: Market) -> bool:
    return dust(market) >= 0


def _supplies_add_up(market: Market) -> bool:
    return all(sum(market.holdings[side].values()) == market.pool.supplies[side] for side in SIDES)


def _tokens_are_covered(market: Market) -> bool:
    return all(market.holdings[side].get(MARKET, 0) >= owed(market, 1 + side) for side in SIDES)


def _sides_are_never_empty(market: Market) -> bool:
    locked = all(market.holdings[side][VAULT] >= LOCKED for side in SIDES)
    return locked and min(market.pool.balances) >= 1 and min(market.pool.supplies) >= LOCKED


def _amounts_fit(market: Market) -> bool:
    return sum(market.pool.balances) < LIMIT and max(market.pool.supplies) < LIMIT


def _tips_are_covered(market: Market) -> bool:
    return market.tips_held == sum(market.tips.values()) + sum(
        held.tip for held in market.escrow.values()
    )


def _batches_add_up(market: Market) -> bool:
    totals: dict[tuple[int, int], int] = {}
    for (_, epoch, kind), amount in market.orders.items():
        if epoch > market.last_epoch:
            totals[epoch, kind] = totals.get((epoch, kind), 0) + amount
    waiting = {
        key: b.paid_in
        for key, b in market.batches.items()
        if key[0] > market.last_epoch and b.paid_in
    }
    return market.wound_down or totals == waiting


def _waiting_epochs_are_marked(market: Market) -> bool:
    with_orders = {
        epoch
        for (epoch, _), batch in market.batches.items()
        if epoch > market.last_epoch and batch.paid_in
    }
    marked = {market.earliest_waiting + bit for bit in range(64) if market.waiting >> bit & 1}
    return with_orders <= marked and all(epoch > market.last_epoch for epoch in marked)


def _mint_fee_stays_in_range(market: Market) -> bool:
    return 0 <= market.mint_fee_wad <= market.terms.mint_fee_max_wad


INVARIANTS = (
    Invariant(
        "SOLVENT",
        "Collateral held covers both sides, fees, escrow and waiting mints.",
        "critical",
        _is_solvent,
    ),
    Invariant(
        "SUPPLY", "Each supply equals the sum of its holdings.", "critical", _supplies_add_up
    ),
    Invariant(
        "TOKENS",
        "Tokens in the market's care cover every claim to them.",
        "critical",
        _tokens_are_covered,
    ),
    Invariant(
        "SIDES",
        "No side is empty and the locked tokens are locked.",
        "critical",
        _sides_are_never_empty,
    ),
    Invariant("RANGE", "The pool and both supplies stay below 2**128.", "critical", _amounts_fit),
    Invariant(
        "TIPS", "Native coin held is exactly the tips not yet paid.", "high", _tips_are_covered
    ),
    Invariant("BATCHES", "A waiting batch is the sum of its orders.", "critical", _batches_add_up),
    Invariant(
        "WAITING",
        "Every epoch with orders is in the window, and none is closed.",
        "critical",
        _waiting_epochs_are_marked,
    ),
    Invariant("MINT-FEE", "The mint fee stays within its range.", "high", _mint_fee_stays_in_range),
)


def broken(market: Market) -> list[str]:
    """
    Identifiers of the invariants that do not hold; empty for every state the protocol can
    reach.
    """
    return [invariant.id for invariant in INVARIANTS if not invariant.holds(market)]
