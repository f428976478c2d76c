"""
One account's transactions: signed, sent, followed and replaced. Safe for threads.

The nonce makes sending exact: of all transactions with one nonce the chain executes one. So what
may or may not have arrived is sent again as it is, and what is stuck once more with its nonce.
"""

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from perpools.chain.failures import (
    NonceTaken,
    Superseded,
    Underpriced,
    Unreachable,
    is_known,
)
from perpools.chain.fees import FeePolicy, Fees
from perpools.chain.signing import Offer, signed
from perpools.chain.waiting import DEADLINE_S, REPEAT_S, looks, not_mined
from perpools.chain.wire import GAS_PRICE, Hash, Receipt, Transaction
from perpools.errors import ChainError
from perpools.spec.units import Address

if TYPE_CHECKING:
    from perpools.chain.node import Node

__all__ = ["FeePolicy", "Fees", "Outbox", "Pending"]

TRIES = (False, False, False, True)
"""Nonces and fees are asked for anew: others may use the account, and fees move. True: the last."""

PAUSE_S = 0.25
"""Before nonces are asked for anew: an endpoint may have lagged."""

NOTHING_GAS = 21_000
"""Of a transfer to oneself; chains that charge for more than the EVM's work are asked."""


class Pending(NamedTuple):
    """A transaction on its way."""

    hash: Hash
    nonce: int
    sent_at: float
    """By this machine's monotonic clock."""
    fees: Fees
    transaction: Transaction
    gas: int
    """The most it may use."""
    raw: bytes = b""
    """As signed; empty where the node signs."""
    earlier: tuple[Hash, ...] = ()
    """What it replaced: one of them may be mined instead."""


class Outbox:
    """What one account sends through a node, which signs for it, or has its signer."""

    def __init__(
        self,
        node: "Node",
        account: Address | LocalAccount,
        policy: FeePolicy | None = None,
        *,
        deadline_s: float = DEADLINE_S,
        repeat_s: float = REPEAT_S,
    ) -> None:
        signer = account if isinstance(account, LocalAccount) else node.signer(account)
        self.account: Address = signer.address if signer else to_checksum_address(str(account))
        self.policy = policy or FeePolicy()
        self._node, self.signer = node, signer
        self._deadline_s, self._repeat_s = deadline_s, repeat_s
        self._lock = threading.RLock()
        self._pending: dict[int, Pending] = {}
        self._unsure: set[Hash] = set()

    @property
    def pending(self) -> list[Pending]:
        """What was sent here and is not known to be mined, by nonce."""
        with self._lock:
            return [self._pending[nonce] for nonce in sorted(self._pending)]

    def submit(self, transaction: Transaction) -> Pending:
        """
        Send without waiting. Where no node says that it got it, it is pending all the same: it may
        have arrived, and `poll` sends it again. One that the node signs raises instead.

        Raises what the contract refuses, `FeesTooHigh`, `TooPoor`, or `Unreachable` before anything
        was signed.
        """
        price = self._fees(transaction).max_fee
        gas = transaction.gas or self._node.gas_for(transaction, price)
        with self._lock:
            for is_last in TRIES:
                try:
                    fees, nonce = self._fees(transaction), self._next_nonce()
                    return self._send(transaction, nonce, gas, fees)
                except (NonceTaken, Underpriced):
                    if is_last:
                        raise
                time.sleep(PAUSE_S)
                self._forget_mined()
        raise AssertionError("the last try returns or raises")

    def poll(self, pending: Pending) -> Receipt | None:
        """The receipt of a transaction or of one that it replaced; None: not mined yet."""
        for sent in (pending.hash, *pending.earlier):
            receipt = self._node.receipt(sent)
            if receipt is not None:
                with self._lock:
                    self._pending.pop(pending.nonce, None)
                    self._unsure -= {pending.hash, *pending.earlier}
                return receipt
        if pending.hash in self._unsure:
            with suppress(Unreachable):
                self.repeat(pending)
        return None

    def repeat(self, pending: Pending) -> None:
        """
        Send the very same again: nodes forget. Nothing happens where it is known, mined or outbid,
        nor where the node signs.
        """
        try:
            if pending.raw:
                self._publish(pending)
        except (NonceTaken, Underpriced):
            return

    def replace(self, pending: Pending) -> Pending:
        """
        The same with the same nonce for fees raised by an eighth at least, within the cap.

        `FeesTooHigh` where the cap forbids it; `NonceTaken` where one with its nonce is mined.
        """
        return self._outbid(pending, pending.transaction, pending.gas)

    def cancel(self, pending: Pending) -> Pending:
        """A transfer of nothing to oneself in its place, as `replace`; the first may still win."""
        nothing = self._nothing()
        return self._outbid(pending, nothing, self._gas_for_nothing(nothing))

    def void(self, nonce: int) -> Pending:
        """
        A transfer of nothing to oneself in the place of a transaction that waits since an earlier
        run, of which nothing but its nonce is known; fees are doubled until it is outbid.

        `FeesTooHigh` where the cap forbids it; `NonceTaken` where it is mined.
        """
        with self._lock:
            if nonce in self._pending:
                return self.cancel(self._pending[nonce])
            nothing = self._nothing()
            gas, fees = self._gas_for_nothing(nothing), self._fees(nothing)
            while True:
                try:
                    return self._send(nothing, nonce, gas, fees)
                except Underpriced:
                    twice = Fees(2 * fees.max_fee, 2 * fees.priority, fees.is_legacy)
                    fees = self.policy.allowed(twice)

    def send(self, transaction: Transaction) -> Receipt:
        """Send and wait until it is mined, whether it succeeds or not."""
        return self.wait(self.submit(transaction))

    def wait(self, pending: Pending, deadline_s: float | None = None) -> Receipt:
        """
        Until it is mined. `NotMined` names it after the deadline; `Superseded` where another
        transaction has its nonce.
        """
        within = self._deadline_s if deadline_s is None else deadline_s
        trouble, was_used = "", False
        for is_due in looks(within, self._repeat_s):
            try:
                receipt = self.poll(pending)
                if receipt is not None:
                    return receipt
                if is_due:
                    was_used = self._revive(pending, was_used=was_used)
            except Unreachable as failed:
                trouble = f" ({failed})"
        raise not_mined(pending.hash, within, trouble)

    def _revive(self, pending: Pending, *, was_used: bool) -> bool:
        """Send again what is not mined; whether its nonce is used: twice in a row is final."""
        is_used = self._node.nonce(self.account) > pending.nonce
        if is_used and was_used:
            with self._lock:
                self._pending.pop(pending.nonce, None)
            raise Superseded(f"another transaction has the nonce of {pending.hash}: it is void")
        self.repeat(pending)
        return is_used

    def _outbid(self, pending: Pending, transaction: Transaction, gas: int) -> Pending:
        with self._lock:
            pending = self._pending.get(pending.nonce, pending)
            fees = pending.fees
            for is_last in TRIES:
                fees = self.policy.allowed(fees.raised(least=self._fees(transaction)))
                try:
                    sent = self._send(transaction, pending.nonce, gas, fees)
                except Underpriced:
                    if is_last:
                        raise
                    continue
                return self._keep(sent._replace(earlier=(*pending.earlier, pending.hash)))
        raise AssertionError("the last try returns or raises")

    def _send(self, transaction: Transaction, nonce: int, gas: int, fees: Fees) -> Pending:
        pending = Pending("", nonce, time.monotonic(), fees, transaction, gas)
        offer = Offer(nonce, gas, fees)
        if self.signer is None:
            return self._keep(pending._replace(hash=self._node.entrust(transaction, offer)))
        raw, found = signed(self.signer, transaction, offer, self._node.chain_id)
        pending = pending._replace(hash=found, raw=raw)
        try:
            self._publish(pending)
        except Unreachable:
            self._unsure.add(pending.hash)
        return self._keep(pending)

    def _publish(self, pending: Pending) -> None:
        try:
            self._node.publish(pending.raw, self.account)
        except NonceTaken:
            if not self._node.knows(pending.hash):
                raise
        except ChainError as failed:
            if not is_known(failed):
                raise
        self._unsure.discard(pending.hash)

    def _keep(self, pending: Pending) -> Pending:
        self._pending[pending.nonce] = pending
        return pending

    def _next_nonce(self) -> int:
        """After all that waits; what the node forgot of it is sent again: none is left out."""
        free = self._node.nonce(self.account, pending=True)
        after = max(self._pending, default=-1) + 1
        for nonce in range(free, after):
            if nonce not in self._pending:
                return nonce
            self.repeat(self._pending[nonce])
        return max(free, after)

    def _forget_mined(self) -> None:
        mined = self._node.nonce(self.account)
        self._pending = {n: pending for n, pending in self._pending.items() if n >= mined}

    def _fees(self, transaction: Transaction) -> Fees:
        if transaction.gas_price in (0, GAS_PRICE):
            return self._node.fees(self.policy)
        price = transaction.gas_price
        return self.policy.allowed(Fees(price, price, is_legacy=True))

    def _nothing(self) -> Transaction:
        return Transaction(self.account, self.account, b"")

    def _gas_for_nothing(self, nothing: Transaction) -> int:
        return max(NOTHING_GAS, self._node.estimate(nothing))
