"""
What orders moved and who holds what, for the record of an event: the same of both engines.

Every function here also compiles with Numba.
"""

from collections.abc import Sequence

from .books import FLOWS, LONG_TOKENS, SHARES, WAITING
from .pool import Pool, Row, rate


def write_flows(row: Row, settled: Pool, amounts: Row, burn_fee: float, outs: Row) -> None:
    """
    What a batch brought to each side and took from it, at the rates of `settled`: collateral paid
    in, fees included, for tokens minted; collateral paid out for tokens burned. A flip does both.
    """
    for side in range(2):
        other = 1 - side
        paid_in, minted, burned = 0.0, 0.0, 0.0
        if outs[side] >= 0.0:
            paid_in, minted = amounts[side], amounts[side] * outs[side]
        if outs[4 + other] >= 0.0:
            paid_in += amounts[4 + other] * rate(settled, other) * (1.0 - burn_fee)
            minted += amounts[4 + other] * outs[4 + other]
        if outs[2 + side] >= 0.0:
            burned = amounts[2 + side]
        if outs[4 + side] >= 0.0:
            burned += amounts[4 + side]
        row[FLOWS + side] = paid_in
        row[FLOWS + 2 + side] = minted
        row[FLOWS + 4 + side] = burned * rate(settled, side) * (1.0 - burn_fee)
        row[FLOWS + 6 + side] = burned


def write_none(row: Row) -> None:
    """Nothing of it: nobody ordered."""
    for place in range(FLOWS, WAITING):
        row[place] = 0.0


def order_fee(settled: Pool, kind: int, amount: float, mint_fee: float, burn_fee: float) -> float:
    """What an executed order pays in fees, in collateral."""
    if kind < 2:
        return amount * mint_fee
    worth = amount * rate(settled, kind % 2)
    fee = worth * burn_fee
    return fee if kind < 4 else fee + (worth - fee) * mint_fee


def waiting_worth(pool: Pool, pending: Row) -> float:
    """All that waits to be executed, in collateral."""
    long, short = pending[2] + pending[4], pending[3] + pending[5]
    return pending[0] + pending[1] + long * rate(pool, 0) + short * rate(pool, 1)


def write_shares(row: Row, pool: Pool, wallets: Sequence[Row], pending: Sequence[Row]) -> None:
    """
    Who holds the pool: the largest share of its worth, the sum of the squares of all of them
    (Herfindahl), and what agents hold and could use at once. Those who never trade count as one.
    """
    if len(wallets) == 0:
        row[SHARES], row[SHARES + 1], row[SHARES + 2] = 1.0, 1.0, 0.0
        return
    total = pool.long + pool.short
    largest, squares, held, free = 0.0, 0.0, 0.0, 0.0
    for agent in range(len(wallets)):
        wallet, own = wallets[agent], pending[agent + 1]
        worth = wallet[LONG_TOKENS] * rate(pool, 0) + wallet[LONG_TOKENS + 1] * rate(pool, 1)
        free += worth / total
        long, short = own[2] + own[4], own[3] + own[5]
        share = (worth + long * rate(pool, 0) + short * rate(pool, 1)) / total
        held += share
        squares += share * share
        largest = max(largest, share)
    row[SHARES] = max(largest, 1.0 - held)
    row[SHARES + 1] = squares + (1.0 - held) * (1.0 - held)
    row[SHARES + 2] = free
