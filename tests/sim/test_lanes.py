"""The lane kernel plays what the fast engine plays: every measure of every path, to 1e-12."""

from typing import Any

import numpy as np
import pytest

from perpools.sim import lanes, paths, recruit
from perpools.sim.lane_pools import LANES
from perpools.sim.lane_prices import source_of
from perpools.sim.measuring import MEASURES
from perpools.sim.montecarlo import Player, Task, blank
from perpools.sim.paths import Model
from perpools.sim.scene import Keeper, Scene
from perpools.sim.sweep import Thinned
from tests.sim.scenes import DAY_S, FEES, MOMENTUM, TRIGGERED, V1, V2, market

LIMIT = 1e-12
GBM = paths.Brownian()
FARMER = "skew-farmer:threshold=0.02,buffer=0.005"
POWER = V1.replace("leverage = 3", "leverage = 2.5")
LINEAR = f'{V2}transfer = "linear"\n'
PAID = Keeper(eth_price=3_000.0)
MODELS = {name: paths.model_of(name) for name in paths.MODELS} | {
    "bootstrap": paths.Bootstrap(np.random.default_rng(1).normal(0, 0.05, 97), block=10)
}


def staged(text: str, agents: str = "", keeper: Keeper = Keeper(), days: int = 250) -> Scene:  # noqa: B008
    return blank(market(text), recruit(agents), days * DAY_S, keeper=keeper, liquidity=1e6, seed=3)


def by_lanes(scenes: list[Scene], model: Model, interval_s: int = DAY_S, first: int = 0) -> Any:
    source = source_of(model, interval_s)
    assert source is not None
    assert all(lanes.fits(scene) for scene in scenes)
    steps = (scenes[0].grid.size - 1) * scenes[0].terms.interval_s // interval_s
    return lanes.play(lanes.plan(scenes, interval_s), source, 3, first, steps)


def assert_same(found: Any, scene: Scene, model: Model, first: int = 0) -> None:
    """Differences are relative where a measure is large, such as a farmer's profit."""
    player = Player(Task(scene, model, LANES))
    for lane in range(0, LANES, 9):
        exact = player.measures(first + lane)
        gap = np.abs(found[lane, : len(exact)] - exact) / np.maximum(1.0, np.abs(exact))
        assert gap.max() <= LIMIT, dict(zip((*MEASURES, "profit"), gap, strict=False))


@pytest.mark.parametrize("agents", ["", FARMER, "skew-farmer:hedged=0.5,share=1,cash=9000"])
@pytest.mark.parametrize(
    "text", [V1, V2, FEES, POWER, LINEAR], ids=["v1", "v2", "fees", "power", "linear"]
)
def test_every_measure_is_the_fast_engines(text: str, agents: str) -> None:
    scene = staged(text, agents)
    [found] = by_lanes([scene], GBM)
    assert_same(found, scene, GBM)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_path_is_the_same_by_any_model(model: Model) -> None:
    scene = staged(V1, FARMER)
    [found] = by_lanes([scene], model, first=2**32 - 50)
    assert_same(found, scene, model, first=2**32 - 50)


@pytest.mark.parametrize("agents", ["", FARMER])
def test_a_paid_keeper_costs_what_it_costs_there(agents: str) -> None:
    scene = staged(FEES, agents, PAID)
    [found] = by_lanes([scene], GBM)
    assert found[0, MEASURES.index("keeper_rewards")] > 0
    assert_same(found, scene, GBM)


def test_leaps_leave_the_digits_of_the_larger_side() -> None:
    """
    A side that lost nearly everything is known to a part of the other, not of itself; and an
    average of prices that fell a millionfold, to a part of the highest.
    """
    moves = np.log(np.array([0.23, 4.1, 0.12, 1.07, 9.3, 0.9, 1.13, 27.0, 1 / 31]))
    leaps = paths.Bootstrap(moves, block=2)
    text = V2.replace("leverage = 3", "leverage = 4").replace("8d", "1h")
    skew = MEASURES.index("last_skew")
    for agents in ("", "skew-farmer"):
        scene = staged(text, agents, days=40)
        [found] = by_lanes([scene], leaps)
        player = Player(Task(scene, leaps, LANES))
        exact = np.array([player.measures(lane) for lane in range(LANES)])
        ratios = found[:, skew : skew + 3], exact[:, skew : skew + 3]
        smaller = [np.minimum(ratio, 1 / ratio) for ratio in ratios]
        assert smaller[1].min() < 1e-6
        assert smaller[0] == pytest.approx(smaller[1], rel=1e-9, abs=1e-9)


def test_settings_share_prices_and_change_nothing_of_each_other() -> None:
    scenes = [staged(V1, FARMER), staged(V1), staged(FEES, FARMER), staged(V2, "skew-farmer")]
    together = by_lanes(scenes, GBM)
    for found, scene in zip(together, scenes, strict=True):
        assert np.array_equal(found, by_lanes([scene], GBM)[0])


def test_a_longer_interval_sees_every_so_many_prices() -> None:
    weekly = staged(V2.replace('"1d"', '"7d"').replace("8d", "7d"), FARMER, days=350)
    [found] = by_lanes([weekly], GBM)
    assert_same(found, weekly, Thinned(GBM, 7, DAY_S))


@pytest.mark.parametrize(
    ("text", "agents", "keeper"),
    [
        (V1, "momentum", Keeper()),
        (V1, "skew-farmer,skew-farmer", Keeper()),
        (V1, "", Keeper(fails=0.1)),
        (V1, "skew-farmer", Keeper(late_s=60)),
        (TRIGGERED, "", Keeper()),
        (MOMENTUM, "", Keeper()),
    ],
)
def test_what_the_kernel_does_not_know_it_says(text: str, agents: str, keeper: Keeper) -> None:
    assert not lanes.fits(staged(text, agents, keeper))


def test_a_model_of_ones_own_is_none_of_the_kernels() -> None:
    assert source_of(Thinned(GBM, 2, DAY_S), DAY_S) is None
