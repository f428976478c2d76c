"""
How fast the lane kernel is beside others, measured side by side in one run, how many logs the
indexer takes and how many answers the API gives: `python -m tests.bench.report` prints one JSON
object of ratios, and fails where one misses its target.

Machines differ and are shared, ratios hardly: contestants take turns, each one's best turn counts,
and time is the processor's own but where two threads are compared with one.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np

from perpools.sim import lanes, paths
from perpools.sim.lane_prices import source_of
from perpools.sim.lanes import CHUNK, LANES, plan, tables
from tests.bench import histories
from tests.bench.by_numpy import Pools
from tests.bench.indexing import rates
from tests.bench.kernels import INTERVAL_S, Work, by_kernel, end_of, scenes, work, yardsticks
from tests.bench.serving import measure as answered

TARGETS = {
    "kernel_to_c": ("most", 1.3),
    "two_threads_to_one": ("least", 1.8),
    "numpy_to_kernel": ("least", 6.0),
    "radcad_to_kernel": ("least", 3_000.0),
    "64_settings_to_limit": ("most", 1.6),
    "64_one_by_one_to_side_by_side": ("least", 20.0),
    "memory_1e5_to_1e3_paths": ("most", 1.1),
}
"""Ratio: whether it should be at most or at least the number."""

SETTINGS = 64
PATHS = 10_000
"""Of NumPy: enough that its overhead for each call does not count."""

Turn = Callable[[], float]


class Bench:
    """One run; `turns` and `steps` small: it works, and its numbers mean nothing."""

    def __init__(self, turns: int = 40, steps: int = 2_048, radcad: str | None = None) -> None:
        self.turns, self.steps, self.radcad = turns, steps, radcad
        self.told: dict[str, float | None] = {}
        self.notes: list[str] = []

    def run(self) -> dict[str, Any]:
        """Everything; what could not be measured is null, with a note."""
        with tempfile.TemporaryDirectory() as folder:
            ours = self.beside(Path(folder))
        self.numpy(ours)
        self.beside_radcad(ours)
        self.history()
        self.threads()
        self.memory()
        logs = rates(max(2, self.turns), times=min(self.turns, 3))
        answers = answered(min(1.5, self.turns * 0.1))
        return {
            "ratios": {name: self.told.get(name) for name in TARGETS},
            "indexed_logs_per_second": logs,
            "answers": {one.pop("question"): one for one in (own._asdict() for own in answers)},
            "notes": self.notes,
        }

    def best(self, *turns: Turn) -> list[float]:
        """Each one's best, taking turns."""
        return list(np.min([[turn() for turn in turns] for _ in range(self.turns)], axis=0))

    def beside(self, folder: Path) -> float:
        """Nanoseconds of a path-step, by the kernel; its ratios to C."""
        sticks = yardsticks(folder)
        for stick in sticks:
            one, other = work(), work()
            by_kernel(one, 4)
            stick.both(other, 4)
            assert np.allclose(end_of(one), end_of(other), rtol=1e-9, atol=1e-6)
        kernels: list[Any] = [by_kernel, *(stick.both for stick in sticks)]
        alone = [self.timed(stick.pools) for stick in sticks]
        ours, *found = self.best(*map(self.timed, kernels), *alone, self.many)
        if sticks:
            count = len(sticks)
            limit = min(found[count : 2 * count])
            self.told["kernel_to_c"] = ours / min(found[:count])
            self.told["64_settings_to_limit"] = found[-1] / limit
        else:
            self.notes.append("no C compiler: nothing to compare with")
        self.notes.append(
            f"kernel {ours:.2f}, C {[round(float(ns), 2) for ns in found]} ns of a path-step (both"
            " passes; pool pass alone; 64 settings, prices drawn)"
        )
        return float(ours)

    def timed(self, repeat: Callable[[Work, int], None]) -> Turn:
        """A turn of one contestant, from the first grid point."""
        times = max(self.steps // CHUNK, 1)

        def turn() -> float:
            own = work()
            begun = thread_time()
            repeat(own, times)
            return (thread_time() - begun) / (times * CHUNK * LANES) * 1e9

        turn()
        return turn

    def many(self) -> float:
        """Nanoseconds of a path-step and setting where prices are drawn once for 64 of them."""
        steps = self.steps // 4
        planned = plan(scenes(SETTINGS, self.steps), INTERVAL_S)
        source = source_of(paths.Brownian(), INTERVAL_S)
        own = tables(planned)
        begun = thread_time()
        lanes.driver()(tuple(planned), tuple(source or ()), (1, 0), steps, tuple(own))
        return (thread_time() - begun) / (SETTINGS * steps * LANES) * 1e9

    def numpy(self, ours: float) -> None:
        """Every path at once; it ends where the kernel ends."""
        own, count = work(), min(PATHS, LANES * self.steps)
        by_kernel(own, 1)
        pools = numpy_pools(own, count)
        growths = np.resize(own.tables.growths.T, (count, CHUNK)).T.copy()
        for growth in growths:
            pools.step(growth)
        assert np.allclose(pools.long[:LANES], own.tables.pools[0, :LANES], rtol=1e-9)
        steps = max(self.turns // 10, 1)

        def turn() -> float:
            begun = thread_time()
            for growth in growths:
                pools.step(growth)
            return (thread_time() - begun) / (CHUNK * count) * 1e9

        found = min(turn() for _ in range(steps))
        self.told["numpy_to_kernel"] = found / ours
        self.notes.append(f"NumPy {found:.1f} ns")

    def beside_radcad(self, ours: float) -> None:
        """By an interpreter of its own."""
        if self.radcad is None:
            self.notes.append("no radCAD: make bench installs it aside, or name one by --radcad")
            return
        own = work()
        growths = own.tables.growths[:, 0].tolist()
        terms = numpy_terms(own) | {"growths": growths, "periods": 8, "slots": 9}
        text = json.dumps({"terms": terms, "steps": self.steps // CHUNK * CHUNK})
        line, script = [self.radcad], Path(__file__).with_name("by_radcad.py")
        results = [
            json.loads(
                subprocess.run(
                    [*line, str(script)], input=text, check=True, capture_output=True, text=True
                ).stdout.splitlines()[-1]
            )
            for _ in range(max(self.turns // 10, 1))
        ]
        by_kernel(own, self.steps // CHUNK)
        assert np.allclose(results[0]["end"], own.tables.pools[0, : 2 * LANES : LANES], rtol=1e-8)
        found = min(result["ns"] for result in results)
        self.told["radcad_to_kernel"] = found / ours
        self.notes.append(f"radCAD {found:,.0f} ns")

    def history(self) -> None:
        """64 settings without agents over one history: each alone, and all in one pass."""
        settings = histories.scenes(min(self.steps * 4, histories.DAYS))
        turns = [
            (histories.alone(settings), histories.together(settings))
            for _ in range(max(self.turns // 10, 1))
        ]
        alone, together = np.min(turns, axis=0)
        self.told["64_one_by_one_to_side_by_side"] = float(alone / together)
        steps = settings[0].grid.size * len(settings)
        self.notes.append(
            f"history {alone / steps * 1e9:,.0f} ns of an event and setting alone,"
            f" {together / steps * 1e9:,.0f} side by side"
        )

    def threads(self) -> None:
        """Two tiles by two threads against two by one, by the wall clock."""
        planned = plan(scenes(4, self.steps), INTERVAL_S)
        source = source_of(paths.Brownian(), INTERVAL_S)
        assert source is not None

        # short: where others want the processors too, few moments are quiet, but some are
        def tile(number: int) -> None:
            lanes.play(planned, source, 1, number * LANES, self.steps // 2)

        def timed(play: Callable[[], Any]) -> Turn:
            def turn() -> float:
                begun = perf_counter()
                play()
                return perf_counter() - begun

            return turn

        with ThreadPoolExecutor(2) as pool:
            one = timed(lambda: [tile(0), tile(1)])
            two = timed(lambda: list(pool.map(tile, (0, 1))))
            turns = [(one(), two()) for _ in range(self.turns * 20)]
            alone, together = np.min(turns, axis=0)
        self.told["two_threads_to_one"] = float(alone / together)

    def memory(self) -> None:
        """Peak resident memory of a sweep of many paths over that of few."""
        few, many = (1_000, 100_000) if self.steps >= 1_024 else (100, 2_000)
        line = [sys.executable, "-m", "tests.bench.memory"]
        peaks = [
            int(subprocess.run([*line, str(count)], check=True, capture_output=True).stdout)
            for count in (few, many)
        ]
        self.told["memory_1e5_to_1e3_paths"] = peaks[1] / peaks[0]
        self.notes.append(f"memory {[peak // 1024 for peak in peaks]} MiB")


def numpy_terms(own: Work) -> dict[str, float]:
    """The benchmark's terms by name."""
    row = dict(zip(lanes.Term._fields, map(float, own.plan.terms[0]), strict=True))
    cash = float(own.plan.starts[0, 2])
    return row | {"cash": cash, "hedged": row["leverage"], "leverage": float(own.plan.curves[0, 3])}


def numpy_pools(own: Work, count: int) -> Pools:
    """The same market for NumPy."""
    return Pools(numpy_terms(own), 8, own.tables.queues.shape[1], count)


def misses(ratios: dict[str, float | None]) -> list[str]:
    """What is not as it should be."""
    found = []
    for name, (bound, limit) in TARGETS.items():
        ratio = ratios[name]
        if ratio is not None and (ratio > limit if bound == "most" else ratio < limit):
            found.append(f"{name} is {ratio:.2f}, at {bound} {limit:g} wanted")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.report")
    parser.add_argument("--radcad", metavar="PYTHON", help="an interpreter that has radCAD")
    parser.add_argument("--turns", type=int, default=40)
    chosen = parser.parse_args()
    found = Bench(turns=chosen.turns, radcad=chosen.radcad).run()
    print(json.dumps(found, indent=2))
    wrong = misses(found["ratios"])
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
