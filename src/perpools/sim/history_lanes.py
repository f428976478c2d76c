"""
Settings without agents over one history, side by side: one pass over the prices for all of them.

Every operation is the fast engine's, in its order: what comes out is the same to the last bit.
Averages and fractions depend on the prices alone and are there before the pass; the pass is
arithmetic on rows of settings. The lane kernel (`lanes`) has paths side by side and no settings,
and of a history there is but one path.
"""

from collections.abc import Callable, Iterator, Sequence
from math import exp, expm1, log, log1p, tanh
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from perpools.spec.fixed_point import WAD

from . import fast
from .arrays import Floats
from .books import COLUMNS
from .pool import (
    NO_TRIGGER,
    ONE_UNIT,
    POWER,
    SIGMOID,
    Pool,
    Rules,
    management_part,
    movable,
)
from .scene import Scene

WIDEST = 64
"""Settings of a pass: more of them are no faster."""
CELLS = 4_000_000
"""Events times settings that are in memory at once."""
CHUNK = 1_024
"""Events whose moves are laid out at once."""


class Moves(NamedTuple):
    """By event: what part of itself the losing side pays and keeps, and whether that is short."""

    paid: Floats
    kept: Floats
    up: NDArray[np.bool_]


def fits(scene: Scene) -> bool:
    """Whether a setting can be played beside others: nobody orders, and every epoch is closed."""
    return not scene.agents and fast.rules_of(scene).trigger == NO_TRIGGER


def width(scene: Scene) -> int:
    """How many settings over these prices one pass takes."""
    return max(1, min(WIDEST, CELLS // scene.grid.size))


def play(scenes: Sequence[Scene]) -> Iterator[tuple[Scene, Floats]]:
    """
    Settings that share their grid and all but their terms, and the events of each, event by event
    in the order of `books.COLUMNS`; what only orders fill stays empty.
    """
    epochs, rules = epochs_of(scenes[0]), [fast.rules_of(scene) for scene in scenes]
    spots = np.array([wad / WAD for wad in scenes[0].grid.wads])[[0, *epochs]]
    pool = Pool(*[scenes[0].liquidity] * 4)
    known = {_curve(one): one for one in rules}
    shared = {curve: _moves(one, spots, pool) for curve, one in known.items()}
    moves = [shared[_curve(one)] for one in rules]
    balances, rewards = _settle(rules, moves, np.diff([0, *epochs]), pool)
    for number, scene in enumerate(scenes):
        came = balances[..., number], rewards[:, number], pool
        yield scene, _events(epochs, spots, moves[number], came)


def epochs_of(scene: Scene) -> list[int]:
    """The grid points that an event closes, by a keeper who finds a price there."""
    comes, known = scene.keeper_comes(), scene.grid.known
    return [point for point in range(1, scene.grid.size) if comes[point] and known[point] <= point]


def _curve(rules: Rules) -> tuple[float, ...]:
    return rules.sma_periods, rules.curve, rules.leverage, rules.cap


def _moves(rules: Rules, spots: Floats, pool: Pool) -> Moves:
    averages = _averages(spots, rules.sma_periods)
    old, new = averages[:-1], averages[1:]
    paid, kept = _fractions(rules, np.minimum(old, new), np.maximum(old, new))
    none, least = movable(pool, (1.0, 0.0))
    return Moves(paid * none, np.maximum(kept, least), new >= old)


def _averages(spots: Floats, periods: int) -> Floats:
    """Of the last samples at each event: added from the oldest on, as the engine does."""
    total = np.zeros(len(spots))
    for back in reversed(range(min(periods, len(spots)))):
        total[back:] += spots[: len(spots) - back]
    found: Floats = total / np.minimum(np.arange(1, len(spots) + 1), periods)
    return found


def _fractions(rules: Rules, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """`pool.fraction` of every move."""
    move = (high - low) / high
    if rules.curve == POWER:
        small = move < 0.5
        logarithm = np.where(small, _each(log1p, np.where(small, -move, 0.0)), 0.0)
        logarithm[~small] = _each(log, (low / high)[~small])
        return -_each(expm1, rules.leverage * logarithm), _each(exp, rules.leverage * logarithm)
    if rules.curve == SIGMOID:
        twice = 2.0 * rules.leverage * move
        return _each(tanh, rules.leverage * move), 2.0 / (1.0 + _each(exp, twice))
    part = np.minimum(rules.leverage * move, rules.cap)
    return part, 1.0 - part


def _each(function: Callable[[float], float], values: Floats) -> Floats:
    """By the engine's own function: NumPy's differ from it in the last bit."""
    return np.array(list(map(function, values.tolist())), dtype=np.float64)


def _settle(
    rules: Sequence[Rules], moves: Sequence[Moves], waited: NDArray[np.int64], pool: Pool
) -> tuple[Floats, Floats]:
    """Both balances after each event (event, side, setting), and the keeper's pay."""
    count, state = len(waited), np.array([[pool.long] * len(rules), [pool.short] * len(rules)])
    balances, rewards = np.empty((count, *state.shape)), np.zeros((count, len(rules)))
    fees = {n: np.array([management_part(one, n) for one in rules]) for n in set(waited.tolist())}
    asked, most = np.array([_asked(one) for one in rules]), np.array([r.reward_cap for r in rules])
    is_paid = bool(asked.any())
    for first in range(0, count, CHUNK):
        rows = zip(*_laid_out(moves, slice(first, first + CHUNK)), strict=True)
        for event, (kept, paid, least) in enumerate(rows, first):
            charged = state - state * fees[int(waited[event])]
            state = np.maximum(charged * kept + charged[::-1] * paid, least)
            if is_paid:
                total = state[0] + state[1]
                part = np.minimum(asked / total, most)
                rewards[event] = part * total
                state = state - state * part
            balances[event] = state
    return balances, rewards


def _asked(rules: Rules) -> float:
    """What a keeper asks for without orders: it is as late for every epoch that it closes."""
    tip = min(rules.tip_step * (1 + rules.late_s // rules.block_time_s), rules.tip_max)
    return rules.cost_quiet * (1.0 + tip)


def _laid_out(moves: Sequence[Moves], events: slice) -> tuple[Floats, Floats, Floats]:
    """
    By event, side and setting: what a side keeps of itself, what it gets of the other, and what it
    never falls below. Times one and plus nothing change no bit.
    """
    paid, kept = (np.stack([m[part][events] for m in moves], axis=1) for part in (0, 1))
    up = np.stack([m.up[events] for m in moves], axis=1)
    gains = np.stack((up, ~up), axis=1)
    return (
        np.where(gains, 1.0, kept[:, None]),
        np.where(gains, paid[:, None], 0.0),
        np.where(gains, 0.0, ONE_UNIT),
    )


def _events(
    epochs: Sequence[int], spots: Floats, moves: Moves, came: tuple[Floats, Floats, Pool]
) -> Floats:
    """One setting's."""
    balances, rewards, pool = came
    found = np.zeros((len(epochs), len(COLUMNS)))
    column = dict(zip(COLUMNS, found.T, strict=True))
    column["epoch"][:], column["spot"][:], column["fraction"][:] = epochs, spots[1:], moves.paid
    column["long_balance"][:], column["short_balance"][:] = balances.T
    column["long_supply"][:], column["short_supply"][:] = pool.long_supply, pool.short_supply
    column["keeper_reward"][:] = rewards
    return found
