"""What `perpools serve` does whose node is not there, is of another chain, or is not its own."""

import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from perpools.chain import connect
from tests.anvil import ANVIL, running
from tests.browser.served import Served, served
from tests.chain.faults import answer, delay, drop
from tests.chain.proxy import Proxy
from tests.faults.process import Bot, until
from tests.index.busy import FLAGS, Busy

SOON_S = 30
READS = "eth_blockNumber", "eth_getBlockByNumber", "eth_getLogs", "eth_call"
ONLY_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@dataclass
class World:
    """A node with markets behind a proxy, and a database."""

    busy: Busy
    proxy: Proxy
    home: Path
    database: str

    @property
    def named(self) -> tuple[str, ...]:
        return "--database", self.database, "--rpc", self.proxy.url

    def index(self) -> None:
        """Everything until now, and no more."""
        indexer = Bot(("index", "follow", "--once", *self.named), self.home, "once")
        assert indexer.ended() == 0, indexer.log


@pytest.fixture(scope="module")
def chain() -> Iterator[tuple[Busy, Proxy]]:
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running(*FLAGS) as node, Proxy(node) as proxy:
        yield Busy(connect(node)), proxy


@pytest.fixture
def world(chain: tuple[Busy, Proxy], tmp_path: Path, url: str) -> Iterator[World]:
    busy, proxy = chain
    yield World(busy, proxy, tmp_path, url)
    proxy.heal()


@contextmanager
def serving(world: World) -> Iterator[Served]:
    with served(world.home, *world.named) as server:
        yield server


def ready(server: Served) -> int:
    """The status of `/ready`."""
    try:
        with urllib.request.urlopen(f"{server.url}/ready", timeout=SOON_S) as told:
            status: int = told.status
    except urllib.error.HTTPError as failed:
        status = failed.code
    return status


def page(server: Served, path: str = "/") -> str:
    with urllib.request.urlopen(server.url + path, timeout=SOON_S) as told:
        text: bytes = told.read()
    return text.decode()


def reaches(world: World, server: Served) -> None:
    """Wait until what is served is the chain's last block."""
    until(lambda: server.status["block"] >= world.busy.head, "the head", lambda: server.log)


@ONLY_SQLITE
def test_without_a_node_the_database_is_served_and_followed_once_there_is_one(world: World) -> None:
    world.index()
    world.proxy.do(drop())
    with serving(world) as server:
        status = server.status
        assert (status["node"], status["stale"], ready(server)) == (False, True, 503)
        assert {m["market"] for m in status["markets"]} == {m.address for m in world.busy.markets}
        assert any("no node answers" in problem for problem in status["problems"])
        assert "The node does not answer. You see block" in page(server)
        assert "no node answers" in server.log
        world.proxy.heal()
        world.busy.minute(10)
        reaches(world, server)
        until(lambda: ready(server) == 200, "it is ready", lambda: server.log)
        assert server.status["problems"] == []
        assert "the index goes on" in server.log
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.log


@ONLY_SQLITE
def test_with_neither_node_nor_records_pages_say_so_until_there_are_some(world: World) -> None:
    world.proxy.do(drop())
    with serving(world) as server:
        assert ready(server) == 503
        assert "nothing is indexed yet" in page(server)
        world.proxy.heal()
        until(lambda: len(server.status["markets"]) == len(world.busy.markets), "markets")
        until(lambda: ready(server) == 200, "it is ready", lambda: server.log)


@ONLY_SQLITE
def test_a_node_of_another_chain_is_refused_in_one_line(world: World) -> None:
    world.index()
    world.proxy.do(answer("0x5"), "eth_chainId")
    server = Bot(("serve", "--port", "0", *world.named), world.home, "served")
    assert server.ended() == 2
    assert re.fullmatch(r"perpools: wrong chain: .* is chain 5, not 31337: .*\n", server.log)


@ONLY_SQLITE
def test_one_that_comes_later_is_told_of_and_not_followed(world: World) -> None:
    world.index()
    world.proxy.do(drop())
    with serving(world) as server:
        known = server.status["block"]
        world.proxy.do(answer("0x5"), "eth_chainId")
        world.proxy.do(delay(0), *READS)
        world.busy.minute(10)

        def told() -> bool:
            return any("wrong chain" in problem for problem in server.status["problems"])

        until(lambda: told() and "wrong chain" in server.log, "it is told", lambda: server.log)
        status = server.status
        assert (status["block"], status["node"], ready(server)) == (known, False, 503)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_one_process_shows_what_another_one_indexes(world: World) -> None:
    world.index()
    indexer = Bot(("index", "follow", "--poll-s", "0.1", *world.named), world.home, "indexer")
    try:
        with (
            served(world.home, "--database", world.database, "--no-follow") as server,
            urllib.request.urlopen(f"{server.url}/api/v1/stream", timeout=SOON_S) as stream,
        ):
            market = world.busy.markets[0].address
            before = server.status["block"]
            world.busy.minute(10)
            until(lambda: server.status["block"] > before, "a block", lambda: indexer.log)
            lines = iter(lambda: stream.readline().decode(), "")
            event = next(line for line in lines if line.startswith("data: "))
            assert '"block"' in event
            assert market in page(server)
            assert indexer.stop() == 0
            assert page(server, f"/market/{market}")
    finally:
        indexer.kill()
