"""Nodes of a wrong chain, and nodes that lag: nothing is sent that could do harm."""

from tests.chain.faults import answer, drop, lagging
from tests.chain.proxy import Proxy
from tests.faults.harness import SEND, World
from tests.faults.process import until
from tests.faults.verdict import judge

ELSEWHERE = answer("0x5")
CHAIN = 31337


def test_a_keeper_does_not_start_on_a_wrong_chain(stage: World) -> None:
    stage.proxy.do(ELSEWHERE, "eth_chainId")
    keeper = stage.keeper(chain_id=CHAIN)
    assert keeper.ended() == 1
    said = f"perpools: wrong chain: {stage.proxy.url} is chain 5, not {CHAIN}: mend rpc or chain_id"
    assert keeper.log.splitlines() == [said]
    assert SEND not in stage.proxy.seen


def test_a_keeper_does_not_start_on_two_chains(stage: World) -> None:
    with Proxy(stage.proxy.target) as other:
        other.do(ELSEWHERE, "eth_chainId")
        keeper = stage.keeper(rpc=[stage.proxy.url, other.url])
        assert keeper.ended() == 1
    said = f"perpools: wrong chain: {other.url} is chain 5, not {CHAIN}: mend rpc or chain_id"
    assert keeper.log.splitlines() == [said]


def test_nothing_is_sent_to_an_endpoint_that_came_back_as_another_chain(stage: World) -> None:
    keeper = stage.keeper()
    stage.pass_grid_point()
    stage.catch_up()
    stage.proxy.do(ELSEWHERE, "eth_chainId")
    stage.proxy.do(drop(), times=1)
    keeper.says("wrong chain", f"{stage.proxy.url} is chain 5, not {CHAIN}")
    asked = len(stage.proxy.seen)
    stage.pass_grid_point()
    until(lambda: "eth_chainId" in stage.proxy.seen[asked:], "it looks again")
    assert set(stage.proxy.seen[asked:]) <= {"eth_chainId", "eth_blockNumber"}
    stage.proxy.heal()
    stage.catch_up()
    assert judge(stage).sent == {stage.roles["keeper"]: 2}


def test_a_lagging_endpoint_is_not_asked_for_the_latest_state(stage: World) -> None:
    with Proxy(stage.proxy.target) as sound:
        stage.proxy.do(lagging(6))
        stage.keeper(rpc=[stage.proxy.url, sound.url])
        for _ in range(3):
            stage.pass_grid_point()
            stage.catch_up()
    assert "eth_call" not in stage.proxy.seen
    told = judge(stage)
    assert len(told.closed) == told.sent[stage.roles["keeper"]] == 3


def test_an_endpoint_that_falls_behind_is_left_for_one_that_does_not(stage: World) -> None:
    with Proxy(stage.proxy.target) as sound:
        stage.keeper(rpc=[stage.proxy.url, sound.url])
        stage.pass_grid_point()
        stage.catch_up()
        stage.proxy.do(lagging(6))
        for _ in range(3):
            stage.pass_grid_point()
            stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == told.sent[stage.roles["keeper"]] == 4


def test_the_only_endpoint_may_answer_from_the_past(stage: World) -> None:
    keeper = stage.keeper()
    stage.pass_grid_point()
    stage.catch_up()
    keeper.tells(type="upkeep")
    stage.proxy.do(lagging(4))
    keeper.says("blocks were undone")
    stage.pass_grid_point()
    stage.proxy.heal()
    stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == 2
    assert told.sent[stage.roles["keeper"]] == 2
