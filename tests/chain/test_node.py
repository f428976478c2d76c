"""A node: blocks, the clock, refusals; the embedded chain and a real node behave alike."""

import pytest

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node
from perpools.errors import ChainError
from perpools.spec import errors
from tests.chain.conftest import GENESIS

NOBODY_THERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def coin(node: Node) -> Contract:
    artifact = artifacts.load("DemoCoin")
    return Contract.deploy(node, artifact, "Coin", "COIN", 6, sender=next(iter(node.accounts)))


def test_a_block_has_the_time_that_was_set(node: Node, coin: Contract) -> None:
    _, holder, *_ = node.accounts
    at = node.block().timestamp + 1_000
    node.advance_to(at)
    coin.send("mint", holder, 5, sender=holder)
    assert node.block().timestamp == at
    assert coin.read("balanceOf", holder) == 5


def test_a_set_clock_holds_for_one_block(node: Node, coin: Contract) -> None:
    _, holder, *_ = node.accounts
    at = node.block().timestamp + 1_000
    node.advance_to(at)
    coin.send("mint", holder, 1, sender=holder)
    coin.send("mint", holder, 1, sender=holder)
    assert at <= node.block().timestamp <= at + 5


def test_the_clock_never_goes_back(node: Node) -> None:
    with pytest.raises(ChainError):
        node.advance_to(node.block().timestamp - 1)


def test_every_transaction_has_a_block_of_its_own(node: Node, coin: Contract) -> None:
    _, holder, *_ = node.accounts
    first = coin.send("mint", holder, 1, sender=holder)
    second = coin.send("mint", holder, 1, sender=holder)
    assert second.block_number == first.block_number + 1


def test_a_receipt_says_what_was_paid_for(node: Node, coin: Contract) -> None:
    _, holder, *_ = node.accounts
    before = node.balance(holder)
    receipt = coin.send("mint", holder, 1, sender=holder, gas_price=3 * 10**9)
    assert receipt.gas_price == 3 * 10**9
    assert node.balance(holder) == before - receipt.gas_used * receipt.gas_price


def test_a_refused_transaction_is_the_refusal(node: Node, coin: Contract) -> None:
    _, _, poor, receiver, *_ = node.accounts
    with pytest.raises(errors.TokenBalanceIsTooLow):
        coin.send("transfer", receiver, 1, sender=poor)


def test_a_refused_call_is_the_refusal(node: Node, coin: Contract) -> None:
    _, _, owner, receiver, *_ = node.accounts
    with pytest.raises(errors.AllowanceIsTooLow):
        coin.read("transferFrom", owner, receiver, 1)


def test_a_refusal_without_a_reason_is_an_error_of_the_chain(node: Node, coin: Contract) -> None:
    stranger = Contract(node, coin.address, Interface(artifacts.load("Sigmoid").abi))
    with pytest.raises(ChainError, match="refused"):
        stranger.read("fraction", 1, 1, 1)


def test_a_node_that_is_not_there_is_named() -> None:
    with pytest.raises(ChainError, match=NOBODY_THERE):
        connect(NOBODY_THERE)


def test_the_embedded_chain_depends_on_no_clock() -> None:
    runs = []
    for _ in range(2):
        node = connect(genesis=GENESIS, accounts=2)
        sender = next(iter(node.accounts))
        artifact = artifacts.load("DemoCoin")
        coin = Contract.deploy(node, artifact, "Coin", "COIN", 6, sender=sender)
        runs.append((coin.address, node.block()))
    assert runs[0] == runs[1]
    assert runs[0][1].timestamp == GENESIS + 1
