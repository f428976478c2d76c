"""Several bots at once: one of them does it, and the others lose little."""

from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from tests.bots.stage import DEPOSITOR, RIVAL, SHORT_DEPOSITOR
from tests.chain.faults import drop
from tests.faults.harness import SEND, World
from tests.faults.process import Bot, until
from tests.faults.verdict import judge

PERIODS = 4
TIP = 10**16
LOSERS_GAS = 45_000
"""The transaction itself, and a look that says no."""


def race(stage: World, *bots: Bot) -> None:
    """Every bot has its chance before the next block."""
    stage.pass_grid_point()
    until(lambda: stage.waiting >= len(bots), "all have sent", lambda: stage.logs)
    stage.catch_up()


def test_two_keepers_close_each_epoch_once(stage: World) -> None:
    one, other = stage.keeper("one"), stage.keeper("other")
    one.says("found")
    other.says("found")
    for _ in range(PERIODS):
        race(stage, one, other)
    told = judge(stage)
    assert len(told.closed) == PERIODS
    lost = [gas for account in told.failed for gas in told.failed[account]]
    assert sum(told.sent.values()) == 2 * PERIODS
    assert len(lost) == PERIODS
    assert max(lost) < LOSERS_GAS
    assert "somebody was faster" in one.log + other.log
    assert not any(word in one.log + other.log for word in ("fault", "gave up", "cannot tend"))


def test_two_keepers_of_one_account_close_each_epoch_once(stage: World) -> None:
    one, other = stage.keeper(), stage.keeper()
    one.says("found")
    other.says("found")
    for _ in range(PERIODS):
        stage.pass_grid_point()
        stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == PERIODS
    lost = told.failed[stage.roles["keeper"]]
    assert len(lost) <= PERIODS
    assert max(lost, default=0) < LOSERS_GAS
    assert not any(word in one.log + other.log for word in ("fault", "gave up"))


def test_two_claimers_are_paid_each_tip_once(stage: World) -> None:
    claimers = [stage.bot("claimer", *stage.account(name)) for name in ("one", "other")]
    for claimer in claimers:
        claimer.says("found")
    stage.order(LONG_MINT, DEPOSITOR, tip=TIP)
    stage.order(SHORT_MINT, SHORT_DEPOSITOR, tip=TIP)
    stage.pass_grid_point()
    stage.close(RIVAL)
    until(lambda: stage.waiting == 4, "both claim for both", lambda: stage.logs)
    told = judge(stage)
    assert sum(told.tips.values()) == 2 * TIP
    assert sum(told.sent.values()) == 4
    lost = [gas for account in told.failed for gas in told.failed[account]]
    assert len(lost) == 2
    assert max(lost) < LOSERS_GAS


def test_a_claim_whose_answer_is_lost_is_not_sent_anew(stage: World) -> None:
    claimer = stage.bot("claimer", *stage.account("claimer"))
    claimer.says("found")
    stage.proxy.do(drop(late=True), SEND)
    stage.order(LONG_MINT, DEPOSITOR, tip=TIP)
    stage.pass_grid_point()
    stage.close(RIVAL)
    until(lambda: stage.waiting == 1, "it claims", lambda: stage.logs)
    stage.mine()
    claimer.tells(type="claimed", owner=stage.stage.accounts[DEPOSITOR])
    told = judge(stage)
    assert told.tips == {stage.roles["claimer"]: TIP}
    assert told.sent == {stage.roles["claimer"]: 1}
