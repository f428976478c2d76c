"""A claimer on a real node: tips are earned where they pay, and owners get what is theirs."""

from perpools.bots.options import ClaimerSettings
from perpools.chain.market import Market
from tests.bots.running import once, running
from tests.bots.stage import (
    CLAIMER,
    DEPLOYER,
    DEPOSITOR,
    KEEPER,
    MINUTE_S,
    SHORT_DEPOSITOR,
    Stage,
)

TIP = 10**16
"""A hundredth of a coin: many times what a claim costs."""


def executed(stage: Stage, *tips: int) -> Market:
    """A market whose first epoch executed orders that carry these tips, one of each depositor."""
    market = stage.market()
    epoch = max(
        stage.order(market, who=who, tip=tip)
        for who, tip in zip((DEPOSITOR, SHORT_DEPOSITOR), tips, strict=False)
    )
    stage.mine(epoch * MINUTE_S + 1)
    market.rebalance(sender=stage.accounts[KEEPER])
    return market


def balance(stage: Stage, who: int) -> int:
    return stage.node.balance(stage.accounts[who])


def test_a_tip_is_earned_and_the_owner_gets_what_is_theirs(stage: Stage) -> None:
    market = executed(stage, TIP)
    owner, before = stage.accounts[DEPOSITOR], balance(stage, CLAIMER)

    run = once(stage, ClaimerSettings, stage.accounts[CLAIMER])

    assert run.code == 0
    assert [(fact["type"], fact["owner"], fact["tip"]) for fact in run.facts] == [
        ("claimed", owner, TIP)
    ]
    assert before < balance(stage, CLAIMER) < before + TIP
    [assets, long_tokens, _], tip = market.contract.read("claimable", owner)
    assert (assets, long_tokens, tip) == (0, 0, 0)
    assert run.value("claims_total", pool=market.address, result="done") == 1
    assert run.value("claim_tips_total") == TIP


def test_a_tip_below_the_gas_is_left(stage: Stage) -> None:
    executed(stage, 1_000, TIP)
    run = once(stage, ClaimerSettings, stage.accounts[CLAIMER])
    assert [fact["owner"] for fact in run.facts] == [stage.accounts[SHORT_DEPOSITOR]]


def test_a_claimer_may_want_more(stage: Stage) -> None:
    executed(stage, TIP)
    run = once(stage, ClaimerSettings, stage.accounts[CLAIMER], min_profit="0.02")
    assert (run.code, run.facts) == (0, [])


def test_what_the_owner_claimed_is_not_claimed_again(stage: Stage) -> None:
    market = executed(stage, TIP)
    market.claim(stage.accounts[DEPOSITOR], sender=stage.accounts[DEPOSITOR])
    before = balance(stage, CLAIMER)
    run = once(stage, ClaimerSettings, stage.accounts[CLAIMER])
    assert (run.code, run.facts, balance(stage, CLAIMER)) == (0, [], before)


def test_a_dry_run_claims_nothing(stage: Stage) -> None:
    executed(stage, TIP)
    before = stage.node.block()
    run = once(stage, ClaimerSettings, None, dry_run=True)
    assert (run.code, run.facts, stage.node.block()) == (0, [], before)
    assert run.logged("would claim")


def test_tips_are_earned_as_epochs_are_closed(stage: Stage) -> None:
    market = stage.market()
    with running(stage, ClaimerSettings, stage.accounts[CLAIMER]) as run:
        for count in (1, 2, 3):
            epoch = stage.order(market, tip=TIP)
            stage.mine(epoch * MINUTE_S + 1)
            market.rebalance(sender=stage.accounts[KEEPER])
            run.until(lambda count=count: len(run.facts) == count, f"{count} claims")
        assert run.stop() == 0


def test_two_claimers_earn_each_tip_once(stage: Stage) -> None:
    market = stage.market()
    names = (stage.accounts[CLAIMER], stage.accounts[DEPLOYER])
    with (
        running(stage, ClaimerSettings, names[0]) as one,
        running(stage, ClaimerSettings, names[1]) as other,
    ):
        for count in (1, 2):
            epoch = stage.order(market, tip=TIP)
            stage.mine(epoch * MINUTE_S + 1)
            market.rebalance(sender=stage.accounts[KEEPER])
            one.until(lambda count=count: len(one.facts) + len(other.facts) >= count, "claimed")
            stage.mine()
        one.until(lambda: len(one.facts) + len(other.facts) == 2, "both")
        assert (one.stop(), other.stop()) == (0, 0)
    assert not any(run.logged("fault") for run in (one, other))
