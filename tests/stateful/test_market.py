"""The contracts are the specification, after every step of a walk that does all there is to do."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from tests.stateful.earning import Earning
from tests.stateful.escrowing import Escrowing, join_more_epochs_than_a_window
from tests.stateful.hostile import Hostile
from tests.stateful.machine import REACHED, Walk
from tests.stateful.ordering import Ordering
from tests.stateful.reach import EVERYTHING
from tests.stateful.settling import Settling
from tests.strategies import TRIGGERED, V1, V2, Setup
from tests.world import World

# A rung walks a share of the examples of the profile: a fault shows on the lowest rung that has it.
SHARES: dict[type[Walk], int] = {Settling: 20, Ordering: 8, Escrowing: 8, Earning: 10, Hostile: 5}


def on_chain(rung: type[Walk]) -> Any:
    walk = type(f"{rung.__name__}OnChain", (rung,), {"driver": World})
    walk.TestCase.settings = settings(
        max_examples=max(1, settings.default.max_examples // SHARES[rung])
    )
    return walk


SettlingOnChain, OrderingOnChain, EscrowingOnChain, EarningOnChain, HostileOnChain = map(
    on_chain, SHARES
)

TestSettling = SettlingOnChain.TestCase
TestOrdering = OrderingOnChain.TestCase
TestEscrowing = EscrowingOnChain.TestCase
TestEarning = EarningOnChain.TestCase
TestHostile = HostileOnChain.TestCase

# The first thing each argument of a rule can be.
SAMPLES = {
    "holder": "trader",
    "other": "hedger",
    "operator": "hedger",
    "keeper": "trader",
    "unknown": 6,
    "side": 1,
    "kind": 3,
    "part": 100,
    "item": 1,
    "which": 0,
    "more": 14,
    "hint": 7,
    "manner": 1,
    "up": False,
    "tip": 3,
    "asked": ("claim", "trader"),
}

DIRECTED = sorted(name for name in dir(Hostile) if name.startswith(("reaches_", "refuses_")))


@pytest.mark.parametrize(
    ("name", "setup"),
    [
        pytest.param(name, setup, id=f"{name}-{label}")
        for name in DIRECTED
        for label, setup in {"v1": V1, "v2": V2, "triggered": TRIGGERED}.items()
        if (label == "triggered") <= ("trigger" in name)
    ],
)
def test_a_fresh_market(name: str, setup: Setup) -> None:
    walk = HostileOnChain()
    walk.open_market(setup)
    rule: Callable[..., None] = getattr(walk, name)
    rule(**{argument: SAMPLES[argument] for argument in inspect.signature(rule).parameters})
    walk.everything_agrees()
    walk.teardown()


def test_an_owner_may_join_more_epochs_than_a_window() -> None:
    walk = HostileOnChain()
    walk.open_market(V2)
    join_more_epochs_than_a_window(walk)
    walk.everything_agrees()
    walk.act("claim", sender="latecomer")
    walk.teardown()


def test_the_walks_reached_everything() -> None:
    """Runs last in this file: a walk that never got somewhere proves nothing about it."""
    for name in sorted(EVERYTHING | REACHED.keys()):
        print(f"{REACHED[name]:>7}  {name}")
    assert {name for name in EVERYTHING if not REACHED[name]} == set()
