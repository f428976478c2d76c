"""
What a run of the fast engine reads and writes: plain tables of numbers.

Interpreted they are lists, compiled they are arrays; the code that uses them is the same.
"""

from collections.abc import MutableSequence, Sequence
from typing import NamedTuple

from .pool import Row, Rules

WINDOW = 64
"""Epochs that may wait at once, each in the slot of its number modulo this (R5)."""
KINDS = 6

CASH, LONG_TOKENS, SHORT_TOKENS, UNITS, MARK, OUTSIDE, MEMORY, FEES = range(8)
"""
One agent's wallet: collateral, both tokens, units of the underlying held outside and the price
they were valued at last, what trading outside earned, its own number, and the fees its orders paid.
"""
WALLET = 8

LAST, EARLIEST, SAMPLES, EVENTS, REFUSED = range(5)
"""
Counters: the epoch closed last, the earliest that waits (-1: none), samples there are, events so
far, orders that came when the keeper was too far behind.
"""

COLUMNS = (
    "epoch",
    "late",
    "spot",
    "old_price",
    "new_price",
    "fraction",
    "long_before",
    "short_before",
    "long_balance",
    "short_balance",
    "long_supply",
    "short_supply",
    "mint_fee",
    "management_fee",
    "keeper_reward",
    "with_orders",
    "long_paid_in",
    "short_paid_in",
    "long_minted",
    "short_minted",
    "long_paid_out",
    "short_paid_out",
    "long_burned",
    "short_burned",
    "waiting",
    "largest_share",
    "concentration",
    "free_share",
)
"""
One event; `epoch` and `late` in grid points (since the first; after its own), the rest whole: what
entered and left each side (`activity`), what waited before, and who holds the pool afterwards.
"""
FLOWS, WAITING, SHARES = map(COLUMNS.index, ("long_paid_in", "waiting", "largest_share"))
"""Where these begin."""

Table = Sequence[Row]
Counts = MutableSequence[int]


class Track(NamedTuple):
    """What is known before the run, by grid point."""

    spots: Row
    known: Counts
    comes: Sequence[bool]
    """Whether a keeper does."""
    seen: Table
    """By agent: the price when it acts."""
    draws: Sequence[Table]
    """By agent: three random numbers and a spare one."""


class Cast(NamedTuple):
    """What is known of each agent."""

    after_s: Counts
    hedge_costs: Row


class Books(NamedTuple):
    """What changes."""

    pool: Row
    """
    Both balances, both supplies, the mint fee; and what the supplies have no digits for
    (`supplies`).
    """
    counts: Counts
    samples: Row
    """Spot prices of the last events, oldest first."""
    slots: Counts
    """The epoch that waits in each slot, or -1."""
    totals: Table
    """By slot: the six batches."""
    waiting: Table
    """By agent: amounts ordered, by slot and kind."""
    pending: Table
    """All waiting amounts by kind, of everybody (first row) and of each agent."""
    wallets: Table
    outsiders: Row
    """Tokens of those who never trade at the market: both sides'."""
    outs: Row
    """What one unit ordered received at the last event, by kind."""


class Tape(NamedTuple):
    """What is recorded."""

    events: Table
    values: Table
    """By agent and grid point: what everything it has is worth."""
    outside: Table
    """And what of it trading the underlying outside earned."""


class Run(NamedTuple):
    """All tables of one run."""

    rules: Rules
    track: Track
    cast: Cast
    books: Books
    tape: Tape
