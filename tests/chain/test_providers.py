"""Several endpoints of one chain: proxies that fail in front of a real node."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.failures import Unreachable
from perpools.chain.node import Node, Transaction
from perpools.errors import ChainError, ConfigError
from perpools.spec.errors import TokenBalanceIsTooLow
from tests.chain.conftest import HURRIED
from tests.chain.faults import delay, drop, error, garbage, status
from tests.chain.proxy import Fault, Proxy

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


def test_the_first_endpoint_is_preferred(both: Node, first: Proxy, second: Proxy) -> None:
    both.block()
    both.block()
    assert first.seen == ["eth_getBlockByNumber"] * 2
    assert second.seen == []


@pytest.mark.parametrize("failure", FAILURES)
def test_the_next_answers_instead_of(failure: str, both: Node, first: Proxy, second: Proxy) -> None:
    first.do(FAILURES[failure]())
    assert both.block().number == both.block().number
    assert first.seen == ["eth_getBlockByNumber"]
    assert second.seen == ["eth_getBlockByNumber"] * 2


def test_an_endpoint_that_failed_is_asked_again_after_a_while(both: Node, first: Proxy) -> None:
    first.do(status(500), times=1)
    both.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    both.block()
    assert first.seen == ["eth_chainId", "eth_blockNumber", "eth_getBlockByNumber"]


def test_an_endpoint_rests_longer_after_each_failure(both: Node, first: Proxy) -> None:
    first.do(drop())
    both.block()
    time.sleep(HURRIED.rest_s)
    both.block()
    time.sleep(HURRIED.rest_s)
    first.seen.clear()
    both.block()
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


def test_an_error_of_all_is_an_answer(both: Node, first: Proxy, second: Proxy) -> None:
    for proxy in (first, second):
        proxy.do(error(-32603, "internal error"))
    with pytest.raises(ChainError, match="internal error"):
        both.block()
    assert len(first.seen) == len(second.seen) == 1


def test_a_refusal_is_an_answer(both: Node, coin_there: Contract, second: Proxy) -> None:
    poor, receiver, *_ = reversed(both.accounts)
    second.seen.clear()
    with pytest.raises(TokenBalanceIsTooLow):
        Contract(both, coin_there.address, coin_there.interface).send(
            "transfer", receiver, 1, sender=poor
        )
    assert second.seen == []


def test_what_the_node_signs_is_never_sent_twice(both: Node, first: Proxy, second: Proxy) -> None:
    sender, receiver, *_ = both.accounts
    before = both.nonce(sender)
    first.do(drop(late=True), "eth_sendTransaction")
    with pytest.raises(Unreachable, match="dropped"):
        both.send(Transaction(sender, receiver, b"", 1))
    assert "eth_sendTransaction" not in second.seen
    assert both.nonce(sender) == before + 1


def test_what_cannot_have_arrived_is_sent_elsewhere(second: Proxy, url: str) -> None:
    gone = Proxy(url)
    with gone:
        node = connect(gone.url, second.url, patience=HURRIED)
    sender, receiver, *_ = node.accounts
    assert node.send(Transaction(sender, receiver, b"", 1)).succeeded


def test_a_batch_is_one_request(both: Node, coin_there: Contract, first: Proxy) -> None:
    holders = both.accounts[:5]
    balance = coin_there.interface.function("balanceOf", holders[:1])
    first.seen.clear()
    answers = both.calls([(coin_there.address, balance.encode([holder])) for holder in holders])
    assert first.seen == ["eth_call"] * 5
    assert [int.from_bytes(a) for a in answers] == [
        coin_there.read("balanceOf", h) for h in holders
    ]


def test_a_batch_that_is_refused_is_asked_one_by_one(first: Proxy, coin_there: Contract) -> None:
    node = connect(first.url, patience=HURRIED)
    refusal = garbage(b'{"jsonrpc": "2.0", "error": {"code": -32600, "message": "no batches"}}')
    first.do(refusal, "eth_call", times=1)
    supply = coin_there.interface.function("totalSupply", ()).encode(())
    assert (
        node.calls([(coin_there.address, supply)] * 2)
        == [node.call(coin_there.address, supply)] * 2
    )


def test_a_batch_with_a_rate_limit_in_it_is_asked_elsewhere(
    both: Node, first: Proxy, second: Proxy, coin_there: Contract
) -> None:
    first.do(error(-32005, "too many requests"), "eth_call")
    supply = coin_there.interface.function("totalSupply", ()).encode(())
    assert len(both.calls([(coin_there.address, supply)] * 3)) == 3
    assert second.seen == ["eth_call"] * 3


def test_a_refusal_within_a_batch_is_raised(both: Node, coin_there: Contract) -> None:
    receiver, *_ = both.accounts
    supply = coin_there.interface.function("totalSupply", ()).encode(())
    move = coin_there.interface.function("transfer", (receiver, 1)).encode((receiver, 1))
    with pytest.raises(TokenBalanceIsTooLow):
        both.calls([(coin_there.address, supply), (coin_there.address, move)])


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


def test_threads_may_ask_at_once(both: Node, first: Proxy, second: Proxy) -> None:
    first.do(drop(), times=10)
    second.do(status(500), times=5)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.extend(both.block().number for _ in range(10)))
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
