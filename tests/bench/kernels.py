"""
What is compared: one tile of the benchmark's market, played by the lane kernel, by C and by NumPy.

The market is the second version with its skew farmer; all three get the same growths of the price,
and end with the same state.
"""

import contextlib
import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from perpools import market_file
from perpools.sim import recruit
from perpools.sim.lane_curves import bend
from perpools.sim.lane_passes import farm_all
from perpools.sim.lane_pools import LANES, part
from perpools.sim.lanes import CHUNK, Plan, Tables, curve_of, plan, tables, term_of
from perpools.sim.montecarlo import blank
from perpools.sim.scene import Keeper, Scene

INTERVAL_S = 3_600
MARKET = 'preset = "v2"\nname = "benchmark"\nleverage = 3\n'
FLAGS = (
    "-O3",
    "-march=native",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-signed-zeros",
    "-ffinite-math-only",
    "-ffp-contract=fast",
)
"""The freedoms that the kernel's compiler has, and no other: -ffast-math breaks the exponential."""
WIDE = ("-mprefer-vector-width=512",)
"""Only where it is known, and faster than what the compiler prefers."""

Floats = Any


class Work(NamedTuple):
    """A tile at its first grid point, and how its price grows in the steps that are repeated."""

    plan: Plan
    tables: Tables


def scenes(count: int, steps: int) -> list[Scene]:
    """So many settings of the farmer's threshold."""
    market = market_file.parse(MARKET)
    texts = (f"skew-farmer:threshold={0.02 + 0.001 * number}" for number in range(count))
    return [
        blank(
            market,
            recruit(text),
            steps * INTERVAL_S,
            keeper=Keeper(),
            liquidity=1e6,
            seed=1,
        )
        for text in texts
    ]


def work() -> Work:
    """One setting; the price comes back to where it was after a chunk."""
    planned = plan(scenes(1, 100), INTERVAL_S)
    found = Work(planned, tables(planned))
    moves = np.random.default_rng(1).normal(0, 0.01, (CHUNK, LANES))
    found.tables.growths[:] = np.exp(moves - moves.mean(axis=0))
    return found


@part
def repeat(times: int, plan: Plan, work: Tables) -> None:
    """Both passes over the same steps, so many times."""
    curve, term = curve_of(plan, 0), term_of(plan, 0)
    for time in range(times):
        first = 1 + time * CHUNK
        bend(curve, (first, CHUNK), work.growths, work.moves, (work.curves[0], work.rings[0]))
        tables = work.pools[0], work.queues[0]
        farm_all(term, work.moves, (first, CHUNK), tables, False)


def by_kernel(own: Work, times: int) -> None:
    """By the lane kernel."""
    repeat(times, own.plan, own.tables)


class Yardstick:
    """The C that `cc` makes of yardstick.c here."""

    def __init__(self, folder: Path, flags: tuple[str, ...] = FLAGS) -> None:
        compiler = shutil.which("cc")
        assert compiler is not None, "there is no C compiler"
        assert LANES == 128, "yardstick.c has as many lanes"
        source, library = Path(__file__).with_name("yardstick.c"), folder / f"{len(flags)}.so"
        line = [compiler, *flags, "-shared", "-fPIC", "-o", str(library), str(source)]
        subprocess.run(line, check=True, capture_output=True)
        self.library = ctypes.CDLL(str(library))
        self.moves = np.empty((3, CHUNK, LANES))

    def both(self, own: Work, times: int) -> None:
        """Both passes, so many times."""
        slots, periods = own.tables.queues.shape[1], int(own.plan.curves[0, 1])
        work = own.tables
        arrays = (work.growths, self.moves, work.curves[0], work.rings[0], work.pools[0])
        numbers = (times, CHUNK, periods, slots, _at(own.plan.terms))
        self.library.both(*numbers, *map(_at, arrays), _at(work.queues[0]))

    def pools(self, own: Work, times: int) -> None:
        """The pool pass alone, over the moves of the last call of `both`."""
        work, slots = own.tables, own.tables.queues.shape[1]
        arrays = (own.plan.terms, self.moves, work.pools[0], work.queues[0])
        self.library.pools(times, CHUNK, slots, *map(_at, arrays))


def _at(array: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def yardsticks(folder: Path) -> list[Yardstick]:
    """With every set of flags that the compiler knows; none where there is no compiler."""
    if shutil.which("cc") is None:
        return []
    found = [Yardstick(folder)]
    with contextlib.suppress(subprocess.CalledProcessError):
        found.append(Yardstick(folder, FLAGS + WIDE))
    return found


def end_of(own: Work) -> Floats:
    """The state of a tile, row by row."""
    return own.tables.pools.reshape(-1, LANES)
