"""A keeper on a real node: what is due is closed, once, where that pays."""

import pytest

from perpools.bots.options import KeeperSettings
from perpools.spec.kinds import SHORT_MINT
from tests.bots.running import once
from tests.bots.stage import DAY_S, KEEPER, MINUTE_S, RIVAL, WAD, Stage, last_epoch


def sent(stage: Stage, who: int = KEEPER) -> int:
    """Transactions of an account so far."""
    return stage.node.nonce(stage.accounts[who])


def test_a_due_epoch_is_closed_and_its_keeper_is_paid(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.order(market)
    stage.mine(epoch * MINUTE_S + 1)
    before = sent(stage)

    run = once(stage, KeeperSettings, keeper)

    assert run.code == 0
    assert last_epoch(market) == epoch
    assert sent(stage) == before + 1
    assert [(fact["type"], fact["epoch"]) for fact in run.facts] == [("upkeep", epoch)]
    [assets, _, _], _ = market.contract.read("claimable", keeper)
    assert assets == run.facts[0]["reward"] > 0
    assert run.value("upkeep_total", pool=market.address, result="done") == 1
    assert run.value("keeper_reward_total", token=stage.coin.address) == assets
    assert 0 < run.value("upkeep_lateness_seconds_sum", pool=market.address) < MINUTE_S


def test_the_profit_foreseen_is_the_profit_made(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    stage.pass_grid_point()
    once(stage, KeeperSettings, keeper)  # the first reward in a market costs its storage, once
    epoch = stage.order(market)
    stage.mine(epoch * MINUTE_S + 1)
    once(stage, KeeperSettings, keeper)
    stage.order(market)
    stage.pass_grid_point(2)
    before = stage.node.balance(keeper)

    run = once(stage, KeeperSettings, keeper)

    paid = before - stage.node.balance(keeper)
    worth = sum(fact["reward"] for fact in run.facts) * 10**12 // 3_000
    foreseen = sum(run.told("sent", "profit_wei"))
    assert worth - paid == pytest.approx(foreseen, rel=0.3)
    assert worth > paid


def test_a_backlog_is_closed_epoch_by_epoch(stage: Stage) -> None:
    market = stage.market()
    epochs = []
    for kind in (0, SHORT_MINT, 0):
        epochs.append(stage.order(market, kind))
        stage.mine(stage.now + MINUTE_S)
    late = stage.pass_grid_point(10)

    run = once(stage, KeeperSettings, stage.accounts[KEEPER])

    assert run.code == 0
    assert [fact["epoch"] for fact in run.facts] == [*epochs, late]
    assert last_epoch(market) == late
    assert run.value("epoch_missed_total", pool=market.address) == late - epochs[-1] - 1


def test_nothing_is_sent_where_nothing_is_due(stage: Stage) -> None:
    market = stage.market()
    before = sent(stage)
    run = once(stage, KeeperSettings, stage.accounts[KEEPER])
    assert (run.code, run.facts, sent(stage)) == (0, [], before)
    assert run.logged("not due")
    assert market.address in run.written.getvalue()


def test_a_dry_run_needs_no_account_and_sends_nothing(stage: Stage) -> None:
    market = stage.market()
    closed = last_epoch(market)
    stage.pass_grid_point()
    head = stage.node.block()

    run = once(stage, KeeperSettings, None, dry_run=True)

    assert (run.code, run.facts) == (0, [])
    assert run.logged("would close")
    assert (last_epoch(market), stage.node.block()) == (closed, head)


def test_an_event_that_does_not_pay_waits(stage: Stage) -> None:
    market = stage.market()
    closed = last_epoch(market)
    stage.pass_grid_point()
    run = once(stage, KeeperSettings, stage.accounts[KEEPER], min_profit="0.01")
    assert (run.code, last_epoch(market)) == (0, closed)
    assert run.logged("unprofitable")


def test_a_market_that_pays_nothing_is_kept_by_who_bears_the_loss(stage: Stage) -> None:
    market = stage.market(reward_cap_wad=0)
    closed = last_epoch(market)
    stage.pass_grid_point()
    once(stage, KeeperSettings, stage.accounts[KEEPER])
    assert last_epoch(market) == closed
    once(stage, KeeperSettings, stage.accounts[KEEPER], max_loss="0.1")
    assert last_epoch(market) == closed + 1


def test_a_keeper_may_believe_its_own_feed_alone(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    closed = last_epoch(market)
    stage.pass_grid_point()
    dear = stage.feed()
    dear.post(30_000 * WAD, stage.now, stage.deployer)
    other, coin = stage.deployer, stage.coin.address
    once(stage, KeeperSettings, keeper, pay_feed=[f"{other}={stage.eth.posted.address}"])
    once(stage, KeeperSettings, keeper, pay_feed=[f"{coin}={dear.posted.address}"])
    assert last_epoch(market) == closed
    once(stage, KeeperSettings, keeper, pay_feed=[f"{coin}={stage.eth.posted.address}"])
    assert last_epoch(market) == closed + 1


def test_nothing_is_sent_above_the_cap_on_fees(stage: Stage) -> None:
    market = stage.market()
    closed, before = last_epoch(market), sent(stage)
    stage.pass_grid_point()
    run = once(stage, KeeperSettings, stage.accounts[KEEPER], max_fee_gwei="0.000000001")
    assert (run.code, last_epoch(market), sent(stage)) == (1, closed, before)
    assert run.logged("above the cap")


def test_an_empty_wallet_is_told_plainly(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[RIVAL]
    closed = last_epoch(market)
    stage.set_balance(keeper, 1)
    stage.pass_grid_point()
    run = once(stage, KeeperSettings, keeper)
    assert (run.code, last_epoch(market)) == (1, closed)
    assert run.logged("too little native coin")


def test_only_the_markets_that_are_meant_are_kept(stage: Stage) -> None:
    named, skipped, small = stage.market(), stage.market(), stage.market()
    stage.order(named)
    stage.mine(stage.now + 2 * MINUTE_S)
    keeper, closed = stage.accounts[KEEPER], last_epoch(small)

    once(stage, KeeperSettings, keeper, market=[named.address.lower()])
    assert last_epoch(named) > closed == last_epoch(skipped) == last_epoch(small)

    once(stage, KeeperSettings, keeper, skip=[skipped.address], min_tvl=["DUSD=200001"])
    assert last_epoch(skipped) == last_epoch(small) == closed

    once(stage, KeeperSettings, keeper, skip=[skipped.address], min_tvl=["DUSD=200000"])
    assert last_epoch(skipped) == closed < last_epoch(small)


def test_a_price_that_is_no_longer_the_last_is_proved_with_a_hint(stage: Stage) -> None:
    market = stage.market()
    epoch = stage.order(market)
    stage.mine(epoch * MINUTE_S + 1)
    for price in (2_100, 2_200, 2_300):
        stage.say(price)
        stage.mine(stage.now + 5)
    run = once(stage, KeeperSettings, stage.accounts[KEEPER])
    assert run.code == 0
    assert last_epoch(market) >= epoch
    spot, count = market.contract.read("sample", 0)
    assert (spot, count) == (2_000 * WAD, 1)


def test_a_silent_feed_fails_once_and_holds_up_nobody(stage: Stage) -> None:
    silent_feed = stage.feed(max_age_s=10)
    silent_feed.post(2_000 * WAD, stage.now, stage.deployer)
    silent = stage.market(silent_feed)
    sound = stage.market()
    closed = last_epoch(silent)
    late = stage.pass_grid_point(3)

    run = once(stage, KeeperSettings, stage.accounts[KEEPER])

    assert (last_epoch(silent), last_epoch(sound)) == (closed, late)
    assert run.code == 1
    assert run.logged("feed: silent")


def test_a_market_wound_down_is_left(stage: Stage) -> None:
    dying = stage.feed(max_age_s=10)
    dying.post(2_000 * WAD, stage.now, stage.deployer)
    market = stage.market(dying)
    stage.mine(stage.now + 2 * DAY_S)
    market.wind_down(sender=stage.deployer)
    run = once(stage, KeeperSettings, stage.accounts[KEEPER])
    assert run.code == 0
    assert run.logged("wound down")
