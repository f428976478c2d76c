"""A node: blocks, calls, transactions, logs and, if it is ours, its clock. It knows no contract."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from eth_utils.address import to_checksum_address
from web3 import Web3
from web3.exceptions import TransactionNotFound, Web3Exception
from web3.types import RPCEndpoint, TxParams

from perpools.chain import wire
from perpools.chain.failures import Underpriced, Unreachable, error_of, explaining
from perpools.chain.fees import GWEI, FeePolicy, Fees
from perpools.chain.logs import Topics, in_pieces
from perpools.chain.providers import Failover
from perpools.chain.sending import Outbox
from perpools.chain.signing import Offer, offered
from perpools.chain.waiting import DEADLINE_S, looks, not_mined
from perpools.chain.wire import (
    GAS,
    GAS_PRICE,
    Block,
    BlockName,
    Hash,
    Log,
    Receipt,
    Transaction,
)
from perpools.errors import ChainError, StrangeAnswer
from perpools.spec.errors import Rejected
from perpools.spec.units import Address, Timestamp

__all__ = ["GAS", "GAS_PRICE", "Block", "Log", "Node", "Receipt", "Transaction"]

BATCH = 100
"""Calls in one request: more than most providers take at once is refused."""

SPARE = 5, 4
"""Gas offered for each unit estimated: what others do in between may make it dearer."""

SetClock = Callable[[Web3, Timestamp], None]
"""Lets the next block have a timestamp."""


@dataclass(frozen=True, slots=True)
class Node:
    """One chain, through web3. Safe for threads."""

    web3: Web3
    set_clock: SetClock
    asker: Address | None = None
    """Who calls views where nobody is named; an embedded chain makes even callers pay."""
    outboxes: Mapping[Address, Outbox] = field(default_factory=dict)
    """Of the accounts whose transactions are signed here."""

    def signing(self, *signers: LocalAccount, fees: FeePolicy | None = None) -> Self:
        """
        The same chain; transactions of these accounts are signed here and pay as `fees` allow, all
        others are signed by the node.
        """
        ours: dict[Address, Outbox] = {
            signer.address: Outbox(self, signer, fees) for signer in signers
        }
        return replace(self, outboxes={**self.outboxes, **ours})

    def signer(self, account: Address) -> LocalAccount | None:
        """Who signs here for an account; None: the node does, or nobody."""
        outbox = self.outboxes.get(to_checksum_address(account))
        return outbox.signer if outbox else None

    @property
    def accounts(self) -> tuple[Address, ...]:
        """Accounts that can send: those that are signed for here, then the node's own."""
        with explaining():
            return tuple(dict.fromkeys([*self.outboxes, *self.web3.eth.accounts]))

    @property
    def chain_id(self) -> int:
        """Which chain it is."""
        provider = self.web3.provider
        if isinstance(provider, Failover) and provider.chain_id is not None:
            return provider.chain_id
        with explaining():
            return self.web3.eth.chain_id

    def block(self, at: BlockName = "latest") -> Block:
        """The block mined last, or another one; `ChainError` where there is none."""
        with explaining():
            return wire.block(self.web3.eth.get_block(wire.named(at)))

    def advance_to(self, timestamp: Timestamp) -> None:
        """Let the next block be mined at `timestamp`, later than the last one."""
        try:
            self.set_clock(self.web3, timestamp)
        except Web3Exception as refused:
            raise ChainError(f"this node's clock cannot be set to {timestamp}: {refused}") from None

    def balance(self, account: Address, block: BlockName | None = None) -> int:
        """Native coin of an account, in wei."""
        with explaining():
            return self.web3.eth.get_balance(to_checksum_address(account), wire.named(block))

    def code(self, account: Address, block: BlockName | None = None) -> bytes:
        """The code of a contract."""
        with explaining():
            return bytes(self.web3.eth.get_code(to_checksum_address(account), wire.named(block)))

    def nonce(self, account: Address, *, pending: bool = False) -> int:
        """How many transactions an account has sent: mined ones, or also those that wait."""
        at = "pending" if pending else "latest"
        with explaining():
            return self.web3.eth.get_transaction_count(to_checksum_address(account), wire.named(at))

    def call(
        self,
        to: Address,
        data: bytes,
        sender: Address | None = None,
        *,
        block: BlockName | None = None,
        value: int = 0,
    ) -> bytes:
        """What a call would answer, now or after a block; what the contract refuses is raised."""
        return self._call(self._question(to, data, sender, value), block)

    def calls(
        self, calls: Sequence[tuple[Address, bytes]], block: BlockName | None = None
    ) -> list[bytes]:
        """
        What several calls answer, in one request to a real node; the first refusal is raised.

        Without a block each is answered as of the latest, which may change in between.
        """
        asked = [self._question(to, data) for to, data in calls]
        pieces = [asked[first : first + BATCH] for first in range(0, len(asked), BATCH)]
        return [answer for piece in pieces for answer in self._batch(piece, block)]

    def logs(
        self, addresses: Sequence[Address] | None, topics: Topics | None, first: int, last: int
    ) -> Iterator[Log]:
        """
        Logs of the blocks from `first` to `last`, both included, in order; of some contracts or of
        any (None). Asked for in pieces, as large as the node allows.
        """
        told: dict[str, Any] = {"topics": wire.topics(topics or ())}
        if addresses is not None:
            told["address"] = [to_checksum_address(address) for address in addresses]

        def ask(first: int, last: int) -> list[Log]:
            asked = {**told, "fromBlock": hex(first), "toBlock": hex(last)}
            with explaining():  # web3's own formatters take longer than all that comes afterwards
                method = RPCEndpoint("eth_getLogs")
                return wire.logs(self.web3.manager.request_blocking(method, [asked]))

        # To nodes, no address at all would mean any.
        return iter(()) if addresses == [] or addresses == () else in_pieces(ask, first, last)

    def estimate(self, transaction: Transaction, *, block: BlockName | None = None) -> int:
        """
        Gas that a transaction would use, at the gas price that it names itself if it names any: an
        event uses more where it pays for it. What the contract refuses is raised.
        """
        price = 0 if transaction.gas_price == GAS_PRICE else transaction.gas_price
        return self._estimate(transaction, price, block)

    def gas_for(self, transaction: Transaction, price: int | None = None) -> int:
        """
        Gas to offer at so many wei each (None: what is usual now): a quarter more than estimated.
        What the last block's state or time forbids is asked again of the block to come.
        """
        price = self.fees().max_fee if price is None else price
        try:
            gas = self._estimate(transaction, price, None)
        except (Rejected, StrangeAnswer) as refused:
            try:
                gas = self._estimate(transaction, price, "pending")
            except ChainError:
                raise refused from None
        more, of = SPARE
        return gas * more // of

    def fees(self, policy: FeePolicy | None = None) -> Fees:
        """What a transaction sent now should offer; `FeesTooHigh` where the policy forbids it."""
        policy, block = policy or FeePolicy(), self.block()
        if not block.has_base_fee:
            with explaining():
                return policy.legacy(self.web3.eth.gas_price)
        tip = policy.priority_wei
        return policy.fees(block.base_fee, self._tip() if tip is None else tip)

    def send(self, transaction: Transaction) -> Receipt:
        """Have a transaction mined; whatever the contract refuses is raised."""
        outbox = self.outboxes.get(to_checksum_address(transaction.sender))
        receipt = outbox.send(transaction) if outbox else self._have_sent(transaction)
        if not receipt.succeeded:
            raise self.refusal(transaction, receipt)
        return receipt

    def receipt(self, hash: Hash) -> Receipt | None:  # noqa: A002
        """What a transaction did; None: it is not mined."""
        with explaining():
            try:
                told = self.web3.eth.get_transaction_receipt(HexStr(hash))
            except TransactionNotFound:
                return None
            return None if told.get("blockNumber") is None else wire.receipt(told)

    def refusal(self, transaction: Transaction, receipt: Receipt) -> Exception:
        """Why a mined transaction failed: it is tried again at its block's time, then before it."""
        why = "it would not now, so it may have run out of gas"
        for block in (receipt.block_number, receipt.block_number - 1):
            try:
                self._call(transaction, block)
            except Rejected as refused:
                return refused
            except ChainError as strange:
                why = str(strange)
        return ChainError(f"the transaction {receipt.hash} failed: {why}")

    def publish(self, raw: bytes, sender: Address) -> None:
        """Hand over a signed transaction, without waiting."""
        with explaining(sender):
            self.web3.eth.send_raw_transaction(raw)

    def entrust(self, transaction: Transaction, offer: Offer | None = None) -> Hash:
        """Let the node sign and send, without waiting; unless told, it finds out the nonce."""
        params = cast(TxParams, offered(transaction, offer)) if offer else wire.sent(transaction)
        with explaining(transaction.sender):
            return wire.hash_of(self.web3.eth.send_transaction(params))

    def knows(self, hash: Hash) -> bool:  # noqa: A002
        """Whether a transaction waits or is mined."""
        with explaining():
            try:
                return self.web3.eth.get_transaction(HexStr(hash)) is not None
            except TransactionNotFound:
                return False

    def _have_sent(self, transaction: Transaction) -> Receipt:
        try:
            mined = self.entrust(transaction)
        except Underpriced:
            # What nobody chose may be below a real chain's base fee: then the node chooses.
            if transaction.gas_price != GAS_PRICE:
                raise
            mined = self.entrust(transaction._replace(gas_price=0))
        for _ in looks(DEADLINE_S):
            receipt = self.receipt(mined)
            if receipt is not None:
                return receipt
        raise not_mined(mined, DEADLINE_S)

    def _question(
        self, to: Address, data: bytes, sender: Address | None = None, value: int = 0
    ) -> Transaction:
        gas_price = 0 if self.asker is None else GAS_PRICE
        return Transaction(sender or self.asker or to, to, data, value, gas_price)

    def _call(self, transaction: Transaction, block: BlockName | None) -> bytes:
        with explaining(transaction.sender):
            at = None if block is None else wire.named(block)
            return bytes(self.web3.eth.call(wire.sent(transaction), at))

    def _estimate(self, transaction: Transaction, price: int, block: BlockName | None) -> int:
        told = wire.params(transaction, price)
        with explaining(transaction.sender):
            return self.web3.eth.estimate_gas(told, None if block is None else wire.named(block))

    def _batch(self, asked: Sequence[Transaction], block: BlockName | None) -> list[bytes]:
        provider, answers = self.web3.provider, None
        if isinstance(provider, Failover) and len(asked) > 1:
            at = "latest" if block is None else wire.in_json(block)
            method = RPCEndpoint("eth_call")
            requests = [(method, [wire.sent_in_json(one), at]) for one in asked]
            answers = provider.make_batch_request(requests)
        if not isinstance(answers, list):
            return [self._call(one, block) for one in asked]
        return [_result(answer) for answer in answers]

    def _tip(self) -> int:
        try:
            with explaining():
                method = RPCEndpoint("eth_maxPriorityFeePerGas")
                tip = self.web3.manager.request_blocking(method, [])
                return int(tip, 16) if isinstance(tip, str) else int(tip)
        except Unreachable:
            raise
        except ChainError:
            return GWEI


def _result(answer: Any) -> bytes:
    """Of a call in a batch."""
    if "error" in answer:
        raise error_of(answer["error"])
    return bytes.fromhex(answer["result"].removeprefix("0x"))
