"""Sweeps over a history: one result bit for bit, whoever works, however often it is stopped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perpools.errors import ConfigError
from perpools.sim import history_sweep, recruit
from perpools.sim.history_sweep import History, sweep_history
from perpools.sim.sweep import Swept
from perpools.sim.working import Crew
from tests.sim.scenes import V2, euro, scene
from tests.sim.test_sweep import same

VARY = {"sma_periods": ("1", "8"), "agent.threshold": ("0.02", "0.05")}


def play(vary: Any = VARY, agents: str = "skew-farmer,momentum", **options: Any) -> list[Swept]:
    return sweep_history(V2, euro(300), vary, recruit(agents), **options)


def test_every_setting_is_what_it_is_alone() -> None:
    found = play()
    assert len(found) == 4
    for one in found:
        [alone] = play({key: (value,) for key, value in one.labels})
        assert same([one], [alone])
    profits = {one.distribution.table()["skew-farmer_profit"]["mean"] for one in found}
    assert len(profits) == 4


def test_threads_and_a_cluster_change_no_bit() -> None:
    expected = play()
    assert same(play(crew=Crew(workers=3)), expected)
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    with cluster:
        assert same(play(crew=Crew(scheduler=cluster.scheduler_address)), expected)


def test_compiled_settings_are_the_interpreted_ones() -> None:
    history = History([scene(V2, euro(300), "skew-farmer,momentum", seed=seed) for seed in (1, 2)])
    assert not history.compiled
    expected = [history_sweep.play(history, number) for number in range(2)]
    history.compiled = True
    found = [history_sweep.play(history, number) for number in range(2)]
    assert np.array_equal(found, expected)


def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    saved, told = tmp_path / "saved.npz", list[int]()

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(saved=saved, on_progress=stop)
    with np.load(saved) as kept:
        assert len(kept["sizes"]) in (2, 3)
    found = play(saved=saved, on_progress=lambda done, of: told.append(done))
    assert told == [1, 2, 3, 4]
    assert same(found, play())
    for other in ({"seed": 2}, {"agents": "skew-farmer:hedge_cost=0.1,momentum"}):
        with pytest.raises(ConfigError, match="of another sweep"):
            play(saved=saved, **other)
    saved.write_bytes(b"nothing")
    with pytest.raises(ConfigError, match="not a saved sweep"):
        play(saved=saved)
    assert [path.name for path in tmp_path.iterdir()] == ["saved.npz"]
