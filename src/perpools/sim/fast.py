"""
The fast engine: a market in floating point.

One source, two ways to run it: interpreted, which starts at once, or compiled by Numba, users'
agents included, which pays off from some hundred thousand events on.
"""

from collections.abc import Callable
from math import inf
from typing import Any

from perpools.spec import transfer_curves as curves
from perpools.spec.fees import YEAR_S
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.keeper_reward import gas_price
from perpools.spec.triggers import Momentum, PriceChange

from . import pool
from .acting import act_all
from .agents import Orders, View
from .books import (
    CASH,
    COLUMNS,
    EVENTS,
    KINDS,
    MARK,
    REFUSED,
    WALLET,
    WINDOW,
    Books,
    Cast,
    Run,
    Tape,
    Track,
)
from .events import close_due
from .outcome import OnProgress, Outcome
from .pool import Rules
from .scene import Scene
from .supplies import lost

CHUNK = 2_000
"""Grid points between two reports of progress."""

COMPILED_FROM = 1_000_000
"""Steps of agents and events from which compiling takes less time than it saves."""


def play(scene: Scene, on_progress: OnProgress, *, compiled: bool | None = None) -> Outcome:
    """Play a scene; `compiled` None: where it pays off. Both ways give the same numbers."""
    steps = scene.grid.size * (1 + len(scene.agents))
    run, drive_, decide = prepare(scene), drive, interpret(scene)
    if compiled or (compiled is None and steps >= COMPILED_FROM):
        run, drive_, decide = _compiled(run, scene)
    settings = tuple(agent.settings for agent in scene.agents)
    for first in range(0, scene.grid.size, CHUNK):
        last = min(first + CHUNK, scene.grid.size)
        drive_(run, decide, settings, first, last)
        on_progress(last, scene.grid.size)
    counts = run.books.counts
    return Outcome(
        [tuple(map(float, row)) for row in run.tape.events[: counts[EVENTS]]],
        [list(map(float, row)) for row in run.tape.values],
        [list(map(float, wallet)) for wallet in run.books.wallets],
        int(counts[REFUSED]),
        [list(map(float, row)) for row in run.tape.outside],
    )


def drive(run: Run, decide: Any, settings: Any, first: int, last: int) -> None:
    """Play grid points from `first` to before `last`."""
    for point in range(first, last):
        act_all(run, decide, settings, point, 1)
        if run.track.comes[point]:
            close_due(run, point)
        act_all(run, decide, settings, point, 0)


def prepare(scene: Scene) -> Run:
    """All tables as lists, before the first step."""
    grid, agents_ = scene.grid, scene.agents
    after_s = [scene.acts_after_s(agent) for agent in agents_]
    track = Track(
        spots=[wad / WAD for wad in grid.wads],
        known=list(grid.known),
        comes=scene.keeper_comes(),
        seen=[grid.seen(seconds) for seconds in after_s],
        draws=[scene.draws(position) for position in range(len(agents_))],
    )
    cast = Cast(after_s, [agent.hedge_cost for agent in agents_])
    by_agent = (_table(len(agents_), grid.size) for _ in range(2))
    tape = Tape(_table(grid.size, len(COLUMNS)), *by_agent)
    return Run(rules_of(scene), track, cast, _books(scene, track), tape)


def rules_of(scene: Scene) -> Rules:
    """The market's terms as numbers."""
    terms, keeper = scene.terms, scene.keeper
    curve, cap = _curve(terms.transfer)
    trigger, threshold = _trigger(terms.trigger)
    return Rules(
        curve=curve,
        leverage=terms.leverage_wad / WAD,
        cap=cap,
        trigger=trigger,
        threshold=threshold,
        longest_wait=-(-terms.max_interval_s // terms.interval_s),
        sma_periods=terms.sma_periods,
        interval_s=terms.interval_s,
        notice_s=terms.front_running_interval_s,
        mint_fee_step=terms.mint_fee_step_wad / WAD,
        mint_fee_max=terms.mint_fee_max_wad / WAD,
        burn_fee=terms.burn_fee_wad / WAD,
        management=terms.management_fee_wad / WAD * terms.interval_s / YEAR_S,
        cost_quiet=_cost(scene, keeper.gas_quiet),
        cost_busy=_cost(scene, keeper.gas_busy),
        block_time_s=terms.block_time_s,
        tip_step=terms.tip_step_wad / WAD,
        tip_max=terms.tip_max_wad / WAD,
        reward_cap=terms.reward_cap_wad / WAD,
        late_s=keeper.late_s,
    )


def _cost(scene: Scene, gas: int) -> float:
    """What so much gas costs a keeper, the market's premium included, in collateral."""
    keeper = scene.keeper
    price = gas_price(keeper.gas_price, keeper.gas_price, scene.terms.gas_premium_wei)
    return gas * price / WAD * keeper.eth_price


def _curve(transfer: curves.TransferFunction) -> tuple[int, float]:
    if isinstance(transfer, curves.Linear):
        return pool.LINEAR, transfer.cap / ONE
    return (pool.POWER if transfer is curves.power else pool.SIGMOID), inf


def _trigger(trigger: object) -> tuple[int, float]:
    if isinstance(trigger, PriceChange):
        return pool.PRICE_CHANGE, trigger.threshold_wad / WAD
    if isinstance(trigger, Momentum):
        return pool.MOMENTUM, trigger.threshold_wad / WAD
    return pool.NO_TRIGGER, 0.0


def _books(scene: Scene, track: Track) -> Books:
    count, liquidity, terms = len(scene.agents), scene.liquidity, scene.terms
    free = liquidity - pool.LOCKED
    rest = lost(free, pool.LOCKED, liquidity)
    wallets = _table(count, WALLET)
    for wallet, agent, seen in zip(wallets, scene.agents, track.seen, strict=True):
        wallet[CASH], wallet[MARK] = agent.cash, seen[0]
    return Books(
        pool=[liquidity] * 4 + [terms.mint_fee_wad / WAD, rest, rest],
        counts=[0, -1, 1, 0, 0],
        samples=[track.spots[0]] + [0.0] * (terms.sma_periods - 1),
        slots=[-1] * WINDOW,
        totals=_table(WINDOW, KINDS),
        waiting=_table(count, WINDOW * KINDS),
        pending=_table(1 + count, KINDS),
        wallets=wallets,
        outsiders=[free, free],
        outs=[0.0] * KINDS,
    )


def _table(rows: int, columns: int) -> list[list[float]]:
    return [[0.0] * columns for _ in range(rows)]


def interpret(scene: Scene) -> Callable[[int, View, Any], Orders]:
    """One function that decides for all agents."""
    decides = [agent.decide for agent in scene.agents]
    return lambda position, view, settings: decides[position](settings[position], view)


def _compiled(run: Run, scene: Scene) -> tuple[Run, Any, Any]:
    """The same tables, driver and decisions, compiled."""
    from . import compiling

    decide = compiling.decider(tuple(agent.decide for agent in scene.agents))
    return compiling.record(run)[0], compiling.driver(), decide
