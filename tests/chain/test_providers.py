"""Several endpoints of one chain: proxies that fail in front of a real node."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.endpoints import Patience
from perpools.chain.failures import Unreachable, WrongChain
from perpools.chain.node import Node, Transaction
from perpools.errors import ChainError, ConfigError
from perpools.spec.errors import TokenBalanceIsTooLow
from tests.anvil import ANVIL, running
from tests.chain.faults import answer, delay, drop, error, garbage, lagging, status
from tests.chain.proxy import Fault, Proxy

pytestmark = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")

HURRIED = Patience(
    timeout_s=0.4, pauses_s=(0.02, 0.05), rest_s=0.2, longest_rest_s=0.8, check_s=3_600
)

FAILURES: dict[str, Callable[[], Fault]] = {
    "a dropped connection": drop,
    "a time-out": lambda: delay(0.6),
    "HTTP 429": lambda: status(429),
    "HTTP 500": lambda: status(500),
    "no JSON": garbage,
    "JSON of another sort": lambda: garbage(b'{"status": "fine"}'),
    "a rate limit": lambda: error(-32005, "project is over its rate limit"),
    "an internal error": lambda: error(-32603, "internal error"),
    "an unknown block": lambda: error(-32000, "header not found"),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def coin(url: str) -> Contract:
    node = connect(url)
    artifact = artifacts.load("DemoCoin")
    return Contract.deploy(node, artifact, "Coin", "COIN", 6, sender=next(iter(node.accounts)))


@pytest.fixture
def first(url: str) -> Iterator[Proxy]:
    with Proxy(url) as proxy:
        yield proxy


@pytest.fixture
def second(url: str) -> Iterator[Proxy]:
    with Proxy(url) as proxy:
        yield proxy


@pytest.fixture
def node(first: Proxy, second: Proxy) -> Node:
    found = connect(first.url, second.url, patience=HURRIED)
    first.seen.clear()
    second.seen.clear()
    return found


def test_the_first_endpoint_is_preferred(node: Node, first: Proxy, second: Proxy) -> None:
    node.block()
    node.block()
    assert first.seen == ["eth_getBlockByNumber"] * 2
    assert second.seen == []


@pytest.mark.parametrize("failure", FAILURES)
def test_the_next_answers_instead_of(failure: str, node: Node, first: Proxy, second: Proxy) -> None:
    first.do(FAILURES[failure]())
    assert node.block().number == node.block().number
    assert first.seen == ["eth_getBlockByNumber"]
    assert second.seen == ["eth_getBlockByNumber"] * 2


def test_an_endpoint_that_failed_is_asked_again_after_a_while(node: Node, first: Proxy) -> None:
    first.do(status(500), times=1)
    node.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    node.block()
    assert first.seen == ["eth_chainId", "eth_blockNumber", "eth_getBlockByNumber"]


def test_an_endpoint_rests_longer_after_each_failure(node: Node, first: Proxy) -> None:
    first.do(drop())
    node.block()
    time.sleep(HURRIED.rest_s)
    node.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    node.block()
    assert first.seen == []


def test_an_endpoint_says_when_to_come_back(first: Proxy, second: Proxy) -> None:
    patient = replace(HURRIED, rest_s=0.01, longest_rest_s=30)
    node = connect(first.url, second.url, patience=patient)
    first.do(status(429, retry_after_s=5), times=1)
    node.block()
    time.sleep(0.1)
    first.seen.clear()
    node.block()
    assert first.seen == []


def test_a_single_endpoint_is_asked_again(first: Proxy) -> None:
    node = connect(first.url, patience=HURRIED)
    first.do(drop(), times=2)
    assert node.block().number >= 0


def test_where_nobody_answers_each_is_named_without_its_key(first: Proxy, second: Proxy) -> None:
    node = connect(first.url + "/v3/secret", second.url, patience=HURRIED)
    first.do(status(503))
    second.do(garbage())
    with pytest.raises(Unreachable) as refused:
        node.block()
    message = str(refused.value)
    assert f"{first.url}: it answers HTTP 503" in message
    assert f"{second.url}: its answer is no JSON" in message
    assert "secret" not in message
    assert "\n" not in message


def test_an_error_of_all_is_an_answer(node: Node, first: Proxy, second: Proxy) -> None:
    for proxy in (first, second):
        proxy.do(error(-32603, "internal error"))
    with pytest.raises(ChainError, match="internal error"):
        node.block()
    assert len(first.seen) == len(second.seen) == 1


def test_a_refusal_is_an_answer(node: Node, coin: Contract, second: Proxy) -> None:
    poor, receiver, *_ = reversed(node.accounts)
    second.seen.clear()
    with pytest.raises(TokenBalanceIsTooLow):
        Contract(node, coin.address, coin.interface).send("transfer", receiver, 1, sender=poor)
    assert second.seen == []


def test_what_the_node_signs_is_never_sent_twice(node: Node, first: Proxy, second: Proxy) -> None:
    sender, receiver, *_ = node.accounts
    before = node.nonce(sender)
    first.do(drop(late=True), "eth_sendTransaction")
    with pytest.raises(Unreachable, match="dropped"):
        node.send(Transaction(sender, receiver, b"", 1))
    assert "eth_sendTransaction" not in second.seen
    assert node.nonce(sender) == before + 1


def test_what_cannot_have_arrived_is_sent_elsewhere(second: Proxy, url: str) -> None:
    gone = Proxy(url)
    with gone:
        node = connect(gone.url, second.url, patience=HURRIED)
    sender, receiver, *_ = node.accounts
    assert node.send(Transaction(sender, receiver, b"", 1)).succeeded


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
    node: Node, first: Proxy, second: Proxy
) -> None:
    first.do(answer("0x5"), "eth_chainId")
    first.do(drop(), times=1)
    node.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    node.block()
    assert "eth_getBlockByNumber" not in first.seen
    assert second.seen == ["eth_getBlockByNumber"] * 2


def test_a_chain_that_changes_under_the_only_endpoint_is_noticed(first: Proxy) -> None:
    node = connect(first.url, patience=replace(HURRIED, check_s=0))
    first.do(answer("0x5"), "eth_chainId")
    with pytest.raises(WrongChain, match="wrong chain"):
        node.block()


def test_an_endpoint_that_lags_is_not_asked_for_the_latest(
    first: Proxy, second: Proxy, coin: Contract
) -> None:
    mine(coin, 6)
    first.do(lagging(5))
    node = connect(first.url, second.url, patience=HURRIED)
    head = node.block().number
    assert head == coin.node.block().number
    assert node.block(head - 6).number == head - 6


def test_an_endpoint_that_lags_a_little_will_do(
    first: Proxy, second: Proxy, coin: Contract
) -> None:
    mine(coin, 3)
    first.do(lagging(2))
    node = connect(first.url, second.url, patience=HURRIED)
    assert node.block().number == coin.node.block().number - 2


def test_where_all_others_fail_an_old_state_is_not_told_as_the_latest(
    first: Proxy, second: Proxy, coin: Contract
) -> None:
    mine(coin, 6)
    first.do(lagging(5))
    node = connect(first.url, second.url, patience=HURRIED)
    second.do(drop())
    with pytest.raises(Unreachable, match="lags"):
        node.block()
    first.heal()
    assert node.block().number == coin.node.block().number


def test_logs_come_from_an_endpoint_that_has_their_blocks(
    first: Proxy, second: Proxy, coin: Contract
) -> None:
    mine(coin, 3)
    first.do(lagging(2))
    node = connect(first.url, second.url, patience=HURRIED)
    head = coin.node.block().number
    logs = list(node.logs([coin.address], None, head - 2, head))
    assert [log.block_number for log in logs] == [head - 2, head - 1, head]


def test_a_batch_is_one_request(node: Node, coin: Contract, first: Proxy) -> None:
    holders = node.accounts[:5]
    balance = coin.interface.function("balanceOf", holders[:1])
    first.seen.clear()
    answers = node.calls([(coin.address, balance.encode([holder])) for holder in holders])
    assert first.seen == ["eth_call"] * 5
    assert [int.from_bytes(a) for a in answers] == [coin.read("balanceOf", h) for h in holders]


def test_a_batch_that_is_refused_is_asked_one_by_one(first: Proxy, coin: Contract) -> None:
    node = connect(first.url, patience=HURRIED)
    refusal = garbage(b'{"jsonrpc": "2.0", "error": {"code": -32600, "message": "no batches"}}')
    first.do(refusal, "eth_call", times=1)
    supply = coin.interface.function("totalSupply", ()).encode(())
    assert node.calls([(coin.address, supply)] * 2) == [node.call(coin.address, supply)] * 2


def test_a_batch_with_a_rate_limit_in_it_is_asked_elsewhere(
    node: Node, first: Proxy, second: Proxy, coin: Contract
) -> None:
    first.do(error(-32005, "too many requests"), "eth_call")
    supply = coin.interface.function("totalSupply", ()).encode(())
    assert len(node.calls([(coin.address, supply)] * 3)) == 3
    assert second.seen == ["eth_call"] * 3


def test_a_refusal_within_a_batch_is_raised(node: Node, coin: Contract) -> None:
    receiver, *_ = node.accounts
    supply = coin.interface.function("totalSupply", ()).encode(())
    move = coin.interface.function("transfer", (receiver, 1)).encode((receiver, 1))
    with pytest.raises(TokenBalanceIsTooLow):
        node.calls([(coin.address, supply), (coin.address, move)])


def test_every_request_is_reported(first: Proxy, second: Proxy) -> None:
    told: list[tuple[str, str, str | None]] = []
    node = connect(
        first.url,
        second.url,
        patience=HURRIED,
        on_request=lambda method, endpoint, _, failed: told.append((method, endpoint, failed)),
    )
    told.clear()
    first.do(status(429), times=1)
    node.block()
    assert told == [
        ("eth_getBlockByNumber", first.url, "it answers HTTP 429"),
        ("eth_getBlockByNumber", second.url, None),
    ]


def test_threads_may_ask_at_once(node: Node, first: Proxy, second: Proxy) -> None:
    first.do(drop(), times=10)
    second.do(status(500), times=5)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.extend(node.block().number for _ in range(10)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80


def test_an_address_that_is_none_is_the_users_mistake() -> None:
    with pytest.raises(ConfigError, match="rpc: localhost:8545"):
        connect("localhost:8545")


def mine(coin: Contract, blocks: int) -> None:
    holder = next(iter(coin.node.accounts))
    for _ in range(blocks):
        coin.send("mint", holder, 1, sender=holder)
