"""A keeper that is killed at any instant and started again goes on where the chain is."""

import random
import time

from tests.faults.harness import SEND, World, at_that
from tests.faults.process import until
from tests.faults.verdict import judge

KILLS = 5
LOOKS = 5
"""Enough for it to send what it should not."""
MOMENTS = ((SEND, False), (SEND, True), ("eth_getTransactionReceipt", False))
LIFE_S = 2.2
"""Of which the start takes about half."""


def test_a_kill_before_or_after_the_node_has_the_event(stage: World) -> None:
    for method, late in MOMENTS:
        keeper = stage.keeper()
        stage.proxy.do(at_that(keeper.kill, late=late), method, times=1)
        stage.pass_grid_point()
        keeper.ended()
        if stage.waiting:
            stage.mine()
    stage.keeper()
    stage.pass_grid_point()
    stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == told.sent[stage.roles["keeper"]] == 4


def test_kills_at_random_instants(stage: World) -> None:
    chance = random.Random(3)
    for _ in range(KILLS):
        keeper = stage.keeper()
        ends = time.monotonic() + chance.uniform(LIFE_S / 2, LIFE_S)
        stage.pass_grid_point()
        while time.monotonic() < ends:
            if stage.waiting and chance.random() < 0.5:
                stage.mine()
            time.sleep(0.01)
        keeper.kill()
    stage.keeper()
    stage.catch_up()
    stage.pass_grid_point()
    stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == KILLS + 1
    assert told.failed == {stage.roles["keeper"]: ()}


def test_what_a_killed_keeper_left_in_the_mempool_is_awaited(stage: World) -> None:
    keeper = stage.keeper()
    stage.pass_grid_point()
    until(lambda: stage.waiting == 1, "it is sent")
    keeper.kill()
    second = stage.keeper()
    second.says("transactions of an earlier run wait")
    for _ in range(LOOKS):
        stage.look()
    assert stage.waiting == 1
    stage.catch_up()
    stage.pass_grid_point()
    stage.catch_up()
    told = judge(stage)
    assert told.sent == {stage.roles["keeper"]: 2}
    assert told.failed == {stage.roles["keeper"]: ()}


def test_a_keeper_that_is_asked_to_stop_says_so_and_leaves_nothing_undone(stage: World) -> None:
    keeper = stage.keeper()
    stage.pass_grid_point()
    stage.catch_up()
    assert keeper.stop() == 0
    keeper.says('"event": "stopped"')
    assert len(judge(stage).closed) == 1
