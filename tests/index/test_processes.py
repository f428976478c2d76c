"""
The indexer as its operator starts it: killed at random instants while a real node goes on, takes
blocks back and cannot always be reached, and started again.
"""

import json
import random
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from perpools.chain import connect
from perpools.index.database import Database
from perpools.index.follower import Sources
from tests.anvil import ANVIL, free_port, running
from tests.chain import faults
from tests.chain.proxy import Proxy
from tests.faults.harness import at_that
from tests.faults.process import Bot, until
from tests.index.busy import FLAGS, Busy
from tests.index.following import assert_same_as_clean, assert_well
from tests.index.lies import sometimes

KILLS = 3
LIFE_S = 2.5
"""Of which the start takes about half."""
LOGS = "eth_getLogs"


class World:
    """A real node behind a proxy that fails now and then, and indexers of one database."""

    def __init__(self, busy: Busy, proxy: Proxy, home: Path, url: str) -> None:
        self.busy, self.proxy, self.home, self.database = busy, proxy, home, url
        self.bots: list[Bot] = []

    def indexer(self, *flags: str) -> Bot:
        """One more process."""
        named = ("--rpc", self.proxy.url, "--factory", self.busy.factory, "--poll-s", "0.05")
        command = ("index", "follow", "--database", self.database, "--json", *named, *flags)
        self.bots.append(Bot(command, self.home, f"indexer-{len(self.bots)}"))
        return self.bots[-1]

    def go_on(self, chance: random.Random) -> None:
        """More happens, or less had happened."""
        self.busy.minute(30) if chance.random() < 0.7 else self.busy.reorganise(
            chance.randint(1, 64)
        )

    def assert_complete(self) -> None:
        """Once nothing goes wrong any more, an indexer that reads to the head has everything."""
        self.proxy.heal()
        assert self.indexer("--once").ended() == 0, self.bots[-1].log
        node, sources = self.busy.node, Sources((self.busy.factory,))
        with closing(Database(self.database)) as database:
            assert_same_as_clean(database, node, sources, self.home)
            assert_well(database, node, *(market.address for market in self.busy.markets))


@pytest.fixture
def world(tmp_path: Path, url: str) -> Iterator[World]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running(*FLAGS) as node, Proxy(node) as proxy:
        made = World(Busy(connect(node)), proxy, tmp_path, url)
        for _ in range(4):
            made.busy.minute(60)
            made.busy.idle(20)
        try:
            yield made
        finally:
            for bot in made.bots:
                bot.kill()


def test_kills_at_random_instants(world: World) -> None:
    chance = random.Random(4)
    world.proxy.do(sometimes(faults.drop(), 0.03, 1))
    for _ in range(KILLS):
        indexer = world.indexer()
        ends = time.monotonic() + chance.uniform(LIFE_S / 2, LIFE_S)
        while time.monotonic() < ends:
            world.go_on(chance)
            time.sleep(0.05)
        indexer.kill()
    world.assert_complete()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_kill_while_logs_are_on_their_way(world: World) -> None:
    for late in (False, True):
        indexer = world.indexer()
        world.proxy.do(at_that(indexer.kill, late=late), LOGS, times=1)
        indexer.ended()
        world.busy.reorganise(9)
    world.assert_complete()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_of_one_database_write_everything_once(world: World) -> None:
    chance, pair = random.Random(6), [world.indexer(), world.indexer()]
    for _ in range(5):
        world.go_on(chance)
        time.sleep(0.2)
    until(lambda: any(bot.facts for bot in pair), "somebody tells something", lambda: pair[0].log)
    assert [bot.stop() for bot in pair] == [0, 0]
    world.assert_complete()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_indexer_says_how_it_is(world: World) -> None:
    port = f"127.0.0.1:{free_port()}"
    indexer = world.indexer("--metrics-addr", port)
    indexer.tells(head=world.busy.head)
    until(lambda: bool(asked(port, "ready")["ok"]), "it is ready", lambda: indexer.log)
    status = asked(port, "status")
    assert status["head"] == world.busy.head
    assert {market["block"] for market in status["markets"]} == {world.busy.head}
    assert status["wrong"] == []
    until(lambda: "perpools_invariants_broken{" in metrics(port), "it is checked")
    assert f"perpools_indexer_head_block {float(world.busy.head)}" in metrics(port)
    assert indexer.stop() == 0


def metrics(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        told: bytes = answer.read()
    return told.decode()


def asked(address: str, what: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://{address}/{what}", timeout=5) as answer:
            told: dict[str, Any] = json.load(answer)
    except OSError:
        return {"ok": False}
    return told
