"""
The pool pass over all lanes of a tile: what `lane_pools` does with a path, row by row.

A setting's state is one row of lanes for each name in `FIELDS`, one behind the other at distances
the compiler knows: it would not make vectors of what might overlap.
"""

from typing import Any

from .lane_pools import (
    LANES,
    Ordered,
    Pending,
    Purse,
    Seen,
    Sides,
    Term,
    change,
    exposures,
    farm,
    hold,
    inlined,
    part,
    step,
)

FIELDS = Sides._fields + Seen._fields + Purse._fields + Pending._fields
"""Of a setting's state: each is a row, a number for each lane."""
BATCHES = len(Ordered._fields)
"""Rows of a slot of the queue."""


@inlined
def load_sides(state: Any, lane: int) -> tuple[Sides, Seen]:
    """A lane's pool, and what is measured of it."""
    sides = Sides(
        state[lane], state[LANES + lane], state[2 * LANES + lane], state[3 * LANES + lane]
    )
    return sides, Seen(
        state[4 * LANES + lane],
        state[5 * LANES + lane],
        state[6 * LANES + lane],
        state[7 * LANES + lane],
        state[8 * LANES + lane],
        state[9 * LANES + lane],
        state[10 * LANES + lane],
        state[11 * LANES + lane],
    )


@inlined
def load_farmer(state: Any, lane: int) -> tuple[Purse, Pending]:
    """A lane's farmer."""
    purse = Purse(
        state[12 * LANES + lane],
        state[13 * LANES + lane],
        state[14 * LANES + lane],
        state[15 * LANES + lane],
        state[16 * LANES + lane],
    )
    return purse, Pending(
        state[17 * LANES + lane],
        state[18 * LANES + lane],
        state[19 * LANES + lane],
        state[20 * LANES + lane],
    )


@inlined
def store_sides(state: Any, lane: int, sides: Sides, seen: Seen) -> None:
    """Keep a lane's pool, and what is measured of it."""
    state[lane], state[LANES + lane], state[2 * LANES + lane], state[3 * LANES + lane] = sides
    (
        state[4 * LANES + lane],
        state[5 * LANES + lane],
        state[6 * LANES + lane],
        state[7 * LANES + lane],
    ) = seen[:4]
    (
        state[8 * LANES + lane],
        state[9 * LANES + lane],
        state[10 * LANES + lane],
        state[11 * LANES + lane],
    ) = seen[4:]


@inlined
def store_farmer(state: Any, lane: int, purse: Purse, pending: Pending) -> None:
    """Keep a lane's farmer."""
    state[12 * LANES + lane], state[13 * LANES + lane], state[14 * LANES + lane] = purse[:3]
    state[15 * LANES + lane], state[16 * LANES + lane] = purse[3:]
    (
        state[17 * LANES + lane],
        state[18 * LANES + lane],
        state[19 * LANES + lane],
        state[20 * LANES + lane],
    ) = pending


@inlined
def hold_row(term: Term, moves: Any, at: int, state: Any, costly: bool) -> None:
    """One event of all lanes, without agents."""
    long_kept, short_kept, _ = moves
    for lane in range(LANES):
        sides, seen = load_sides(state, lane)
        kept = long_kept[at, lane], short_kept[at, lane]
        sides, seen = hold(term, sides, seen, kept, costly)
        store_sides(state, lane, sides, seen)


@inlined
def farm_row(term: Term, moves: Any, at: int, tables: Any, costly: bool) -> None:
    """One event of all lanes, and the farmer after it; `tables`: the state, a slot of the queue."""
    (long_kept, short_kept, growth), (state, slot) = moves, tables
    for lane in range(LANES):
        due = Ordered(slot[lane], slot[LANES + lane], slot[2 * LANES + lane])
        move = long_kept[at, lane], short_kept[at, lane], growth[at, lane]
        path = load_sides(state, lane) + load_farmer(state, lane)
        (sides, seen, purse, pending), ordered = step(term, move, due, path, costly)
        store_sides(state, lane, sides, seen)
        store_farmer(state, lane, purse, pending)
        slot[lane], slot[LANES + lane], slot[2 * LANES + lane] = ordered


@part
def hold_all(term: Term, moves: Any, count: int, state: Any, costly: bool) -> None:
    """So many events of all lanes, without agents."""
    for at in range(count):
        if costly:
            hold_row(term, moves, at, state, True)
        else:
            hold_row(term, moves, at, state, False)


@part
def farm_all(term: Term, moves: Any, events: tuple[int, int], tables: Any, costly: bool) -> None:
    """
    So many events of all lanes, with a farmer: `events` are the first and how many. `tables` are
    the state and the queue; an order waits in the slot that its event's number comes back to.
    """
    (first, count), (state, queue) = events, tables
    for at in range(count):
        slot = queue[(first + at) % len(queue)]
        if costly:
            farm_row(term, moves, at, (state, slot), True)
        else:
            farm_row(term, moves, at, (state, slot), False)


@inlined
def begin_farming(term: Term, state: Any, queue: Any) -> None:
    """What the farmer does at the first grid point, before any event."""
    slot = queue[0]
    for lane in range(LANES):
        (sides, _), (purse, pending) = load_sides(state, lane), load_farmer(state, lane)
        purse, ordered = farm(term, exposures(sides, purse, pending, (1.0, 1.0)), purse, 1.0)
        store_farmer(state, lane, purse, change(pending, ordered, 1.0))
        slot[lane], slot[LANES + lane], slot[2 * LANES + lane] = ordered
