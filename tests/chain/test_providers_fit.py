"""Which endpoints are fit to be asked: those of this chain that keep up with the others."""

import time
from dataclasses import replace

import pytest

from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.failures import Unreachable, WrongChain
from perpools.chain.node import Node
from tests.chain.conftest import HURRIED
from tests.chain.faults import answer, drop, lagging
from tests.chain.proxy import Proxy


def test_an_endpoint_of_another_chain_is_refused(first: Proxy, second: Proxy) -> None:
    second.do(answer("0x5"), "eth_chainId")
    with pytest.raises(WrongChain, match=f"wrong chain: {second.url} is chain 5, not 31337"):
        connect(first.url, second.url)


def test_a_chain_that_is_not_the_expected_is_refused(first: Proxy) -> None:
    with pytest.raises(WrongChain, match="is chain 31337, not 1"):
        connect(first.url, chain_id=1)


def test_one_endpoint_that_answers_is_enough(first: Proxy, second: Proxy) -> None:
    first.do(drop())
    assert connect(first.url, second.url, patience=HURRIED).chain_id == 31_337


def test_an_endpoint_that_comes_back_as_another_chain_is_not_asked(
    both: Node, first: Proxy, second: Proxy
) -> None:
    first.do(answer("0x5"), "eth_chainId")
    first.do(drop(), times=1)
    both.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    both.block()
    assert "eth_getBlockByNumber" not in first.seen
    assert second.seen == ["eth_getBlockByNumber"] * 2


def test_a_chain_that_changes_under_the_only_endpoint_is_noticed(first: Proxy) -> None:
    node = connect(first.url, patience=replace(HURRIED, check_s=0))
    first.do(answer("0x5"), "eth_chainId")
    with pytest.raises(WrongChain, match="wrong chain"):
        node.block()


def test_an_endpoint_that_lags_is_not_asked_for_the_latest(
    first: Proxy, second: Proxy, coin_there: Contract
) -> None:
    mine(coin_there, 6)
    first.do(lagging(5))
    node = connect(first.url, second.url, patience=HURRIED)
    head = node.block().number
    assert head == coin_there.node.block().number
    assert node.block(head - 6).number == head - 6


def test_an_endpoint_that_lags_a_little_will_do(
    first: Proxy, second: Proxy, coin_there: Contract
) -> None:
    mine(coin_there, 3)
    first.do(lagging(2))
    node = connect(first.url, second.url, patience=HURRIED)
    assert node.block().number == coin_there.node.block().number - 2


def test_where_all_others_fail_an_old_state_is_not_told_as_the_latest(
    first: Proxy, second: Proxy, coin_there: Contract
) -> None:
    mine(coin_there, 6)
    first.do(lagging(5))
    node = connect(first.url, second.url, patience=HURRIED)
    second.do(drop())
    with pytest.raises(Unreachable, match="lags"):
        node.block()
    first.heal()
    assert node.block().number == coin_there.node.block().number


def test_logs_come_from_an_endpoint_that_has_their_blocks(
    first: Proxy, second: Proxy, coin_there: Contract
) -> None:
    mine(coin_there, 3)
    first.do(lagging(2))
    node = connect(first.url, second.url, patience=HURRIED)
    head = coin_there.node.block().number
    logs = list(node.logs([coin_there.address], None, head - 2, head))
    assert [log.block_number for log in logs] == [head - 2, head - 1, head]


def mine(coin: Contract, blocks: int) -> None:
    holder = next(iter(coin.node.accounts))
    for _ in range(blocks):
        coin.send("mint", holder, 1, sender=holder)
