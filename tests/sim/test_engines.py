"""
Two engines, one market: floating point agrees with the specification to twelve digits, on real
prices, with every agent, every fee and every kind of keeper; and compiled with interpreted to the
last bit.
"""

from itertools import product

import numpy as np
import pytest

from perpools.sim import exact, fast
from perpools.sim.books import COLUMNS, FEES
from perpools.sim.outcome import Outcome
from perpools.sim.scene import Keeper, Scene
from tests.sim import scenes
from tests.sim.scenes import (
    MOMENTUM,
    PUNCTUAL,
    TRIGGERED,
    UNRELIABLE,
    V1,
    V2,
    daily,
    euro,
    hourly,
    scene,
)

EVERYBODY = "all,skew-farmer:threshold=0.01,hedged=0,acts_after_s=600"
LIMIT = 1e-12

MARKETS = {"v1": V1, "v2": V2, "fees": scenes.FEES, "price change": TRIGGERED, "momentum": MOMENTUM}
KEEPERS = {"punctual": PUNCTUAL, "unreliable": UNRELIABLE}


def ignore(done: int, of: int) -> None:
    """No progress is shown."""


def assert_same(scene: Scene, one: Outcome, other: Outcome) -> None:
    """
    Equal to twelve digits: events column by column, agents relative to what they began with. A
    fraction is a part of one: what is left of two close prices has fewer digits of its own; so has
    an order, which may be what is missing between two sides, and it is a part of those.
    """
    a, b = np.array(one.events), np.array(other.events)
    assert a.shape == b.shape
    scale = np.maximum(np.abs(b), 1e-300)
    for part_of_one in ("fraction", "largest_share", "concentration", "free_share"):
        scale[:, COLUMNS.index(part_of_one)] = 1.0
    column = dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    scale[:, column["waiting"]] = b[:, column["long_balance"]] + b[:, column["short_balance"]]
    for side, flow in product(("long", "short"), ("paid_in", "paid_out", "minted", "burned")):
        whole = f"{side}_balance" if "paid" in flow else f"{side}_supply"
        scale[:, column[f"{side}_{flow}"]] = np.maximum(
            b[:, column[whole]], scale[:, column[f"{side}_{flow}"]]
        )
    worst = (np.abs(a - b) / scale).max(axis=0)
    assert dict(zip(COLUMNS, worst, strict=True)) == pytest.approx(
        dict.fromkeys(COLUMNS, 0.0), abs=LIMIT
    )
    cash = np.array([[agent.cash] for agent in scene.agents])
    values = np.array(one.values), np.array(other.values)
    assert (np.abs(values[0] - values[1]) / np.maximum(cash, np.abs(values[1]))).max() <= LIMIT
    outside = np.array(one.outside), np.array(other.outside)
    assert (np.abs(outside[0] - outside[1]) / np.maximum(cash, np.abs(outside[1]))).max() <= LIMIT
    paid = [[wallet[FEES] for wallet in outcome.wallets] for outcome in (one, other)]
    assert paid[0] == pytest.approx(paid[1], rel=LIMIT, abs=LIMIT)
    assert one.refused == other.refused


@pytest.mark.parametrize("keeper", KEEPERS.values(), ids=KEEPERS)
@pytest.mark.parametrize("text", MARKETS.values(), ids=MARKETS)
def test_fast_and_exact_agree(text: str, keeper: Keeper) -> None:
    played = scene(text, euro(800), EVERYBODY, keeper)
    assert_same(played, fast.play(played, ignore, compiled=False), exact.play(played, ignore))


@pytest.mark.parametrize("text", [V1, V2], ids=["v1", "v2"])
def test_they_agree_over_all_the_years_there_are(text: str) -> None:
    played = scene(text, euro(), "all")
    assert_same(played, fast.play(played, ignore), exact.play(played, ignore))


@pytest.mark.parametrize("preset", ["v1", "v2"])
def test_nothing_is_left_of_holdings_that_have_gone(preset: str) -> None:
    """
    Wild hours of agents much larger than the pool: a wallet's rounding, were it to stay in the
    supply, would be 1e-10 of what is left of v1's tokens.
    """
    text = f'preset = "{preset}"\nname = "drawn"\nleverage = 3\ninterval = "1h"\n'
    played = scene(text, hourly(4_000, volatility=3.0), "all", liquidity=20_000.0)
    assert_same(played, fast.play(played, ignore), exact.play(played, ignore))


def test_they_agree_where_a_feed_falls_silent() -> None:
    text = f'{V1}[price]\nmax_age = "2d"\n'
    played = scene(text, euro(1_000), EVERYBODY, UNRELIABLE)
    assert played.grid.silent > 0
    assert_same(played, fast.play(played, ignore), exact.play(played, ignore))


def test_they_agree_where_a_keeper_falls_far_behind() -> None:
    rarely = Keeper(late_s=60, fails=0.97)
    played = scene(V2, euro(1_000), "random-flow:activity=1,skew-farmer", rarely)
    outcome = fast.play(played, ignore)
    assert outcome.refused > 0
    assert_same(played, outcome, exact.play(played, ignore))


def test_they_agree_on_leaps() -> None:
    leaps = daily(100, 101, 400, 80, 80, 20, 100, 20, 20, 19, 18, 40, 5, 6)
    for text in (V1, TRIGGERED):
        played = scene(text, leaps, "random-flow:activity=1,momentum")
        assert_same(played, fast.play(played, ignore), exact.play(played, ignore))


def test_a_compiled_run_is_the_interpreted_one_to_the_last_bit() -> None:
    played = scene(scenes.FEES, euro(600), EVERYBODY, UNRELIABLE)
    compiled = fast.play(played, ignore, compiled=True)
    assert compiled == fast.play(played, ignore, compiled=False)


def test_the_same_seed_is_the_same_story_and_another_is_another() -> None:
    flows = [
        fast.play(scene(V1, euro(300), "random-flow", seed=seed), ignore).values
        for seed in (7, 7, 8)
    ]
    assert flows[0] == flows[1] != flows[2]


def test_progress_is_told_and_ends_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    played = scene(V1, euro(300))
    for play in (fast.play, exact.play):
        play(played, lambda done, of: told.append((done, of)))
        assert told[-1] == (played.grid.size, played.grid.size)
