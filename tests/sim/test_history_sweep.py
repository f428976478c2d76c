"""Sweeps over a history: one result bit for bit, whoever works, however often it is stopped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perpools.errors import ConfigError
from perpools.sim import fast, history_lanes, history_sweep, recruit
from perpools.sim.books import COLUMNS
from perpools.sim.history_sweep import History, sweep_history
from perpools.sim.prices import Prices
from perpools.sim.scene import Keeper
from perpools.sim.sweep import Swept
from perpools.sim.working import Crew
from tests.sim.scenes import (
    FEES,
    PUNCTUAL,
    TRIGGERED,
    UNRELIABLE,
    V1,
    V2,
    daily,
    euro,
    scene,
)
from tests.sim.test_sweep import same

VARY = {"sma_periods": ("1", "8"), "agent.threshold": ("0.02", "0.05")}

TERMS = (
    V1,
    V1.replace("leverage = 3", "leverage = 2.5"),
    V2,
    V2.replace("leverage = 3", "leverage = 9"),
    f'{V2}transfer = "linear"\n',
    FEES,
)
LEAPS = daily(100, 101, 400, 80, 80, 20, 100, 20, 20, 19, 18, 40, 5, 6, 0.001, 1_000, 30, 0.0001)
PLAYED = (
    *("epoch", "spot", "fraction", "keeper_reward"),
    *("long_balance", "short_balance", "long_supply", "short_supply"),
)


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


@pytest.mark.parametrize("keeper", [PUNCTUAL, UNRELIABLE], ids=["punctual", "unreliable"])
@pytest.mark.parametrize("liquidity", [1e6, 1e-6], ids=["usual", "locked tokens alone"])
@pytest.mark.parametrize("known", [euro(300), LEAPS], ids=["euro", "leaps"])
def test_side_by_side_is_one_by_one_to_the_last_bit(
    known: Prices, liquidity: float, keeper: Keeper
) -> None:
    scenes = [scene(text, known, "", keeper, liquidity) for text in TERMS]
    assert all(map(history_lanes.fits, scenes))
    for own, events in history_lanes.play(scenes):
        alone = np.array(fast.play(own, lambda _, __: None).events)
        for name in PLAYED:
            column = COLUMNS.index(name)
            assert np.array_equal(events[:, column], alone[:, column]), name


def test_settings_that_differ_in_their_grid_agents_or_trigger_are_not_mixed() -> None:
    weekly, silent = V2.replace('"1d"', '"7d"'), f'{V1}[price]\nmax_age = "2d"\n'
    texts = (V1, weekly, V2, silent, TRIGGERED, V1)
    scenes = [scene(text, euro(300)) for text in texts] + [scene(V1, euro(300), "momentum")]
    assert History(scenes).tasks == ((0, 2, 5), (1,), (3,), (4,), (6,))
    found = play({"leverage": ("1", "2"), "interval": ("1d", "2d")}, "")
    alone = [play({key: (value,) for key, value in one.labels}, "")[0] for one in found]
    assert same(found, alone)


def test_a_long_history_takes_fewer_settings_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vary = {"leverage": ("1", "2", "3", "4", "5")}
    expected = play(vary, "")
    monkeypatch.setattr(history_lanes, "CELLS", 2 * scene(V2, euro(300)).grid.size)
    told = list[int]()
    assert same(play(vary, "", on_progress=lambda done, of: told.append(done)), expected)
    assert told == [2, 4, 5]


def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    saved, told = tmp_path / "saved.npz", list[int]()

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(saved=saved, on_progress=stop)
    with np.load(saved) as kept:
        before = len(kept["sizes"])
    assert before in (2, 3)
    found = play(saved=saved, on_progress=lambda done, of: told.append(done))
    assert told == list(range(before, 5))
    assert same(found, play())
    for other in ({"seed": 2}, {"agents": "skew-farmer:hedge_cost=0.1,momentum"}):
        with pytest.raises(ConfigError, match="of another sweep"):
            play(saved=saved, **other)
    saved.write_bytes(b"nothing")
    with pytest.raises(ConfigError, match="not a saved sweep"):
        play(saved=saved)
    assert [path.name for path in tmp_path.iterdir()] == ["saved.npz"]
