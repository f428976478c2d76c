"""Logs in pieces: as large as the node allows, none lost, none twice."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.failures import Unreachable, WrongChain
from perpools.chain.logs import MOST, Span, in_pieces
from perpools.chain.node import Log, Node
from perpools.errors import ChainError
from tests.anvil import ANVIL, running
from tests.chain.faults import narrow
from tests.chain.proxy import Proxy

COIN = "0x" + "11" * 20
BLOCKS = 12


class Chain:
    """A log in every block; no more than so many blocks, or so many logs, at once."""

    def __init__(self, most: int) -> None:
        self.most, self.refusals = most, 0
        self.asked: list[tuple[int, int]] = []

    def ask(self, first: int, last: int) -> list[Log]:
        self.asked.append((first, last))
        if last - first + 1 > self.most:
            self.refusals += 1
            raise ChainError("query returned more than 10000 results")
        return [Log(COIN, (), b"", block_number=number) for number in range(first, last + 1)]


@given(most=st.integers(1, 20_000), first=st.integers(0, 10**6), count=st.integers(0, 30_000))
def test_none_is_lost_and_none_told_twice(most: int, first: int, count: int) -> None:
    chain, last = Chain(max(most, count // 200)), first + count - 1
    told = [log.block_number for log in in_pieces(chain.ask, first, last)]
    assert told == list(range(first, last + 1))


def test_a_narrow_node_is_rarely_asked_for_too_much() -> None:
    chain = Chain(600)
    assert len(list(in_pieces(chain.ask, 0, 99_999))) == 100_000
    assert len(chain.asked) < 100_000 / 600 * 2.5
    assert chain.refusals < len(chain.asked) / 10


def test_a_narrow_stretch_is_left_behind() -> None:
    span = Span(blocks=1, ceiling=1)
    chain = Chain(MOST)
    assert len(list(in_pieces(chain.ask, 0, 299_999, span))) == 300_000
    assert span.blocks == MOST


def test_what_one_block_is_refused_for_is_raised() -> None:
    chain = Chain(0)
    with pytest.raises(ChainError, match="10000 results"):
        list(in_pieces(chain.ask, 5, 8))
    assert chain.asked == [(5, 8), (5, 6), (5, 5)]


@pytest.mark.parametrize("failed", [Unreachable("nobody"), WrongChain("other")])
def test_a_node_that_is_not_there_is_not_asked_for_less(failed: ChainError) -> None:
    asked = []

    def ask(first: int, last: int) -> list[Log]:
        asked.append((first, last))
        raise failed

    with pytest.raises(type(failed)):
        list(in_pieces(ask, 0, 99))
    assert asked == [(0, 99)]


def test_a_node_that_ran_out_of_time_is_asked_for_less() -> None:
    def ask(first: int, last: int) -> list[Log]:
        if last > first:
            raise Unreachable("no answer within 10 s", late=True)
        return [Log(COIN, (), b"", block_number=first)]

    assert [log.block_number for log in in_pieces(ask, 3, 5)] == [3, 4, 5]


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def busy(request: pytest.FixtureRequest) -> Iterator[tuple[Node, list[Contract]]]:
    """Two coins, minted in turn."""
    if request.param == "embedded":
        yield _busy(connect(accounts=4))
        return
    if ANVIL is None:
        pytest.skip("anvil is not on the PATH")
    with running(accounts=4) as url:
        yield _busy(connect(url))


def _busy(node: Node) -> tuple[Node, list[Contract]]:
    sender, artifact = next(iter(node.accounts)), artifacts.load("DemoCoin")
    coins = [
        Contract.deploy(node, artifact, name, name, 6, sender=sender) for name in ("One", "Two")
    ]
    for amount in range(1, BLOCKS + 1):
        coins[amount % 2].send("mint", node.accounts[amount % 3], amount, sender=sender)
    return node, coins


def amounts(logs: Iterator[Log]) -> list[int]:
    return [int.from_bytes(log.data) for log in logs]


def test_logs_say_where_they_are(busy: tuple[Node, list[Contract]]) -> None:
    node, (_, coin) = busy
    head = node.block()
    *_, last = node.logs([coin.address], None, 0, head.number - 1)
    block = node.block(last.block_number)
    assert (last.address, last.block_hash, last.index) == (coin.address, block.hash, 0)
    receipt = node.receipt(last.transaction_hash)
    assert receipt is not None
    assert receipt.logs == (last,)


def test_logs_of_some_contracts_or_any(busy: tuple[Node, list[Contract]]) -> None:
    node, coins = busy
    head = node.block().number
    everybody = [coin.address for coin in coins]
    assert amounts(node.logs(everybody, None, 0, head)) == list(range(1, BLOCKS + 1))
    assert amounts(node.logs(None, None, 0, head)) == list(range(1, BLOCKS + 1))
    assert amounts(node.logs(everybody[:1], None, 0, head)) == list(range(2, BLOCKS + 1, 2))
    assert amounts(node.logs([], None, 0, head)) == []


def test_logs_by_topic(busy: tuple[Node, list[Contract]]) -> None:
    node, coins = busy
    head = node.block().number
    topic = next(node.logs(None, None, 0, head)).topics[0]
    _, receiver, *_ = node.accounts
    padded = bytes(12) + bytes.fromhex(receiver[2:])
    assert len(list(node.logs(None, [topic], 0, head))) == BLOCKS
    assert amounts(node.logs(None, [topic, None, padded], 0, head)) == [1, 4, 7, 10]
    assert amounts(node.logs(None, [None, None, [padded, bytes(32)]], 0, head)) == [1, 4, 7, 10]
    assert amounts(node.logs([coins[0].address], [bytes(32)], 0, head)) == []


def test_logs_of_some_blocks(busy: tuple[Node, list[Contract]]) -> None:
    node, _ = busy
    head = node.block().number
    assert amounts(node.logs(None, None, head - 2, head - 1)) == [BLOCKS - 2, BLOCKS - 1]
    assert amounts(node.logs(None, None, head + 1, head)) == []


@pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")
def test_a_node_that_answers_for_few_blocks_is_asked_again_and_again() -> None:
    with running(accounts=4) as url, Proxy(url) as proxy:
        _busy(connect(url))
        proxy.do(narrow(3), "eth_getLogs")
        node = connect(proxy.url)
        told = amounts(node.logs(None, None, 0, node.block().number))
    assert told == list(range(1, BLOCKS + 1))
