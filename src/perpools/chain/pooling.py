"""
A market as somebody sees it who knows a few accounts only: all others are one.

What was executed and not claimed stands in escrow, and closed batches are forgotten. Collateral
that belongs to nobody, such as what payouts rounded down left behind or a donation, counts as the
others', and so do all tips that no known account left.
"""

from collections.abc import Mapping, Sequence

from perpools.spec.escrow import claimable
from perpools.spec.invariants import dust, owed
from perpools.spec.kinds import LONG, LONG_TOKENS, SHORT
from perpools.spec.state import MARKET, VAULT, Escrow, Market, replace
from perpools.spec.units import Address, Epoch, Tokens

OTHERS: Address = "others"
"""All accounts that are not known, as one."""


def pooled(market: Market, known: Sequence[Address]) -> Market:
    """A market of which everything is known, as a snapshot tells it that names a few accounts."""

    def waits(epoch: Epoch) -> bool:
        return epoch > market.last_epoch and not market.wound_down

    orders = {key: n for key, n in market.orders.items() if key[0] in known and waits(key[1])}
    tips = {key: tip for key, tip in market.tips.items() if key[0] in known and waits(key[1])}
    batches = {key: b for key, b in market.batches.items() if waits(key[0]) and b.paid_in}
    return completed(
        replace(
            market,
            holdings=(_of(market, LONG, known), _of(market, SHORT, known)),
            batches=batches,
            orders=orders,
            tips=tips,
            escrow={owner: claimable(market, owner) for owner in known},
            operators=frozenset(pair for pair in market.operators if {*pair} <= {*known}),
        )
    )


def completed(market: Market) -> Market:
    """A market that lacks accounts, with the rest of everything as that of `OTHERS`."""
    orders = dict(market.orders)
    for (epoch, kind), batch in market.batches.items():
        known = sum(n for key, n in market.orders.items() if key[1:] == (epoch, kind))
        if batch.paid_in > known:
            orders[OTHERS, epoch, kind] = batch.paid_in - known
    holdings = (_with_rest(market, LONG), _with_rest(market, SHORT))
    market = replace(market, orders=orders, holdings=holdings)
    long, short = (
        market.holdings[side][MARKET] - owed(market, LONG_TOKENS + side) for side in (LONG, SHORT)
    )
    tips = sum(market.tips.values()) + sum(due.tip for due in market.escrow.values())
    rest = Escrow(max(0, dust(market)), long, short, market.tips_held - tips)
    return replace(market, escrow={**market.escrow, OTHERS: rest})


def _of(market: Market, side: int, known: Sequence[Address]) -> Mapping[Address, Tokens]:
    return {who: market.holdings[side].get(who, 0) for who in (MARKET, VAULT, *known)}


def _with_rest(market: Market, side: int) -> Mapping[Address, Tokens]:
    held = market.holdings[side]
    return {**held, OTHERS: market.pool.supplies[side] - sum(held.values())}
