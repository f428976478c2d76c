"""
Compiling the fast engine together with a scene's agents, by Numba.

The engine's functions are plain Python; here Numba is told that it may compile them. Users'
`decide` functions are linked into one that decides for everybody, so that calling them costs
nothing.
"""

from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

from . import acting, activity, agents, events, pool, seeing, supplies
from .agents import Decide, Orders, View
from .books import Run

NOBODYS = {
    "seen": np.zeros((0, 1)),
    "draws": np.zeros((0, 1, 1)),
    "after_s": np.zeros(0, dtype=np.int64),
    "hedge_costs": np.zeros(0),
    "waiting": np.zeros((0, 1)),
    "wallets": np.zeros((0, 1)),
    "values": np.zeros((0, 1)),
    "outside": np.zeros((0, 1)),
}
"""Tables with a row for each agent, where there is none: of the same dimensions and kind."""


@cache
def driver() -> Any:
    """The compiled driver of a run."""
    from .fast import drive

    for module in (agents, pool, seeing, supplies, activity, events, acting):
        for function in vars(module).values():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                register_jitable(function)
    return numba.njit(nogil=True)(drive)


@cache
def decider(decides: tuple[Decide, ...]) -> Any:
    """One compiled function that decides for the agent at a position; the same for the same."""
    driver()
    linked = numba.njit(_nobody)
    for position, decide in enumerate(decides):
        linked = _link(linked, numba.njit(decide), position)
    return linked


def _nobody(position: int, view: View, settings: Any) -> Orders:
    return Orders(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _link(others: Any, decide: Any, own: int) -> Any:
    def linked(position: int, view: View, settings: Any) -> Any:
        if position == own:
            return decide(settings[own], view)
        return others(position, view, settings)

    return numba.njit(linked)


def record(run: Run) -> Any:
    """
    The tables of a run as the one element of a structured array: what compiled functions hand on
    is a pointer to it. Handing on dozens of arrays, each counted, would take most of their time.
    """
    found = np.zeros(1, _layout(run)).view(np.recarray)
    _fill(found[0], run)
    return found


def _layout(table: Any) -> np.dtype[Any]:
    """The same names and shapes; compiled code knows no arrays of truth values."""
    fields = []
    for name, part in zip(table._fields, table, strict=True):
        if hasattr(part, "_fields"):
            fields.append((name, _layout(part)))
        else:
            array = _array(name, part)
            fields.append((name, np.dtype((array.dtype, array.shape))))
    return np.dtype(fields, align=True)


def _array(name: str, part: Any) -> Any:
    """A table as an array: of its usual dimensions, even where there is nobody to fill it."""
    array = np.asarray(part)
    if array.size == 0:
        return NOBODYS[name]
    return array.astype(np.int64) if array.dtype.kind == "b" else array


def _fill(row: Any, table: Any) -> None:
    for name, part in zip(table._fields, table, strict=True):
        if hasattr(part, "_fields"):
            _fill(row[name], part)
        else:
            row[name] = _array(name, part)
