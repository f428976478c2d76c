"""Everything goes wrong at once, for many periods: the events are those of a quiet day."""

import random

from tests.chain.faults import answer, delay, drop, error, garbage, lagging, status
from tests.faults.harness import SEND, World
from tests.faults.verdict import judge

PERIODS, SEED = 5, 2
FAULTS = (
    drop(),
    drop(late=True),
    delay(0.6),
    status(429),
    status(502),
    garbage(),
    error(-32603, "internal error"),
    lagging(1),
)
METHODS = (
    SEND,
    "eth_call",
    "eth_estimateGas",
    "eth_getBlockByNumber",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_getLogs",
)


def test_no_storm_costs_an_event(stage: World) -> None:
    chance = random.Random(SEED)
    keeper = stage.keeper(timeout_s=0.4)
    stage.pass_grid_point()
    stage.catch_up()
    for _ in range(PERIODS):
        for _ in range(3):
            fault, method = chance.choice(FAULTS), chance.choice(METHODS)
            stage.proxy.do(fault, method, times=chance.randint(1, 3))
        stage.proxy.do(answer(None), "eth_getTransactionReceipt", times=1)
        if chance.random() < 0.4:
            stage.pass_grid_point()
            keeper.kill()
            keeper = stage.keeper(timeout_s=0.4)
        stage.pass_grid_point()
        stage.catch_up()
    told = judge(stage)
    assert len(told.closed) > PERIODS
    assert told.closed == list(range(told.closed[0], told.closed[-1] + 1))
