"""Desks on an embedded chain with the whole protocol on it."""

from pathlib import Path

import pytest

from perpools.demo import stage
from perpools.demo.prices import Fixing, Prices
from perpools.demo.stage import Stage
from perpools.spec.units import Address
from tests.cli.desk import Desk

WAD = 10**18
GENESIS = 1_700_000_000
INTERVAL_S = 3_600


@pytest.fixture(scope="module")
def built() -> Stage:
    """A v1 and a v2 market on the embedded chain, hourly."""
    fixings = (Fixing(GENESIS, WAD), Fixing(GENESIS + INTERVAL_S, WAD))
    return stage.build(Prices("EUR/USD", fixings), 3_000 * WAD)


@pytest.fixture
def v1(built: Stage) -> Address:
    """The v1 market: spot price, five minutes from the cut-off to the grid point."""
    return built.mirrors[0].market.address


@pytest.fixture
def depositor(built: Stage, v1: Address, tmp_path: Path) -> Desk:
    """Has coins, and approved them to the markets."""
    return Desk(built.node, tmp_path, ("--account", built.cast.holders[0], "--market", v1))


@pytest.fixture
def stranger(built: Stage, v1: Address, tmp_path: Path) -> Desk:
    """Has ether and nothing else."""
    return Desk(built.node, tmp_path, ("--account", built.cast.keeper, "--market", v1))
