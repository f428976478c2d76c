"""A watcher on a real node: what it tells, and what it notices."""

import asyncio
import json

import aiohttp

from perpools.bots.options import WatcherSettings
from perpools.chain.noticing import EVENT_LATE, FEED_STALE, INVARIANT_BROKEN, WIND_DOWN_NEAR
from tests.bots.running import Running, once, running
from tests.bots.stage import DAY_S, DEPOSITOR, KEEPER, MINUTE_S, WAD, Stage
from tests.bots.test_alerts import Listener, listening

CALM = {"alert_late_s": "80000"}


def types(run: Running) -> list[str]:
    told = (fact["type"] for fact in run.facts)
    return [kind for kind in told if kind != "commit-window-closing"]


def alerts(run: Running) -> set[tuple[str, str]]:
    return {(fact["alert"], fact["state"]) for fact in run.facts if fact["type"] == "alert"}


def test_what_happens_is_told_in_its_order(stage: Stage) -> None:
    with running(stage, WatcherSettings, None, **CALM) as run:
        market = stage.market()
        run.until(lambda: market.address in run.written.getvalue(), "found")
        run.until(lambda: run.value("pool_balance", pool=market.address, side="long") > 0, "seen")
        epoch = stage.order(market, tip=5)
        stage.mine(epoch * MINUTE_S + 1)
        market.rebalance(sender=stage.accounts[KEEPER])
        owner = stage.accounts[DEPOSITOR]
        market.claim(owner, sender=owner)
        run.until(lambda: "claim" in types(run), "claimed")
        assert run.stop() == 0
    assert types(run) == ["order", "batch", "event", "claim"]
    order, _, event, claim = (f for f in run.facts if f["type"] in types(run))
    assert (order["epoch"], order["tip"]) == (event["epoch"], 5)
    assert claim["owner"] == owner
    assert json.loads(json.dumps(run.facts)) == run.facts


def test_everything_since_a_block_is_told_once(stage: Stage) -> None:
    market = stage.market()
    first = stage.node.block().number
    stage.order(market)
    run = once(stage, WatcherSettings, None, since_block=str(first), **CALM)
    assert run.code == 0
    assert types(run) == ["order"]
    assert types(once(stage, WatcherSettings, None, **CALM)) == []


def test_an_event_whose_block_is_undone_is_taken_back(stage: Stage) -> None:
    market = stage.market()
    with running(stage, WatcherSettings, None, **CALM) as run:
        run.until(lambda: run.value("markets") == 1, "found")
        run.until(lambda: run.value("pool_balance", pool=market.address, side="long") > 0, "seen")
        stage.mine()
        fork = stage.ask("evm_snapshot")
        stage.order(market)
        run.until(lambda: types(run) == ["order"], "ordered")
        stage.ask("evm_revert", fork)
        stage.mine()
        run.until(lambda: types(run) == ["order", "undone"], "undone")
        stage.order(market, kind=1)
        run.until(lambda: types(run) == ["order", "undone", "order"], "ordered again")
    order, undone, _ = (fact for fact in run.facts if fact["type"] in types(run))
    assert undone["of"] == "order"
    assert undone["transaction"] == order["transaction"]
    assert INVARIANT_BROKEN not in {alert for alert, _ in alerts(run)}


def test_a_closing_window_is_told_with_what_will_come_of_what_waits(stage: Stage) -> None:
    market = stage.market()
    epoch = stage.order(market)
    cutoff_at = epoch * MINUTE_S - MINUTE_S // 2 - 1
    stage.mine(max(stage.now + 1, cutoff_at - 3))
    run = once(stage, WatcherSettings, None, closing_s="10", **CALM)
    [told] = [fact for fact in run.facts if fact["type"] == "commit-window-closing"]
    assert (told["epoch"], told["cutoff_at"], told["executes_at"]) == (
        epoch,
        cutoff_at,
        epoch * MINUTE_S,
    )
    assert told["long_balance"] == 101_000_000_000
    assert told["price"] == str(2_000 * WAD)


def test_trouble_is_told_and_posted_and_its_end_as_well(stage: Stage) -> None:
    feed = stage.feed(max_age_s=3_600)
    feed.post(2_000 * WAD, stage.now, stage.deployer)
    market = stage.market(feed)
    stage.mine(stage.now + DAY_S * 3 // 4)
    with running(stage, WatcherSettings, None, alert_late_s="300") as run:
        wanted = {(kind, "raised") for kind in (EVENT_LATE, FEED_STALE, WIND_DOWN_NEAR)}
        run.until(lambda: wanted <= alerts(run), "raised")
        feed.post(2_000 * WAD, stage.now, stage.deployer)
        market.rebalance(1, sender=stage.accounts[KEEPER])
        run.until(lambda: (EVENT_LATE, "over") in alerts(run), "over")
        assert {(FEED_STALE, "over"), (WIND_DOWN_NEAR, "over")} <= alerts(run)


def test_an_alert_reaches_the_webhook(stage: Stage) -> None:
    stage.market()
    stage.mine(stage.now + 1_000)

    async def watched() -> Listener:
        listener = Listener()
        async with listening(listener) as url:
            with running(stage, WatcherSettings, None, alert_webhook=url) as run:
                while not listener.got:
                    await asyncio.sleep(0.02)
                await asyncio.to_thread(run.stop)
        return listener

    got = asyncio.run(asyncio.wait_for(watched(), 30)).got
    assert [(one["alert"], one["state"], one["role"]) for one in got] == [
        (EVENT_LATE, "raised", "watcher")
    ]


def test_a_running_bot_answers_about_itself(stage: Stage) -> None:
    market = stage.market()

    async def ask(port: int) -> tuple[list[int], dict[str, object], str]:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            codes = [(await session.get(path)).status for path in ("/health", "/ready")]
            status = await (await session.get("/status")).json()
            return codes, status, await (await session.get("/metrics")).text()

    with running(stage, WatcherSettings, None, metrics_addr="127.0.0.1:0", **CALM) as run:
        run.until(lambda: run.value("pool_balance", pool=market.address, side="long") > 0, "seen")
        [port] = run.told("running", "port")
        codes, status, metrics = asyncio.run(ask(port))
    assert codes == [200, 200]
    assert status["role"] == "watcher"
    assert market.address in str(status["markets"])
    assert f'perpools_pool_balance{{pool="{market.address}",side="long"}} 1e+11' in metrics
    assert "perpools_chain_head_timestamp_seconds" in metrics
