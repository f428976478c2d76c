"""The loop: what goes wrong for one market is that market's trouble, and the loop outlives it."""

import asyncio
import io
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from perpools.bots import logs
from perpools.bots.alerts import Alerts
from perpools.bots.heads import Heads, Nap, Pause, Until
from perpools.bots.metrics import Metrics
from perpools.bots.options import BotSettings, KeeperSettings
from perpools.bots.places import Place
from perpools.bots.registry import Registry
from perpools.bots.runner import Runner
from perpools.bots.station import Held, Station
from perpools.chain import connect
from perpools.chain.noticing import CHAIN_STALLED, LOW_BALANCE
from perpools.errors import ChainError, ConfigError
from tests.anvil import ANVIL
from tests.anvil import running as a_node
from tests.bots.running import SOON, once, running
from tests.bots.stage import KEEPER, Stage


@dataclass
class Scripted:
    """A role that does what it is told to for each market, and counts."""

    script: dict[str, Callable[[], Pause]]
    looks: dict[str, int] = field(default_factory=dict)

    async def tend(self, place: Place) -> Pause:
        self.looks[place.address] = self.looks.get(place.address, 0) + 1
        return self.script[place.address]()


def fails(problem: Exception) -> Callable[[], Pause]:
    def look() -> Pause:
        raise problem

    return look


def run(stage: Stage, role: Scripted, until: Callable[[], bool], **told: object) -> tuple[int, str]:
    """The exit code of a runner of this role, stopped once something is true, and its log."""
    settings = BotSettings.load(**{**SOON, "backoff_max_s": "0.1", **told})
    written = io.StringIO()
    code = asyncio.run(asyncio.wait_for(_run(stage, settings, role, until, written), 30))
    return code, written.getvalue()


async def _run(
    stage: Stage,
    settings: BotSettings,
    role: Scripted,
    until: Callable[[], bool],
    written: io.StringIO,
) -> int:
    log, metrics = logs.logger("json", "debug", to=written), Metrics("keeper")
    alerts, heads = Alerts("keeper", log, metrics, 3_600), Heads(time.monotonic)
    node, emit, stopping = stage.node, list[object]().append, asyncio.Event()
    with ThreadPoolExecutor(4) as threads:
        station = Station(node, settings, heads, metrics, alerts, log, emit, threads, stopping)
        runner = Runner(station, Registry(node, settings, stage.factory), role)
        stopper = asyncio.create_task(_stop_once(until, runner))
        try:
            return await runner.run()
        finally:
            stopper.cancel()


async def _stop_once(until: Callable[[], bool], runner: Runner) -> None:
    while not until():
        await asyncio.sleep(0.01)
    runner.stop()


def sleeps() -> Pause:
    return Nap(0.01)


PROBLEMS = [Held("feed: silent"), ChainError("no answer"), ConfigError("strange"), KeyError("bug")]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: type(problem).__name__)
def test_a_market_that_fails_holds_up_no_other(stage: Stage, problem: Exception) -> None:
    bad, good = stage.market().address, stage.market().address
    role = Scripted({bad: fails(problem), good: sleeps})
    code, log = run(stage, role, lambda: role.looks.get(good, 0) > 100)
    assert code == 0
    assert 1 < role.looks[bad] < 30
    assert "cannot tend" in log


def test_a_market_that_hangs_holds_up_no_other(stage: Stage) -> None:
    slow, good = stage.market().address, stage.market().address
    release = threading.Event()

    class Hanging(Scripted):
        async def tend(self, place: Place) -> Pause:
            if place.address == slow:
                await asyncio.to_thread(release.wait, 20)
            return await super().tend(place)

    role = Hanging({slow: sleeps, good: sleeps})

    def enough() -> bool:
        if role.looks.get(good, 0) > 50:
            release.set()
        return release.is_set()

    assert run(stage, role, enough)[0] == 0


def test_faults_that_nothing_comes_between_end_the_bot(stage: Stage) -> None:
    market = stage.market().address
    role = Scripted({market: fails(KeyError("bug"))})
    code, log = run(stage, role, lambda: False, max_exceptions="5")
    assert (code, role.looks[market]) == (1, 5)
    assert "gave up" in log
    assert "Traceback" in log


def test_doing_only_what_is_due_gives_up_on_what_keeps_failing(stage: Stage) -> None:
    bad, good = stage.market().address, stage.market().address
    role = Scripted({bad: fails(Held("no")), good: lambda: Until(2**40)})
    code, _ = run(stage, role, lambda: False, once=True)
    assert (code, role.looks) == (1, {bad: 3, good: 1})


def test_a_chain_that_is_gone_ends_the_bot_in_the_end(stage: Stage) -> None:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    stage.market()
    with a_node(accounts=2) as url:
        node = connect(url, timeout_s=0.5)
    made = Stage.__new__(Stage)
    made.node, made.protocol = node, stage.protocol
    code, log = run(made, Scripted({}), lambda: False, max_exceptions="2", backoff_base_s="0.1")
    assert code == 1
    assert "no answer" in log


def test_what_is_no_market_is_named(stage: Stage) -> None:
    coin = stage.coin.address
    with pytest.raises(ConfigError, match=f"market: {coin} is no market"):
        run(stage, Scripted({}), lambda: False, market=[coin])


def test_without_a_factory_markets_have_to_be_named(stage: Stage) -> None:
    with pytest.raises(ConfigError, match="no markets: give --factory"):
        Registry(stage.node, BotSettings.load(), None)
    with pytest.raises(ConfigError, match="no markets: give --factory"):
        Registry(stage.node, BotSettings.load(market=["3L-ETH/USD"]), None)
    address = stage.market().address
    [found] = Registry(stage.node, BotSettings.load(market=[address]), None).find()
    assert (found.address, found.coin.symbol) == (address, "DUSD")


def test_a_market_may_be_named_as_people_call_it(stage: Stage) -> None:
    market = stage.market().address
    for name in ("3L-ETH/USD", "ETH/USD", market.lower()):
        found = Registry(stage.node, BotSettings.load(market=[name]), stage.factory).find()
        assert [one.address for one in found] == [market]
        left = Registry(stage.node, BotSettings.load(skip=[name]), stage.factory).find()
        assert left == []


def test_an_account_that_runs_low_is_told(stage: Stage) -> None:
    keeper = stage.accounts[KEEPER]
    stage.set_balance(keeper, 10**16)
    with running(stage, KeeperSettings, keeper) as run_now:
        run_now.until(lambda: any(f.get("alert") == LOW_BALANCE for f in run_now.facts), "told")
        assert run_now.value("keeper_native_balance") == 10**16


def test_a_chain_that_stands_still_is_told(stage: Stage) -> None:
    with running(stage, KeeperSettings, stage.accounts[KEEPER], alert_stall_s="0.3") as run_now:
        run_now.until(lambda: any(f.get("alert") == CHAIN_STALLED for f in run_now.facts), "told")
        stage.mine()
        run_now.until(lambda: any(f.get("state") == "over" for f in run_now.facts), "over")


def test_a_factory_without_markets_is_nothing_to_do(stage: Stage) -> None:
    assert once(stage, KeeperSettings, stage.accounts[KEEPER]).code == 0
