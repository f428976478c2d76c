"""A keeper whose connection fails in every way: it says so, waits, and closes every epoch once."""

from tests.chain.faults import answer, delay, drop, error, garbage, status
from tests.chain.proxy import Proxy
from tests.faults.harness import SEND, World
from tests.faults.verdict import judge

OUTAGES = (
    (drop(), "the connection was dropped"),
    (delay(30), "no answer within 0.5 s"),
    (status(429, retry_after_s=1), "it answers HTTP 429"),
    (status(503), "it answers HTTP 503"),
    (garbage(), "its answer is no JSON"),
    (error(-32005, "rate limit exceeded"), "rate limit exceeded"),
)


def test_every_kind_of_outage_is_told_and_made_up_for(stage: World) -> None:
    keeper, missed = stage.keeper(timeout_s=0.5), []
    stage.pass_grid_point()
    stage.catch_up()
    for fault, said in OUTAGES:
        stage.proxy.do(fault)
        keeper.says("no node answers", stage.proxy.url, said, "check rpc")
        missed += [stage.pass_grid_point(), stage.pass_grid_point()]
        stage.proxy.heal()
        stage.catch_up()
    assert keeper.stop() == 0
    told = judge(stage)
    assert told.closed[1:] == missed
    assert told.sent == {stage.roles["keeper"]: 1 + len(missed)}


def test_an_event_whose_answer_is_lost_is_not_sent_anew(stage: World) -> None:
    stage.keeper(timeout_s=0.5)
    for fault in (drop(late=True), delay(1)):
        stage.proxy.do(fault, SEND)
        stage.pass_grid_point()
        stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == 2
    assert told.sent == {stage.roles["keeper"]: 2}
    assert told.failed == {stage.roles["keeper"]: ()}


def test_a_receipt_that_comes_late_is_awaited(stage: World) -> None:
    keeper = stage.keeper()
    stage.proxy.do(answer(None), "eth_getTransactionReceipt", times=2)
    stage.pass_grid_point()
    stage.catch_up()
    stage.look()
    stage.mine()
    keeper.tells(type="upkeep")
    assert judge(stage).sent == {stage.roles["keeper"]: 1}


def test_an_event_that_never_arrived_is_sent_again_as_it_was(stage: World) -> None:
    stage.keeper()
    stage.proxy.do(drop(), SEND, times=4)
    stage.pass_grid_point()
    stage.catch_up()
    assert judge(stage).sent == {stage.roles["keeper"]: 1}


def test_another_endpoint_answers_for_one_that_is_down(stage: World) -> None:
    with Proxy(stage.proxy.target) as spare:
        keeper = stage.keeper(rpc=[stage.proxy.url, spare.url], timeout_s=0.5)
        stage.pass_grid_point()
        stage.catch_up()
        for fault in (drop(), status(429), delay(30)):
            stage.proxy.heal()
            stage.proxy.do(fault)
            stage.pass_grid_point()
            stage.catch_up()
    assert len(judge(stage).closed) == 4
    assert "no node answers" not in keeper.log
