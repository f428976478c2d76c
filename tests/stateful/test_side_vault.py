"""The vaults of a market are their specification, after every step of a walk among them."""

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import settings

from perpools.spec.vault_state import FLOWS
from tests.stateful.machine import REACHED
from tests.stateful.vault_corners import (
    VaultCorners,
    request_in_more_epochs_than_a_claim_looks_at,
)
from tests.stateful.vault_reach import EVERYTHING
from tests.stateful.vaulting import Vaulting
from tests.strategies import V1, V2, Setup
from tests.vault_world import VaultWorld

SHARES: dict[type[Vaulting], int] = {Vaulting: 10, VaultCorners: 10}
"""A rung walks a share of the examples of the profile."""


def on_chain(rung: type[Vaulting]) -> Any:
    walk = type(f"{rung.__name__}OnChain", (rung,), {"driver": VaultWorld})
    walk.TestCase.settings = settings(
        max_examples=max(1, settings.default.max_examples // SHARES[rung])
    )
    return walk


VaultingOnChain, VaultCornersOnChain = map(on_chain, SHARES)

TestVaulting = VaultingOnChain.TestCase
TestVaultCorners = VaultCornersOnChain.TestCase

# The arguments of a rule: everything that some can be, the first of what others can.
VARIED = {"flow": FLOWS, "manner": (1, 2, 3, 4), "first": (True, False)}
SAMPLES = {"holder": "trader", "operator": "hedger"}

DIRECTED = sorted(name for name in vars(VaultCorners) if name.startswith(("reaches_", "refuses_")))


@pytest.mark.parametrize(
    ("vault", "setup"), [("long vault", V1), ("short vault", V2)], ids=["v1", "v2"]
)
@pytest.mark.parametrize("name", DIRECTED)
def test_a_fresh_market(name: str, vault: str, setup: Setup) -> None:
    walk = VaultCornersOnChain()
    walk.open_market(setup)
    rule: Callable[..., None] = getattr(walk, name)
    asked = inspect.signature(rule).parameters
    known = {**SAMPLES, "vault": vault}
    varied = {name: values for name, values in VARIED.items() if name in asked}
    for values in product(*varied.values()):
        given = known | dict(zip(varied, values, strict=True))
        rule(**{argument: given[argument] for argument in asked})
        walk.everything_agrees()
    walk.teardown()


@pytest.mark.parametrize("flow", FLOWS)
def test_a_controller_may_have_more_requests_than_one_claim_looks_at(flow: int) -> None:
    walk = VaultCornersOnChain()
    walk.open_market(V1)
    request_in_more_epochs_than_a_claim_looks_at(walk, flow)
    walk.everything_agrees()
    for _ in range(2):
        walk.claim("long vault", flow, "latecomer")
    assert not walk.world.vaults["long vault"].requests
    walk.everything_agrees()
    walk.teardown()


def test_the_walks_reached_everything() -> None:
    """Runs last in this file: a walk that never got somewhere proves nothing about it."""
    for name in sorted(EVERYTHING):
        print(f"{REACHED[name]:>7}  {name}")
    assert {name for name in EVERYTHING if not REACHED[name]} == set()
