"""A skew balancer on a real node: on paper, and live within its budget."""

import pytest

from perpools.bots.options import BalancerSettings
from perpools.chain.market import Market
from perpools.errors import ConfigError
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from tests.bots.running import once, running
from tests.bots.stage import BALANCER, DEPOSITOR, KEEPER, MINUTE_S, UNIT, Stage, last_epoch

FRONT_RUNNING_S = MINUTE_S // 2
READY = {"lead_s": "600", "budget": ["DUSD=50000"], "threshold": "5%"}
"""The whole interval is soon enough for a test."""


def skewed(stage: Stage) -> Market:
    """A market whose long side will be larger by a fifth."""
    market = stage.market()
    for _ in range(20):
        stage.order(market, LONG_MINT)
    return market


def ordered(market: Market, owner: str, epoch: int, kind: int) -> int:
    amount: int = market.contract.read("order_of", owner, epoch, kind)
    return amount


def test_on_paper_nothing_is_sent(stage: Stage) -> None:
    skewed(stage)
    before = stage.node.block()
    run = once(stage, BalancerSettings, None, **READY)
    assert run.code == 0, run.written.getvalue()
    assert [(fact["type"], fact["kind"]) for fact in run.facts] == [("paper-order", "short_mint")]
    assert 17_000 * UNIT < run.facts[0]["amount"] < 20_000 * UNIT
    assert stage.node.block() == before


def test_on_paper_an_order_counts_as_placed(stage: Stage) -> None:
    market = skewed(stage)
    with running(stage, BalancerSettings, None, **READY) as run:
        run.until(lambda: bool(run.facts), "ordered")
        for _ in range(3):
            stage.pass_grid_point()
            market.rebalance(sender=stage.accounts[KEEPER])
            stage.mine()
        run.until(lambda: run.logged("balanced"), "balanced")
    assert len(run.facts) == 1


def test_live_it_orders_once_and_within_its_budget(stage: Stage) -> None:
    market, balancer = skewed(stage), stage.accounts[BALANCER]
    told = {**READY, "live": True, "max_order": ["10000"], "budget": ["15000"], "threshold": "2%"}
    with running(stage, BalancerSettings, balancer, **told) as run:
        run.until(lambda: len(run.facts) == 2, "two orders")
        stage.mine()
        stage.mine()
        run.until(lambda: run.logged("nothing left"), "the budget is spent")
        assert run.stop() == 0
    epoch = run.facts[0]["epoch"]
    assert {fact["kind"] for fact in run.facts} == {SHORT_MINT}
    assert sum(fact["amount"] for fact in run.facts) == 15_000 * UNIT
    assert sum(ordered(market, balancer, e, SHORT_MINT) for e in (epoch, epoch + 1)) == (
        15_000 * UNIT
    )
    allowance: int = stage.coin.read("allowance", balancer, market.address)
    assert allowance == 0


def test_a_balanced_market_is_left_alone(stage: Stage) -> None:
    market = stage.market()
    closed = last_epoch(market)
    run = once(stage, BalancerSettings, stage.accounts[BALANCER], **READY, live=True)
    assert (run.code, run.facts, last_epoch(market)) == (0, [], closed)


def test_without_a_budget_it_does_not_begin(stage: Stage) -> None:
    with pytest.raises(ConfigError, match="budget: missing"):
        once(stage, BalancerSettings, None)


def test_it_leaves_the_side_that_will_be_too_large(stage: Stage) -> None:
    market, balancer = stage.market(), stage.accounts[DEPOSITOR]
    for _ in range(20):
        stage.order(market, LONG_MINT)
    stage.pass_grid_point(3)
    market.rebalance(sender=stage.accounts[KEEPER])
    market.rebalance(sender=stage.accounts[KEEPER])
    told = {**READY, "live": True, "max_order": ["500"]}
    with running(stage, BalancerSettings, balancer, **told) as run:
        run.until(lambda: bool(run.facts), "ordered")
    assert run.facts[0]["kind"] == 2
    assert run.facts[0]["from_escrow"] == run.facts[0]["amount"]
