"""Monte-Carlo: the same seed is the same result bit for bit, however the work is cut or stopped."""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perpools.cli import main
from perpools.errors import ConfigError
from perpools.sim import fast, paths, recruit
from perpools.sim.gathering import gather, merge
from perpools.sim.grid import on_grid
from perpools.sim.measuring import Distribution
from perpools.sim.montecarlo import CHUNK, Player, Task, blank, simulate
from perpools.sim.scene import Keeper
from tests.sim.scenes import DAY_S, FEES, V1, daily, market

COUNT = 2 * CHUNK + 10
MODELS = ("gbm", "jumps", "stochastic-volatility")


def play(text: str = V1, agents: str = "skew-farmer", **options: Any) -> Distribution:
    options = {"count": COUNT, "horizon_s": 60 * DAY_S, **options}
    return simulate(market(text), paths.Brownian(), recruit(agents), **options)


def same(one: Distribution, other: Distribution) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.gathered, other.gathered, strict=True))


def test_workers_change_no_bit() -> None:
    assert same(play(), play(workers=2))


def test_another_seed_is_another_result() -> None:
    assert not same(play(), play(seed=2))


def test_an_interrupted_simulation_goes_on_where_it_stopped(tmp_path: Path) -> None:
    saved = tmp_path / "saved.npz"

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(saved=saved, on_progress=stop)
    told: list[int] = []
    found = play(saved=saved, on_progress=lambda done, of: told.append(done))
    assert told == [2 * CHUNK, COUNT]
    assert same(found, play())
    assert not list(tmp_path.glob("*.part"))


def test_a_finished_simulation_is_read_again(tmp_path: Path) -> None:
    saved = tmp_path / "saved.npz"
    first = play(saved=saved)
    assert same(first, play(saved=saved))


def test_what_was_saved_of_another_simulation_is_refused(tmp_path: Path) -> None:
    saved = tmp_path / "saved.npz"
    play(saved=saved, count=10)
    with pytest.raises(ConfigError, match="of another simulation"):
        play(saved=saved, count=10, seed=9)
    saved.write_text("nonsense")
    with pytest.raises(ConfigError, match="not a saved simulation"):
        play(saved=saved, count=10)


@pytest.mark.parametrize("name", MODELS)
def test_a_path_is_the_same_whichever_way_it_is_played(name: str) -> None:
    """What the compiled tables say is what the interpreted engine says of the same prices."""
    keeper = Keeper(fails=0.2)
    agents = recruit("random-flow,momentum")
    scene = blank(market(FEES), agents, 40 * DAY_S, keeper=keeper, liquidity=1e6, seed=3)
    player = Player(Task(scene, paths.model_of(name), 5))
    player.measures(4)
    run = player._tables()
    player._fill(run, 0)
    wads = tuple(round(float(spot) * 10**18) for spot in run.track.spots)
    known = scene.grid.prices._replace(
        times=tuple((1 + point) * DAY_S for point in range(scene.grid.size)), wads=wads
    )
    filled = scene.grid._replace(prices=known, wads=wads)
    interpreted = fast.play(
        type(scene)("m", scene.terms, filled, agents, keeper, 1e6, 3),
        lambda done, of: None,
        compiled=False,
    )
    profits = player.measures(0)[-2:]
    assert profits == pytest.approx([values[-1] - 1e5 for values in interpreted.values], rel=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_no_model_makes_money_by_itself(name: str) -> None:
    """Without drift the price is expected to stay, and the model's volatility is what it says."""
    model = paths.model_of(name)
    ends = [paths.spots(model, 1, path, 91, DAY_S)[-1] for path in range(4_000)]
    error = np.std(ends) / len(ends) ** 0.5
    assert abs(np.mean(ends) - paths.START) < 4 * error


def test_the_volatility_of_a_year_is_that_of_the_model() -> None:
    moves = paths.Brownian(volatility=0.5).steps(1, 0, 50_000, DAY_S)
    assert moves.std() * 365**0.5 == pytest.approx(0.5, rel=0.02)


def test_a_bootstrap_keeps_blocks_of_history_together() -> None:
    history = daily(*range(1, 102))
    model = paths.history(on_grid(history, DAY_S, None), block=10)
    moves = model.steps(1, 0, 95, DAY_S)
    places = [int(np.argmin(np.abs(model.moves - move))) for move in moves]
    follows = [(b - a) % 100 == 1 for a, b in pairwise(places)]
    assert sum(follows) >= 85


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weather", "model 'weather' is unknown: choose gbm, jumps, stochastic-volatility"),
        ("gbm:speed=1", "model gbm has no setting 'speed': choose from volatility, drift"),
        ("gbm:drift=up", "model gbm: drift=up is not a number"),
        ("bootstrap", "bootstrap: needs a history"),
    ],
)
def test_a_model_that_is_not_there_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        paths.model_of(text)
    assert str(refusal.value).startswith(said)


def test_gathered_statistics_are_those_of_all_paths_at_once() -> None:
    values = np.random.default_rng(1).normal(size=(1_000, 3)) * [1.0, 1e-3, 1e6]
    found = merge(merge(None, gather(values[:300])), gather(values[300:]))
    assert found.mean == pytest.approx(values.mean(axis=0), rel=1e-12)
    assert found.deviation == pytest.approx(values.std(axis=0, ddof=1), rel=1e-12)
    assert np.array_equal(found.least, values.min(axis=0))
    for part in (0.05, 0.5, 0.95):
        exact = np.quantile(values, part, axis=0, method="inverted_cdf")
        assert found.quantile(part) == pytest.approx(exact, rel=4e-3, abs=1e-5)


def test_the_command_prints_a_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "market.toml"
    path.write_text(V1)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["perpools", "simulate", str(path), *arguments])
        with pytest.raises(SystemExit) as end:
            main.run()
        return int(end.value.code or 0), *capsys.readouterr()

    code, out, _ = call("--paths", "20", "--horizon", "30d", "--agents", "momentum", "--json")
    found = json.loads(out)
    assert (code, found["paths"]) == (0, 20)
    assert found["measures"]["long_return"]["5%"] <= found["measures"]["long_return"]["95%"]
    assert "momentum_profit" in found["measures"]
    bootstrap = ("--model", "bootstrap:block=20", "--source", "ecb:EURUSD")
    code, out, _ = call("--paths", "5", "--horizon", "30d", *bootstrap)
    assert code == 0
    assert "5 paths of bootstrap:block=20" in out
    assert call("--horizon", "1d")[0] == 2
