"""Transactions signed here, with keys of one's own; the embedded chain and a real node alike."""

from collections.abc import Iterator

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.chain.endpoints import Patience
from perpools.chain.failures import FeesTooHigh, TooPoor, Unreachable
from perpools.chain.fees import GWEI
from perpools.chain.node import Node, Transaction
from perpools.chain.sending import FeePolicy, Outbox
from perpools.errors import ChainError
from perpools.spec.errors import ReceiverIsZero, TokenBalanceIsTooLow
from tests.anvil import ANVIL, running
from tests.chain.faults import drop, error
from tests.chain.proxy import Proxy
from tests.chain.purse import ETHER, funded, rich, rpc

NOBODY = "0x" + 40 * "0"
HURRIED = Patience(timeout_s=0.5, pauses_s=(0.02,), rest_s=0.05)

needs_anvil = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")


@pytest.fixture
def signer(node: Node) -> LocalAccount:
    return funded(node)


@pytest.fixture
def signing(node: Node, signer: LocalAccount) -> Node:
    return node.signing(signer)


@pytest.fixture
def coin(signing: Node, signer: LocalAccount) -> Contract:
    artifact = artifacts.load("DemoCoin")
    return Contract.deploy(signing, artifact, "Coin", "COIN", 6, sender=signer.address)


def test_signers_come_before_the_nodes_accounts(
    node: Node, signing: Node, signer: LocalAccount
) -> None:
    assert signing.accounts == (signer.address, *node.accounts)
    assert signer.address not in node.accounts


def test_a_contract_is_created_and_spoken_to(coin: Contract, signer: LocalAccount) -> None:
    receipt = coin.send("mint", signer.address, 5, sender=signer.address)
    assert coin.read("balanceOf", signer.address) == 5
    assert [name for name, _ in coin.told(receipt)] == ["Transfer"]
    assert coin.node.receipt(receipt.hash) == receipt


def test_others_are_still_signed_for_by_the_node(node: Node, signing: Node) -> None:
    sender, receiver, *_ = node.accounts
    assert signing.send(Transaction(sender, receiver, b"", 1)).succeeded


def test_a_strangers_transaction_is_not_sent(signing: Node) -> None:
    stranger = Account.create().address
    with pytest.raises(ChainError):
        signing.send(Transaction(stranger, stranger, b""))


def test_a_refusal_is_known_before_anything_is_sent(coin: Contract, signer: LocalAccount) -> None:
    before = coin.node.nonce(signer.address)
    with pytest.raises(TokenBalanceIsTooLow):
        coin.send("transfer", coin.address, 1, sender=signer.address)
    assert coin.node.nonce(signer.address) == before


def test_a_refusal_that_was_mined_is_explained(coin: Contract, signer: LocalAccount) -> None:
    before, data = coin.node.nonce(signer.address), transfer(coin, NOBODY)
    with pytest.raises(ReceiverIsZero):
        coin.node.send(Transaction(signer.address, coin.address, data, gas=200_000))
    assert coin.node.nonce(signer.address) == before + 1


def test_one_that_ran_out_of_gas_is_named(coin: Contract, signer: LocalAccount) -> None:
    call = coin.interface.function("mint", (signer.address, 1)).encode((signer.address, 1))
    with pytest.raises(ChainError, match=r"the transaction 0x[0-9a-f]{64} failed: "):
        coin.node.send(Transaction(signer.address, coin.address, call, gas=25_000))


def test_an_account_without_ether_is_named(node: Node) -> None:
    poor = Account.create()
    told = f"the account {poor.address} has too little native coin for gas"
    for value in (0, 1):
        with pytest.raises(TooPoor, match=told):
            node.signing(poor).send(Transaction(poor.address, NOBODY, b"", value))


def test_a_view_does_not_need_a_signature(coin: Contract) -> None:
    supply = coin.interface.function("totalSupply", ()).encode(())
    assert coin.node.calls([(coin.address, supply)] * 3) == [bytes(32)] * 3


def test_a_call_is_answered_as_of_a_block(coin: Contract, signer: LocalAccount) -> None:
    minted = coin.send("mint", signer.address, 5, sender=signer.address)
    coin.send("mint", signer.address, 7, sender=signer.address)
    supply = coin.interface.function("totalSupply", ()).encode(())
    told = {
        at: int.from_bytes(coin.node.call(coin.address, supply, block=at))
        for at in (minted.block_number - 1, minted.block_number, "latest", "pending")
    }
    assert list(told.values()) == [0, 5, 12, 12]
    [batched] = coin.node.calls([(coin.address, supply)], minted.block_number)
    assert int.from_bytes(batched) == 5


def test_blocks_by_number_and_name(node: Node, coin: Contract) -> None:
    head = node.block()
    assert node.block(head.number) == head
    assert node.block("pending").number == head.number + 1
    assert node.block("pending").timestamp >= head.timestamp
    assert len(head.hash) == 66
    with pytest.raises(ChainError):
        node.block(head.number + 1_000)


def test_what_is_not_mined_has_no_receipt(node: Node) -> None:
    assert node.receipt("0x" + "11" * 32) is None
    assert not node.knows("0x" + "11" * 32)


def test_a_time_to_come_is_estimated_for(signing: Node, signer: LocalAccount) -> None:
    at = signing.block().timestamp + 5_000
    signing.advance_to(at)
    signing.send(Transaction(signer.address, signer.address, b""))
    assert signing.block().timestamp == at


def test_the_cap_on_fees_holds(node: Node, signer: LocalAccount) -> None:
    careful = node.signing(signer, fees=FeePolicy(max_fee_wei=1))
    if node.block().base_fee > 1:
        with pytest.raises(FeesTooHigh):
            careful.send(Transaction(signer.address, signer.address, b""))


def test_a_price_of_ones_own_is_paid(signing: Node, signer: LocalAccount) -> None:
    sent = Transaction(signer.address, signer.address, b"", gas_price=3 * GWEI)
    assert signing.send(sent).gas_price == 3 * GWEI


def transfer(coin: Contract, receiver: str) -> bytes:
    return coin.interface.function("transfer", (receiver, 1)).encode((receiver, 1))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(accounts=2) as url:
        yield url


@pytest.fixture
def behind(url: str) -> Iterator[tuple[Node, Proxy, LocalAccount]]:
    """A node behind a proxy and behind none, and an account that signs."""
    with Proxy(url) as proxy:
        node = connect(proxy.url, url, patience=HURRIED)
        owner = rich(node)
        yield node.signing(owner), proxy, owner


@needs_anvil
def test_an_answer_that_was_lost_sends_nothing_twice(
    behind: tuple[Node, Proxy, LocalAccount],
) -> None:
    node, proxy, owner = behind
    receiver = Account.create().address
    proxy.do(drop(late=True), "eth_sendRawTransaction")
    assert node.send(Transaction(owner.address, receiver, b"", ETHER)).succeeded
    assert (node.balance(receiver), node.nonce(owner.address)) == (ETHER, 1)


@needs_anvil
def test_what_the_node_has_already_is_not_refused(
    behind: tuple[Node, Proxy, LocalAccount],
) -> None:
    node, proxy, owner = behind
    receiver = Account.create().address
    proxy.do(drop(late=True), "eth_sendRawTransaction", times=1)
    with running("--no-mining", accounts=2) as idle, Proxy(idle) as idle_proxy:
        waiting = connect(idle_proxy.url, patience=HURRIED)
        rpc(waiting, "anvil_setBalance", owner.address, hex(ETHER))
        idle_proxy.do(drop(late=True), "eth_sendRawTransaction", times=1)
        outbox = Outbox(waiting, owner)
        pending = outbox.submit(Transaction(owner.address, receiver, b"", 1))
        rpc(waiting, "evm_mine")
        assert outbox.poll(pending) is not None
    assert node.balance(receiver) == 0


@needs_anvil
def test_what_never_arrived_is_pending_and_sent_again(url: str) -> None:
    with Proxy(url) as proxy:
        node = connect(proxy.url, patience=HURRIED)
        owner, receiver = rich(node), Account.create().address
        outbox = Outbox(node, owner)
        proxy.do(drop(), "eth_sendRawTransaction")
        pending = outbox.submit(Transaction(owner.address, receiver, b"", 1))
        assert outbox.poll(pending) is None
        proxy.heal()
        assert outbox.wait(pending).hash == pending.hash
        assert (node.balance(receiver), node.nonce(owner.address)) == (1, 1)


@needs_anvil
def test_waiting_survives_a_node_that_is_away_for_a_while(url: str) -> None:
    with Proxy(url) as proxy:
        node = connect(proxy.url, patience=HURRIED)
        owner = rich(node)
        outbox = Outbox(node, owner)
        pending = outbox.submit(Transaction(owner.address, owner.address, b""))
        proxy.do(drop(), times=7)
        assert outbox.wait(pending, deadline_s=5).hash == pending.hash


@needs_anvil
def test_nothing_is_signed_where_nobody_answers(url: str) -> None:
    with Proxy(url) as proxy:
        node = connect(proxy.url, patience=HURRIED)
        owner = rich(node)
        proxy.do(drop())
        outbox = Outbox(node, owner)
        with pytest.raises(Unreachable):
            outbox.submit(Transaction(owner.address, owner.address, b""))
        assert outbox.pending == []


@needs_anvil
def test_a_node_without_tips_costs_a_gwei(behind: tuple[Node, Proxy, LocalAccount]) -> None:
    node, proxy, owner = behind
    unknown = error(-32601, "the method does not exist")
    proxy.do(unknown, "eth_maxPriorityFeePerGas")
    proxy.do(unknown, "eth_feeHistory")
    assert node.fees().priority == GWEI
    assert node.send(Transaction(owner.address, owner.address, b"")).succeeded


@needs_anvil
def test_the_nodes_own_accounts_pay_what_a_spike_asks(url: str) -> None:
    node = connect(url)
    sender, receiver = node.accounts
    rpc(node, "anvil_setNextBlockBaseFeePerGas", hex(50 * GWEI))
    rpc(node, "evm_mine")
    assert node.send(Transaction(sender, receiver, b"", 1)).gas_price > 40 * GWEI
