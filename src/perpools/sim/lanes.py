"""
The lane kernel: many settings of a market over many paths, 128 of them side by side.

A tile of paths goes through time in chunks: prices once, then for each curve setting what the
sides keep, then for each pool setting its events. What is in work stays in the cache; settings
share every pass but their own. The numbers are those of the fast engine: what it knows that this
kernel does not, `plan` leaves out (`sweep` plays that by the fast engine itself).
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from perpools.spec.fixed_point import WAD

from . import fast, vector_math
from .arrays import Floats, Whole
from .lane_curves import (
    CURVE_ROWS,
    LARGEST,
    LONG_CONSTANT,
    PRICE,
    SHORT_CONSTANT,
    WHOLE_POWER,
    Curve,
    bend,
)
from .lane_passes import BATCHES, FIELDS, begin_farming, farm_all, hold_all
from .lane_pools import LANES, Term, part
from .lane_prices import Source, grow
from .paths import START
from .pool import NO_TRIGGER, POWER, Rules
from .roster import farm_skew
from .scene import Scene

CHUNK = 32
"""Steps of a pass."""
MEASURED = 13
"""Per path and setting: the measures of `measuring.MEASURES`, then the farmer's profit."""

SOURCES = (
    *("lane_pools", "lane_passes", "lane_curves", "lane_prices"),
    *("paths", "pool", "random", "vector_math"),
)
"""Modules that the compiled kernel is made of, beside this one; constants are compiled into it."""

ROW = {name: number for number, name in enumerate(FIELDS)}


class Plan(NamedTuple):
    """Settings as the kernel knows them, those of one curve together."""

    curves: Floats
    """One row each: a `Curve`."""
    terms: Floats
    """One row for each setting: a `Term`."""
    starts: Floats
    """One row for each setting: liquidity, mint fee, the farmer's cash."""
    choices: Whole
    """One row for each setting: its curve, events until an order's, whether there is a farmer,
    whether the keeper is paid or the mint fee moves."""

    @property
    def size(self) -> int:
        """How many settings there are."""
        return len(self.terms)


class Tables(NamedTuple):
    """What a tile works on."""

    growths: Floats
    carried: Floats
    moves: tuple[Floats, Floats, Floats]
    curves: Floats
    rings: Floats
    pools: Floats
    queues: Floats


def fits(scene: Scene) -> bool:
    """Whether the kernel knows everything that a setting asks for."""
    rules, keeper = fast.rules_of(scene), scene.keeper
    farmers = all(agent.decide is farm_skew for agent in scene.agents)
    after = all(scene.acts_after_s(agent) > keeper.late_s for agent in scene.agents)
    plain = rules.trigger == NO_TRIGGER and not keeper.fails
    return plain and farmers and after and len(scene.agents) <= 1


def plan(scenes: Sequence[Scene], interval_s: int) -> Plan:
    """The plan of settings that fit, over prices of an interval that divides all of theirs."""
    curves = [curve(scene, interval_s) for scene in scenes]
    known = list(dict.fromkeys(curves))
    return Plan(
        np.array(known, dtype=np.float64),
        np.array([_term(scene) for scene in scenes], dtype=np.float64),
        np.array([_start(scene) for scene in scenes], dtype=np.float64),
        np.array(
            [
                (known.index(own), *_choices(scene))
                for own, scene in zip(curves, scenes, strict=True)
            ],
            dtype=np.int64,
        ),
    )


def curve(scene: Scene, interval_s: int) -> Curve:
    """The fraction pass that a setting needs."""
    rules = fast.rules_of(scene)
    whole = rules.curve == POWER and rules.leverage in range(1, 16)
    kind = WHOLE_POWER if whole else rules.curve
    every = rules.interval_s // interval_s
    return Curve(every, rules.sma_periods, kind, rules.leverage, min(rules.cap, 1.0))


def _term(scene: Scene) -> Term:
    rules = fast.rules_of(scene)
    asks = 1.0 + min(rules.tip_step * (1 + rules.late_s // rules.block_time_s), rules.tip_max)
    threshold, buffer, share, hedged = scene.agents[0].settings if scene.agents else (0.0,) * 4
    return Term(
        kept=1.0 - rules.management,
        mint_fee_step=rules.mint_fee_step,
        mint_fee_max=rules.mint_fee_max,
        burn_fee=rules.burn_fee,
        cost_quiet=rules.cost_quiet * asks,
        cost_busy=rules.cost_busy * asks,
        reward_cap=rules.reward_cap,
        leverage=rules.leverage * hedged,
        threshold=threshold,
        buffer=buffer,
        share=share,
        hedge_cost=scene.agents[0].hedge_cost if scene.agents else 0.0,
    )


def _start(scene: Scene) -> tuple[float, float, float]:
    cash = scene.agents[0].cash if scene.agents else 0.0
    return scene.liquidity, scene.terms.mint_fee_wad / WAD, cash


def _choices(scene: Scene) -> tuple[int, int, int]:
    rules = fast.rules_of(scene)
    costly = max(rules.cost_quiet, rules.cost_busy, rules.mint_fee_step) > 0.0
    if not scene.agents:
        return 1, 0, int(costly)
    return _events_ahead(rules, scene.acts_after_s(scene.agents[0])), 1, int(costly)


def _events_ahead(rules: Rules, after_s: int) -> int:
    """Events from an order to the one that executes it."""
    return (after_s + rules.notice_s) // rules.interval_s + 1


def tables(plan: Plan) -> Tables:
    """Everything at the first grid point."""
    settings, curves = plan.size, len(plan.curves)
    longest = int(plan.choices[:, 1].max())
    found = Tables(
        np.empty((CHUNK, LANES)),
        np.zeros(LANES),
        (np.empty((CHUNK, LANES)), np.empty((CHUNK, LANES)), np.empty((CHUNK, LANES))),
        np.ones((curves, CURVE_ROWS, LANES)),
        np.zeros((curves, int(plan.curves[:, 1].max()), LANES)),
        np.zeros((settings, len(FIELDS) * LANES)),
        np.zeros((settings, longest, BATCHES * LANES)),
    )
    found.curves[:, PRICE : PRICE + 3] = START
    found.curves[:, LARGEST] = 0.0
    found.rings[:, 0] = START
    _begin(plan, found.pools.reshape(settings, -1, LANES))
    return found


def _begin(plan: Plan, pools: Floats) -> None:
    for names, column in (
        (("long", "short", "long_supply", "short_supply"), 0),
        (("mint_fee",), 1),
        (("cash",), 2),
    ):
        for name in names:
            pools[:, ROW[name]] = plan.starts[:, column, None]
    pools[:, ROW["long_inverse"] : ROW["mint_fee"]] = 1.0
    pools[:, [ROW["long_worst"], ROW["short_worst"], ROW["lowest_skew"]]] = np.inf
    pools[:, ROW["highest_skew"]] = 0.0


def play(plan: Plan, source: Source, seed: int, first_path: int, steps: int) -> Floats:
    """
    The measures of a tile: setting, path, measure. `first_path` is its first path's number,
    `steps` are those of its prices.
    """
    work = tables(plan)
    driver()(tuple(plan), tuple(source), (seed, first_path), steps, tuple(work))
    return measures(plan, work, steps)


@cache
def driver() -> Any:
    """
    `drive`, compiled; kept on disk until any of its sources changes.

    Numba looks at the file of the function alone, hence the closure: what it holds is a part of
    the key. Arguments are plain tuples: what is kept must not depend on our classes.
    """
    texts = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in SOURCES]
    sources = hashlib.sha256(b"".join(texts)).hexdigest()

    def kept(plan: Any, source: Any, place: Any, steps: int, work: Any) -> int:
        drive(Plan(*plan), Source(*source), place, steps, Tables(*work))
        return len(sources)

    return njit(**vector_math.OPTIONS)(kept)


@part
def drive(plan: Plan, source: Source, place: Any, steps: int, work: Tables) -> None:
    """All steps of a tile; `place`: the seed and the first path."""
    for setting in range(len(plan.terms)):
        if plan.choices[setting, 2]:
            begin_farming(term_of(plan, setting), work.pools[setting], work.queues[setting])
    for first in range(0, steps, CHUNK):
        count = min(CHUNK, steps - first)
        grow(source, (place[0], place[1], first), count, work.growths, work.carried)
        setting = 0
        for number in range(len(plan.curves)):
            own = curve_of(plan, number)
            span, pair = (first + 1, count), (work.curves[number], work.rings[number])
            events = bend(own, span, work.growths, work.moves, pair)
            before = first // own.every
            while setting < len(plan.terms) and plan.choices[setting, 0] == number:
                advance(plan, setting, (before + 1, events), work)
                setting += 1


@part
def advance(plan: Plan, setting: int, events: tuple[int, int], work: Tables) -> None:
    """One setting over the events of a chunk: the first one's number, and how many."""
    term, state, choice = term_of(plan, setting), work.pools[setting], plan.choices[setting]
    if choice[2]:
        queue = work.queues[setting, : choice[1]]
        farm_all(term, work.moves, events, (state, queue), choice[3] == 1)
    else:
        hold_all(term, work.moves, events[1], state, choice[3] == 1)


@part
def curve_of(plan: Plan, number: int) -> Curve:
    """A curve of the plan."""
    row = plan.curves[number]
    return Curve(int(row[0]), int(row[1]), int(row[2]), row[3], row[4])


@part
def term_of(plan: Plan, setting: int) -> Term:
    """The terms of a setting."""
    t = plan.terms[setting]
    return Term(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11])


def measures(plan: Plan, work: Tables, steps: int) -> Floats:
    """What is kept of a tile once it is played: setting, path, measure."""
    found = np.empty((plan.size, LANES, MEASURED))
    for setting, (number, *_) in enumerate(plan.choices):
        bent, state = work.curves[number], work.pools[setting].reshape(-1, LANES)
        every, periods = (int(value) for value in plan.curves[number, :2])
        last = work.rings[number, steps // every % periods]
        row = dict(zip(FIELDS, state, strict=True))
        columns = (
            last / START - 1,
            1 / row["long_inverse"] - 1,
            1 / row["short_inverse"] - 1,
            bent[LONG_CONSTANT] - 1,
            bent[SHORT_CONSTANT] - 1,
            row["long_worst"] - 1,
            row["short_worst"] - 1,
            row["long"] / row["short"],
            row["lowest_skew"],
            row["highest_skew"],
            bent[LARGEST],
            row["rewards"],
            _worth(row) - plan.starts[setting, 2],
        )
        found[setting] = np.stack(columns, axis=1)
    return found


def _worth(row: dict[str, Floats]) -> Floats:
    """Everything the farmer has (see `seeing.value`)."""
    found = row["cash"] + row["outside"]
    for side in ("long", "short"):
        tokens = row[f"{side}_tokens"] + row[f"{side}_burning"]
        found = found + tokens / row[f"{side}_inverse"] + row[f"{side}_minting"]
    return found
