"""What operations cost: exactly what was recorded, and no more than the design allows."""

import pytest

from tests.anvil import ANVIL
from tests.gas.report import measured, record, recorded

# DESIGN.md, section 5: the original's second version, and what ours may cost at most.
CEILINGS = {
    "order/first of an epoch": (244_765, 118_000),
    "order/later in the epoch": (210_565, 100_000),
    "order/tenth, hourly, 8h ahead": (489_000, 118_000),
    "event/no orders": (380_773, 98_000),
    "event/1 order": (409_528, 128_000),
    "event/100 orders": (440_223, 128_000),
    "event/14 periods late": (1_255_181, 98_000),
    "claim/one epoch": (142_895, 78_000),
    "user/order+claim+share of 100": (358_498, 180_000),
}

# Beside an event at one feed's price, about 96,500.
PERIPHERY = {
    "event/price a ratio of two feeds": 110_000,
    "event/price a median of three feeds": 130_000,
    "upkeep/1 market": 106_000,
    "upkeep/10 markets": 745_000,
}

pytestmark = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")


@pytest.fixture(scope="module")
def gas(request: pytest.FixtureRequest) -> dict[str, int]:
    found = measured()
    if request.config.getoption("--record-gas"):
        record(found)
    return found


def test_every_operation_costs_what_was_recorded(gas: dict[str, int]) -> None:
    assert gas == recorded()


@pytest.mark.parametrize("name", CEILINGS)
def test_an_operation_costs_no_more_than_the_design_allows(gas: dict[str, int], name: str) -> None:
    _, ceiling = CEILINGS[name]
    assert gas[name] <= ceiling


def test_an_event_costs_the_same_however_many_orders_it_executes(gas: dict[str, int]) -> None:
    assert abs(gas["event/100 orders"] - gas["event/1 order"]) < 100


def test_a_request_costs_the_same_however_many_there_are(gas: dict[str, int]) -> None:
    """What a vault adds to an order: its own payment, and who requested what."""
    request, order = gas["vault/request, later in the epoch"], gas["order/later in the epoch"]
    assert request - order < 25_000


def test_a_late_event_costs_the_same_as_one_in_time(gas: dict[str, int]) -> None:
    assert abs(gas["event/14 periods late"] - gas["event/no orders"]) < 1_500


@pytest.mark.parametrize("name", PERIPHERY)
def test_the_periphery_costs_no_more_than_it_should(gas: dict[str, int], name: str) -> None:
    assert gas[name] <= PERIPHERY[name]


def test_a_market_pays_for_no_more_gas_in_a_batch_than_alone(gas: dict[str, int]) -> None:
    assert gas["upkeep/10 markets, paid for"] <= 10 * gas["upkeep/1 market, paid for"]
    assert abs(gas["upkeep/1 market, paid for"] - gas["event/no orders"]) < 100


def test_what_a_batch_earns_its_keeper_is_known(gas: dict[str, int]) -> None:
    """One transaction's base cost, and a shared feed read once, for each further market."""
    alone = gas["upkeep/1 market, paid for"] - gas["upkeep/1 market"]
    ten = gas["upkeep/10 markets, paid for"] - gas["upkeep/10 markets"]
    assert -10_000 < alone < 0
    assert 20_000 < (ten - alone) / 9 < 25_000
