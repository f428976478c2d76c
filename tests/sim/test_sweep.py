"""Sweeps: one result bit for bit, whoever works, however often it is stopped."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest

from perpools.cli import main
from perpools.errors import ConfigError
from perpools.sim import paths, recruit
from perpools.sim.montecarlo import simulate
from perpools.sim.settings import settings, vary_of
from perpools.sim.sweep import Swept, sweep
from perpools.sim.working import Crew
from tests.sim.scenes import DAY_S, V2, market

COUNT = 2_300
VARY = {"leverage": ("1", "3"), "agent.threshold": ("0.02", "0.2")}
ROOT = Path(__file__).parents[2]


def play(vary: Any = VARY, agents: str = "skew-farmer", **options: Any) -> list[Swept]:
    options = {"count": COUNT, "horizon_s": 40 * DAY_S, **options}
    return sweep(V2, paths.Brownian(), vary, recruit(agents), **options)


def same(one: list[Swept], other: list[Swept]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(
        a.labels == b.labels
        and all(map(np.array_equal, a.distribution.gathered, b.distribution.gathered))
        for a, b in pairs
    )


def test_a_setting_is_what_a_simulation_of_it_alone_is() -> None:
    [found] = play({"leverage": ("3",)}, count=300)
    alone = simulate(
        market(V2), paths.Brownian(), recruit("skew-farmer"), count=300, horizon_s=40 * DAY_S
    )
    table, other = found.distribution.table(), alone.table()
    assert table.keys() == other.keys()
    for measure, values in table.items():
        assert values == pytest.approx(other[measure], rel=1e-9, abs=1e-12)


def test_what_lanes_do_not_know_the_fast_engine_plays_over_the_same_paths() -> None:
    [alone, both] = (play({"leverage": ("3",)}, who, count=150)[0] for who in ("", "momentum"))
    moved = [one.distribution.table()["price_return"] for one in (alone, both)]
    assert moved[0] == pytest.approx(moved[1], rel=1e-12)
    assert "momentum_profit" in both.distribution.table()


def test_settings_of_several_intervals_see_the_same_prices() -> None:
    found = play({"interval": ("1d", "2d", "4d"), "front_running_interval": ("1d",)}, "momentum,")
    ends = [one.distribution.table()["price_return"]["mean"] for one in found]
    assert ends == pytest.approx([ends[0]] * 3, rel=1e-9)


def test_threads_change_no_bit() -> None:
    assert same(play(), play(crew=Crew(workers=2)))


def test_workers_of_a_cluster_change_no_bit() -> None:
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    with cluster:
        found = play(crew=Crew(scheduler=cluster.scheduler_address))
    assert same(found, play())


def test_a_scheduler_that_is_not_there_is_said_so() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ConfigError, match="no Dask scheduler answers"):
        play(crew=Crew(scheduler="nonsense://127.0.0.1:1"))


def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    saved, told = tmp_path / "saved.npz", []

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(saved=saved, on_progress=stop)
    found = play(saved=saved, on_progress=lambda done, of: told.append(done))
    assert told == [2_048, COUNT]
    assert same(found, play())
    assert same(found, play(saved=saved))
    with pytest.raises(ConfigError, match="of another simulation"):
        play(saved=saved, seed=2)


def command(path: Path, *options: str) -> list[str]:
    code = "from perpools.cli.main import run; run()"
    vary = ("--vary", "leverage=1,3", "--vary", "agent.threshold=0.02,0.2")
    size = ("--paths", "60000", "--horizon", "400d", "--agents", "skew-farmer", "--json")
    return [sys.executable, "-c", code, "sweep", str(path), *vary, *size, *options]


def test_a_kill_in_the_middle_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path, saved = tmp_path / "market.toml", tmp_path / "saved.npz"
    path.write_text(V2)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    resumed = command(path, "--resume", str(saved))
    with subprocess.Popen(resumed, env=environment, stdout=subprocess.DEVNULL) as victim:
        deadline = time.monotonic() + 120
        while not saved.exists() and victim.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError):
            victim.send_signal(signal.SIGKILL)
    assert victim.returncode == -signal.SIGKILL
    with np.load(saved) as kept:
        assert 0 < int(kept["done"]) < 59
    results = [
        subprocess.run(line, env=environment, check=True, capture_output=True).stdout
        for line in (resumed, command(path, "--workers", "2"))
    ]
    assert results[0] == results[1]
    assert json.loads(results[0])["paths"] == 60_000
    assert sorted(file.name for file in tmp_path.iterdir()) == ["market.toml", "saved.npz"]


def test_settings_are_every_combination() -> None:
    vary = vary_of(["leverage=1,2", "fees.mint=0%, 0.5%", "agent.every=3,4"])
    chosen = settings(V2, recruit("delta-hedger,momentum"), vary)
    assert len(chosen) == 8
    assert dict(chosen[-1].labels) == {"leverage": "2", "fees.mint": "0.5%", "agent.every": "4"}
    assert chosen[-1].agents[0].settings.every == 4
    assert chosen[-1].market.fees.mint == 5 * 10**15


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("leverage", "--vary leverage: write it like leverage=1,2,3"),
        ("speed=1,2", "--vary speed: no key of a market file"),
        ("agent.speed=1", "--vary agent.speed: no agent has such a setting"),
        ("agent.threshold=high", "--vary agent.threshold: high is not a number"),
        ("leverage=1,1000", "leverage:"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        settings(V2, recruit("skew-farmer"), vary_of([text]))
    assert str(refusal.value).startswith(said)


def test_the_command_prints_and_writes_every_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, csv, parquet = (tmp_path / name for name in ("market.toml", "out.csv", "out.parquet"))
    path.write_text(V2)

    def call(*arguments: str) -> tuple[int, str, str]:
        words = ["perpools", "sweep", str(path), "--vary", "leverage=1,3", *arguments]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as end:
            main.run()
        return int(end.value.code or 0), *capsys.readouterr()

    simulated = ("--paths", "50", "--horizon", "30d", "--agents", "skew-farmer")
    code, out, _ = call(*simulated, "--csv", str(csv), "--parquet", str(parquet))
    assert (code, out.count("%")) == (0, 6)
    assert polars.read_csv(csv).shape == polars.read_parquet(parquet).shape == (26, 11)
    code, out, _ = call(*simulated, "--json")
    assert [one["setting"]["leverage"] for one in json.loads(out)["settings"]] == ["1", "3"]
    code, out, _ = call("--source", "ecb:EURUSD", "--json")
    assert (code, json.loads(out)["paths"]) == (0, 1)
    kept = ("--source", "ecb:EURUSD", "--resume", str(tmp_path / "kept"), "--workers", "2")
    assert [call(*kept, "--json")[1] for _ in range(2)] == [out, out]
    assert call(*simulated, "--csv", str(tmp_path / "missing" / "out.csv"))[0] == 2
