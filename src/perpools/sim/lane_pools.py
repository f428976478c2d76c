"""
The pool pass of the lane kernel: events and skew farmers, for all lanes of a tile at once.

The numbers are those of `events`, `seeing` and `roster.farm_skew`, path by path, without a branch:
what an `if` would choose is computed both ways and selected, so that a loop over lanes becomes one
of vectors.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from numba import njit

from .pool import LIMIT, ONE_UNIT, SMALLEST
from .vector_math import OPTIONS

LANES = 128
"""Paths side by side: their state stays in the cache next to the processor."""

F = TypeVar("F", bound=Callable[..., Any])


def part(function: F) -> F:
    """Compile a part of the kernel; only the whole is kept on disk (see `lanes.driver`)."""
    compiled: F = njit(**OPTIONS | {"cache": False})(function)
    return compiled


def inlined(function: F) -> F:
    """Compile it into those that call it, so that their loops stay loops of vectors."""
    compiled: F = njit(**OPTIONS | {"cache": False, "forceinline": True})(function)
    return compiled


class Sides(NamedTuple):
    """Both sides, in whole units."""

    long: float
    short: float
    long_supply: float
    short_supply: float


class Seen(NamedTuple):
    """What is measured of a path; rates upside down, so that a return is a product."""

    long_inverse: float
    short_inverse: float
    long_worst: float
    short_worst: float
    lowest_skew: float
    highest_skew: float
    mint_fee: float
    rewards: float


class Purse(NamedTuple):
    """What the farmer is free to use, and what it has outside."""

    cash: float
    long_tokens: float
    short_tokens: float
    hedge: float
    """Collateral's worth of the underlying."""
    outside: float


class Ordered(NamedTuple):
    """What the farmer ordered for one epoch: it never mints both sides at once."""

    minting: float
    """Collateral; below zero: of the short side."""
    long_burning: float
    short_burning: float


class Pending(NamedTuple):
    """All that waits of the farmer's."""

    long_minting: float
    short_minting: float
    long_burning: float
    short_burning: float


class Term(NamedTuple):
    """One setting of the pool pass."""

    kept: float
    """What the management fee leaves of a side in an interval."""
    mint_fee_step: float
    mint_fee_max: float
    burn_fee: float
    cost_quiet: float
    """What the keeper asks for, tip included."""
    cost_busy: float
    reward_cap: float
    leverage: float
    """Of the hedge: times the part that is hedged."""
    threshold: float
    buffer: float
    share: float
    hedge_cost: float


@inlined
def settle(kept: float, sides: Sides, long_kept: float, short_kept: float) -> Sides:
    """
    The management fee and the value transfer (R5, R8), by what each side keeps of itself. What one
    gives the other gets to the last bit; the smaller side is rounded as the larger one is.
    """
    long, short = sides.long * kept, sides.short * kept
    long_left, short_left = max(long * long_kept, ONE_UNIT), max(short * short_kept, ONE_UNIT)
    return Sides(
        long_left + (short - short_left),
        short_left + (long - long_left),
        sides.long_supply,
        sides.short_supply,
    )


@inlined
def execute(burn_fee: float, mint_fee: float, sides: Sides, due: Ordered, purse: Purse) -> Any:
    """What was ordered for an epoch, at the rates of its settled sides; refunds included (R12)."""
    to_long = due.minting > 0.0
    long, short, long_supply, short_supply = sides
    balance, supply = (long, long_supply) if to_long else (short, short_supply)
    # one division for three: a division costs as much as ten multiplications
    inverse = 1.0 / (long_supply * short_supply * balance)
    out = balance * inverse * (1.0 - burn_fee)
    long_out = due.long_burning * (long * short_supply * out)
    short_out = due.short_burning * (short * long_supply * out)
    assets = abs(due.minting)
    wanted = assets * ((1.0 - mint_fee) * (long_supply * short_supply * inverse) * supply)
    fits = wanted < LIMIT - supply + (due.long_burning if to_long else due.short_burning)
    paid, bought = assets if fits else 0.0, wanted if fits else 0.0
    long_in, long_new = (paid, bought) if to_long else (0.0, 0.0)
    short_in, short_new = paid - long_in, bought - long_new
    return Sides(
        long - long_out + long_in,
        short - short_out + short_in,
        long_supply - due.long_burning + long_new,
        short_supply - due.short_burning + short_new,
    ), Purse(
        purse.cash + (long_out + short_out) + (assets - paid),
        purse.long_tokens + long_new,
        purse.short_tokens + short_new,
        purse.hedge,
        purse.outside,
    )


@inlined
def reward(term: Term, sides: Sides, due: Ordered) -> tuple[Sides, float]:
    """The keeper's pay, from both sides alike (R9)."""
    busy = abs(due.minting) + due.long_burning + due.short_burning > 0.0
    total = sides.long + sides.short
    part = min((term.cost_busy if busy else term.cost_quiet) / total, term.reward_cap)
    long, short = sides.long - sides.long * part, sides.short - sides.short * part
    return Sides(long, short, sides.long_supply, sides.short_supply), part * total


@inlined
def next_mint_fee(term: Term, fee: float, sides: Sides) -> float:
    """The mint fee after an event that settled at these sides (R8)."""
    above = sides.long * sides.short > sides.long_supply * sides.short_supply
    lower, higher = fee - min(term.mint_fee_step, fee), fee + term.mint_fee_step
    moved = lower if above else min(higher, term.mint_fee_max)
    return moved if term.mint_fee_step > 0.0 else fee


@inlined
def watch(sides: Sides, seen: Seen, mint_fee: float, paid: float) -> tuple[Seen, float, float]:
    """What is measured after an event, and the rates of both tokens."""
    balances, supplies = sides.long * sides.short, sides.long_supply * sides.short_supply
    inverse = 1.0 / (balances * supplies)
    of_balances, of_supplies = supplies * inverse, balances * inverse
    of_short, of_long = sides.long * of_balances, sides.short * of_balances
    long_rate = sides.long * (sides.short_supply * of_supplies)
    short_rate = sides.short * (sides.long_supply * of_supplies)
    skew = sides.long * of_short
    watched = Seen(
        sides.long_supply * of_long,
        sides.short_supply * of_short,
        min(seen.long_worst, long_rate * seen.long_inverse),
        min(seen.short_worst, short_rate * seen.short_inverse),
        min(seen.lowest_skew, skew),
        max(seen.highest_skew, skew),
        mint_fee,
        seen.rewards + paid,
    )
    return watched, long_rate, short_rate


@inlined
def farm(term: Term, exposures: Any, purse: Purse, growth: float) -> tuple[Purse, Ordered]:
    """
    What the skew farmer does: `exposures` are what it expects of either side and what it holds of
    it; `growth` is that of the price since it acted last.
    """
    long, short, long_worth, short_worth = exposures
    missing, total = short - long, long + short
    gap, edge = abs(missing), term.threshold * total
    wide = gap > edge
    calm = (gap < term.buffer * total) & (gap <= edge)
    more, less = missing > edge, missing < -edge
    minted = min(gap * term.share, purse.cash)
    minted = minted if wide & (minted > SMALLEST) else 0.0
    leaves_long = (less | calm) & (purse.long_tokens > SMALLEST)
    leaves_short = (more | calm) & (purse.short_tokens > SMALLEST)
    long_burnt = purse.long_tokens if leaves_long else 0.0
    short_burnt = purse.short_tokens if leaves_short else 0.0
    held, hedge = purse.hedge * growth, (short_worth - long_worth) * term.leverage
    return Purse(
        purse.cash - minted,
        purse.long_tokens - long_burnt,
        purse.short_tokens - short_burnt,
        hedge,
        purse.outside + (held - purse.hedge) - abs(hedge - held) * term.hedge_cost,
    ), Ordered(minted if more else -minted, long_burnt, short_burnt)


@inlined
def change(pending: Pending, by: Ordered, sign: float) -> Pending:
    """What waits once an epoch's orders came (1) or went (-1)."""
    return Pending(
        pending.long_minting + max(by.minting, 0.0) * sign,
        pending.short_minting - min(by.minting, 0.0) * sign,
        pending.long_burning + by.long_burning * sign,
        pending.short_burning + by.short_burning * sign,
    )


@inlined
def exposures(sides: Sides, purse: Purse, pending: Pending, rates: Any) -> Any:
    """What the farmer expects of either side, and what it holds of it (see `agents.View`)."""
    return (
        sides.long + (pending.long_minting - pending.long_burning * rates[0]),
        sides.short + (pending.short_minting - pending.short_burning * rates[1]),
        purse.long_tokens * rates[0] + pending.long_minting,
        purse.short_tokens * rates[1] + pending.short_minting,
    )


@inlined
def hold(term: Term, sides: Sides, seen: Seen, kept: Any, costly: bool) -> tuple[Sides, Seen]:
    """One event without anybody's orders."""
    done = settled = settle(term.kept, sides, kept[0], kept[1])
    mint_fee, paid = seen.mint_fee, 0.0
    if costly:
        mint_fee = next_mint_fee(term, mint_fee, settled)
        done, paid = reward(term, settled, Ordered(0.0, 0.0, 0.0))
    watched, _, _ = watch(done, seen, mint_fee, paid)
    return done, watched


@inlined
def step(term: Term, move: Any, due: Ordered, path: Any, costly: bool) -> Any:
    """One event with the farmer's orders that are due, then what the farmer orders."""
    sides, seen, purse, pending = path
    settled = settle(term.kept, sides, move[0], move[1])
    done, purse = execute(term.burn_fee, seen.mint_fee, settled, due, purse)
    mint_fee, paid = seen.mint_fee, 0.0
    if costly:
        mint_fee = next_mint_fee(term, mint_fee, settled)
        done, paid = reward(term, done, due)
    seen, long_rate, short_rate = watch(done, seen, mint_fee, paid)
    pending = change(pending, due, -1.0)
    rates = long_rate, short_rate
    purse, ordered = farm(term, exposures(done, purse, pending, rates), purse, move[2])
    return (done, seen, purse, change(pending, ordered, 1.0)), ordered
