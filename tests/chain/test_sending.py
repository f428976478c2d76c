"""What one account sends: in line, replaced where it is stuck, executed once whatever fails."""

import threading
from collections.abc import Iterator

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from perpools.chain import connect
from perpools.chain.failures import FeesTooHigh, NonceTaken, NotMined, Superseded
from perpools.chain.fees import GWEI
from perpools.chain.node import Node, Transaction
from perpools.chain.sending import FeePolicy, Outbox
from tests.anvil import ANVIL, running
from tests.chain.purse import mine, rich, rpc

pytestmark = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """Mines on demand alone."""
    with running("--no-mining", accounts=2) as url:
        yield connect(url)


@pytest.fixture
def sender(node: Node) -> LocalAccount:
    return rich(node)


@pytest.fixture
def outbox(node: Node, sender: LocalAccount) -> Outbox:
    return Outbox(node, sender)


@pytest.fixture
def payment(sender: LocalAccount) -> Transaction:
    """One wei to somebody new."""
    return Transaction(sender.address, Account.create().address, b"", 1)


def received(node: Node, payment: Transaction) -> int:
    assert payment.to is not None
    return node.balance(payment.to)


def test_sending_does_not_wait(node: Node, outbox: Outbox, payment: Transaction) -> None:
    pending = outbox.submit(payment)
    assert outbox.poll(pending) is None
    assert outbox.pending == [pending]
    mine(node)
    receipt = outbox.poll(pending)
    assert receipt is not None
    assert (receipt.hash, receipt.succeeded) == (pending.hash, True)
    assert outbox.pending == []
    assert received(node, payment) == 1


def test_what_is_sent_stands_in_line(node: Node, outbox: Outbox, payment: Transaction) -> None:
    nonces = [outbox.submit(payment).nonce for _ in range(3)]
    assert nonces == [0, 1, 2]
    mine(node)
    assert received(node, payment) == 3


def test_threads_may_send_at_once(node: Node, outbox: Outbox, payment: Transaction) -> None:
    threads = [threading.Thread(target=outbox.submit, args=(payment,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [pending.nonce for pending in outbox.pending] == list(range(8))
    mine(node)
    assert received(node, payment) == 8


def test_a_stuck_transaction_is_replaced(node: Node, outbox: Outbox, payment: Transaction) -> None:
    stuck = outbox.submit(payment)
    raised = outbox.replace(stuck)
    assert raised.nonce == stuck.nonce
    assert raised.earlier == (stuck.hash,)
    assert outbox.pending == [raised]
    for new, old in zip(raised.fees[:2], stuck.fees[:2], strict=True):
        assert 8 * new >= 9 * old
    mine(node)
    receipt = outbox.poll(stuck) or outbox.poll(raised)
    assert receipt is not None
    assert receipt.hash == raised.hash
    assert received(node, payment) == 1


def test_the_replaced_one_may_still_win(node: Node, outbox: Outbox, payment: Transaction) -> None:
    stuck = outbox.submit(payment)
    mine(node)
    with pytest.raises(NonceTaken):
        outbox.replace(stuck)
    late = stuck._replace(hash="0x" + "11" * 32, earlier=(stuck.hash,))
    receipt = outbox.poll(late)
    assert receipt is not None
    assert receipt.hash == stuck.hash


def test_replacing_stops_at_the_cap(node: Node, sender: LocalAccount, payment: Transaction) -> None:
    suggested = node.fees().max_fee
    capped = Outbox(node, sender, FeePolicy(max_fee_wei=suggested + suggested // 10))
    stuck = capped.submit(payment)
    with pytest.raises(FeesTooHigh, match="max_fee_gwei"):
        capped.replace(stuck)
    assert capped.pending == [stuck]
    mine(node)
    assert capped.poll(stuck) is not None


def test_a_cancelled_one_moves_nothing(node: Node, outbox: Outbox, payment: Transaction) -> None:
    cancelled = outbox.cancel(outbox.submit(payment))
    mine(node)
    receipt = outbox.poll(cancelled)
    assert receipt is not None
    assert receipt.hash == cancelled.hash
    assert received(node, payment) == 0
    assert node.nonce(outbox.account) == 1


def test_after_a_restart_what_waits_is_not_overtaken(
    node: Node, sender: LocalAccount, outbox: Outbox, payment: Transaction
) -> None:
    outbox.submit(payment)
    restarted = Outbox(node, sender)
    assert restarted.pending == []
    assert restarted.submit(payment).nonce == 1


def test_what_is_stuck_since_an_earlier_run_is_outbid(
    node: Node, sender: LocalAccount, outbox: Outbox, payment: Transaction
) -> None:
    outbox.replace(outbox.replace(outbox.submit(payment)))
    restarted = Outbox(node, sender)
    void = restarted.void(node.nonce(sender.address))
    mine(node)
    assert restarted.poll(void) is not None
    assert received(node, payment) == 0


def test_what_was_mined_since_cannot_be_outbid(
    node: Node, outbox: Outbox, payment: Transaction
) -> None:
    outbox.submit(payment)
    mine(node)
    with pytest.raises(NonceTaken):
        outbox.void(0)


def test_others_may_use_the_account(
    node: Node, sender: LocalAccount, outbox: Outbox, payment: Transaction
) -> None:
    other = Outbox(node, sender)
    nonces = [box.submit(payment).nonce for box in (outbox, other, other, outbox, other)]
    assert nonces == list(range(5))
    mine(node)
    assert outbox.submit(payment).nonce == 5


def test_what_the_node_forgot_is_sent_again(
    node: Node, outbox: Outbox, payment: Transaction
) -> None:
    forgotten = outbox.submit(payment)
    rpc(node, "anvil_dropTransaction", forgotten.hash)
    assert outbox.submit(payment).nonce == 1
    mine(node)
    assert outbox.poll(forgotten) is not None
    assert received(node, payment) == 2


def test_sending_the_same_again_changes_nothing(
    node: Node, outbox: Outbox, payment: Transaction
) -> None:
    pending = outbox.submit(payment)
    outbox.repeat(pending)
    mine(node)
    outbox.repeat(pending)
    assert received(node, payment) == 1
    assert node.nonce(outbox.account) == 1


def test_waiting_ends_at_the_deadline_and_names_the_transaction(
    outbox: Outbox, payment: Transaction
) -> None:
    pending = outbox.submit(payment)
    with pytest.raises(NotMined, match=pending.hash):
        outbox.wait(pending, deadline_s=0.05)


def test_waiting_ends_with_the_block(node: Node, outbox: Outbox, payment: Transaction) -> None:
    miner = threading.Timer(0.2, mine, [node])
    miner.start()
    receipt = outbox.send(payment)
    miner.join()
    assert receipt.succeeded


def test_what_the_node_forgot_is_sent_again_while_it_is_awaited(
    node: Node, sender: LocalAccount, payment: Transaction
) -> None:
    outbox = Outbox(node, sender, repeat_s=0.05)
    pending = outbox.submit(payment)
    rpc(node, "anvil_dropTransaction", pending.hash)
    miner = threading.Timer(0.3, mine, [node])
    miner.start()
    assert outbox.wait(pending).hash == pending.hash
    miner.join()


def test_one_whose_nonce_another_has_is_not_awaited(
    node: Node, sender: LocalAccount, payment: Transaction
) -> None:
    outbox, elsewhere = Outbox(node, sender, repeat_s=0.05), Outbox(node, sender)
    pending = outbox.submit(payment)
    elsewhere.void(pending.nonce)
    mine(node)
    with pytest.raises(Superseded, match=pending.hash):
        outbox.wait(pending, deadline_s=5)
    assert outbox.pending == []


def test_fees_follow_the_policy(node: Node, sender: LocalAccount, payment: Transaction) -> None:
    base_fee = node.block().base_fee
    generous = Outbox(node, sender, FeePolicy(priority_wei=7)).submit(payment)
    assert generous.fees == (2 * base_fee + 7, 7, False)
    careful = Outbox(node, sender, FeePolicy(base_fee + 3, 7)).submit(payment)
    assert careful.fees == (base_fee + 3, 7, False)
    mine(node)


def test_a_base_fee_above_the_cap_is_waited_out(
    node: Node, sender: LocalAccount, payment: Transaction
) -> None:
    outbox = Outbox(node, sender, FeePolicy(max_fee_wei=50 * GWEI))
    rpc(node, "anvil_setNextBlockBaseFeePerGas", hex(80 * GWEI))
    mine(node)
    with pytest.raises(FeesTooHigh, match="base fee is 80 gwei, above the cap of 50"):
        outbox.submit(payment)
    assert node.nonce(sender.address, pending=True) == 0
    rpc(node, "anvil_setNextBlockBaseFeePerGas", hex(GWEI))
    mine(node)
    assert outbox.submit(payment).fees.max_fee <= 50 * GWEI


def test_an_account_of_the_node_is_served_too(node: Node, payment: Transaction) -> None:
    owner = next(iter(node.accounts))
    outbox = Outbox(node, owner)
    before = node.nonce(owner)
    stuck = outbox.submit(payment._replace(sender=owner))
    raised = outbox.replace(stuck)
    mine(node)
    receipt = outbox.poll(stuck) or outbox.poll(raised)
    assert receipt is not None
    assert receipt.hash == raised.hash
    assert node.nonce(owner) == before + 1
    assert received(node, payment) == 1


def test_a_chain_without_a_base_fee_is_paid_a_gas_price() -> None:
    with running("--no-mining", accounts=1, hardfork="berlin") as url:
        node = connect(url)
        sender = rich(node)
        payment = Transaction(sender.address, Account.create().address, b"", 1)
        outbox = Outbox(node, sender)
        assert not node.block().has_base_fee
        stuck = outbox.submit(payment)
        assert stuck.fees.is_legacy
        raised = outbox.replace(stuck)
        mine(node)
        receipt = outbox.poll(raised)
        assert receipt is not None
        assert receipt.gas_price == raised.fees.max_fee
        assert received(node, payment) == 1
