"""One keeper keeps ten markets: every event comes right after its grid point, and none twice."""

from pathlib import Path

import pytest

from tests.anvil import ANVIL, anvil
from tests.fleet.driver import measure
from tests.fleet.stage import build

MARKETS, PERIODS = 10, 6


@pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")
def test_one_keeper_closes_every_epoch_of_ten_markets_within_one_block(tmp_path: Path) -> None:
    with anvil() as node:
        told = measure(build(node, MARKETS), PERIODS, tmp_path)
    assert told["events"] == told["events due"] == MARKETS * PERIODS
    assert (told["missed"], told["twice"]) == (0, 0)
    assert told["within one block"] == told["events due"]
    assert told["invariants broken"] == 0
    assert told["paid to the keeper, DUSD"] > 0
