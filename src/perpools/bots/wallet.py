"""
One account's transactions: sent, followed until they are believed, sent again when they are stuck.

What an earlier run of the bot left in the node's mempool is awaited before anything is sent: the
account's nonces are all that there is to remember.
"""

import threading
import time
from dataclasses import dataclass, replace

from perpools.bots import flights
from perpools.bots.flights import Believe, Forget, Policy, Raise, Repeat, Seen
from perpools.bots.heads import Head
from perpools.bots.station import Station, paid
from perpools.chain.failures import FeesTooHigh, NonceTaken, Underpriced
from perpools.chain.node import Receipt, Transaction
from perpools.chain.sending import Outbox, Pending
from perpools.spec.units import Address, Epoch, Timestamp, Wei

FLYING, MINED, BELIEVED, LOST = "flying", "mined", "believed", "lost"
"""What becomes of a transaction: on its way, on the chain, deep enough in it, or never mined."""


@dataclass
class Flight:
    """A transaction on its way."""

    pending: Pending
    since: float
    """When it was sent, sent again, or undone, by this machine's monotonic clock."""
    most_fee_wei: Wei | None = None
    """Beyond it a unit of gas costs more than the transaction brings; None: it has to be."""
    branch: int = 0
    """The chain's, when it was sent or looked after: see `Heads.branch`."""
    undone: bool = False
    """Whether it may be nowhere, and was not sent again."""
    outrun: bool = False
    """Whether its nonce was used and nothing of it mined, at the last look."""
    receipt: Receipt | None = None
    mined_at: Timestamp = 0
    """The time of its block, once it is mined."""
    state: str = FLYING


class Ledger:
    """What keepers of one process are closing: no two of them pay for the same event."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[tuple[Address, Epoch]] = set()

    def take(self, market: Address, epoch: Epoch) -> bool:
        """Whether nobody else is at it; from now on somebody is."""
        with self._lock:
            if (market, epoch) in self._taken:
                return False
            self._taken.add((market, epoch))
            return True

    def give_back(self, market: Address, epoch: Epoch) -> None:
        """Nobody is at it any more."""
        with self._lock:
            self._taken.discard((market, epoch))


class Wallet:
    """One account, and what it sent."""

    def __init__(self, station: Station, outbox: Outbox, account: Address) -> None:
        self.account = account
        self._station = station
        self._outbox = outbox
        settings = station.settings
        self._policy = Policy(settings.confirmations, settings.replace_after_s)
        self._inherited: int | None = None
        self._since = time.monotonic()
        self._flying: set[int] = set()

    async def is_free(self) -> bool:
        """
        Whether nothing is on its way that an earlier run sent. What is stuck of it is outbid by a
        transfer of nothing to oneself, so that its place in the line is used up.
        """
        if self._inherited is None:
            self._inherited = await self._station.ask(self._find)
        next_nonce = await self._station.ask(self._next_nonce)
        if next_nonce >= self._inherited:
            return True
        if time.monotonic() - self._since >= self._policy.replace_after_s:
            self._since = time.monotonic()
            await self._station.ask(self._void, next_nonce)
        return False

    async def send(self, transaction: Transaction, most_fee_wei: Wei | None = None) -> Flight:
        """Send, without waiting for it to be mined; the fee never grows beyond the most."""
        pending = await self._station.ask(self._outbox.submit, transaction)
        self._flying.add(pending.nonce)
        self._measure()
        branch = self._station.heads.branch
        return Flight(pending, time.monotonic(), most_fee_wei, branch)

    async def follow(self, flight: Flight, head: Head) -> str:
        """How it goes with a flight, as of a head; one that is stuck is sent again."""
        return await self._station.ask(self._follow, flight, head.number)

    async def refusal(self, flight: Flight) -> Exception | None:
        """Why a flight was mined and failed; None where it did not."""
        receipt = flight.receipt
        if receipt is None or receipt.succeeded:
            return None
        refused = self._station.node.refusal
        return await self._station.ask(refused, flight.pending.transaction, receipt)

    def _follow(self, flight: Flight, head: int) -> str:
        next_nonce = self._next_nonce()
        receipt = self._outbox.poll(flight.pending)
        # endpoints differ in how much they know: what one look misses counts at the second
        was_outrun, flight.outrun = flight.outrun, next_nonce > flight.pending.nonce
        self._note(flight, receipt)
        seen = Seen(
            age_s=time.monotonic() - flight.since,
            head=head,
            mined_in=None if receipt is None else receipt.block_number,
            next_in_line=next_nonce == flight.pending.nonce,
            outrun=was_outrun and flight.outrun,
            undone=flight.undone,
        )
        if seen.next_in_line and flights.is_stuck(seen, self._policy):
            seen = replace(seen, underpaid=self._is_underpaid(flight))
        flight.state = self._act(flight, flights.decide(seen, self._policy))
        if flight.state != FLYING:
            self._flying.discard(flight.pending.nonce)
        self._measure()
        return flight.state

    def _note(self, flight: Flight, receipt: Receipt | None) -> None:
        """Where it is now. What was mined and undone between two looks may be nowhere at all."""
        branch, flight.branch = flight.branch, self._station.heads.branch
        if receipt is not None and receipt != flight.receipt:
            flight.mined_at = self._station.node.block(receipt.block_number).timestamp
        if receipt is None and (flight.receipt is not None or branch != flight.branch):
            self._station.log.warning("a transaction was undone", hash=flight.pending.hash)
            flight.undone = True
        elif receipt is not None:
            flight.undone = False
        flight.receipt = receipt

    def _act(self, flight: Flight, action: flights.Action) -> str:
        if isinstance(action, Believe):
            return BELIEVED
        if isinstance(action, Forget):
            return LOST
        if isinstance(action, Raise | Repeat):
            self._send_again(flight, is_raised=isinstance(action, Raise))
        return FLYING if flight.receipt is None else MINED

    def _is_underpaid(self, flight: Flight) -> bool:
        """Whether a new one would offer more, and that would still be worth it."""
        offered, most = flight.pending.fees, flight.most_fee_wei
        try:
            fees = self._station.fees()
        except FeesTooHigh as dear:
            self._station.log.warning("stuck, and dearer than allowed", problem=str(dear))
            return False
        is_more = fees.max_fee > offered.max_fee or fees.priority > offered.priority
        return is_more and (most is None or paid(fees, self._station.head) <= most)

    def _send_again(self, flight: Flight, *, is_raised: bool) -> None:
        """As it was, where that is enough; the node's own it has to be given anew if it forgot."""
        flight.since, flight.undone = time.monotonic(), False
        sent = flight.pending
        if not is_raised and (sent.raw or self._station.node.knows(sent.hash)):
            self._outbox.repeat(sent)
            return
        try:
            flight.pending = self._outbox.replace(sent)
        except (FeesTooHigh, NonceTaken, Underpriced) as refused:
            self._station.log.warning("stuck, and not sent again", problem=str(refused))
            return
        self._station.metrics.count("tx_replaced")
        self._station.log.info("sent again for a higher fee", hash=flight.pending.hash)

    def _next_nonce(self) -> int:
        return self._station.node.nonce(self.account)

    def _find(self) -> int:
        """The first nonce that no transaction has, mined or waiting."""
        found = self._station.node.nonce(self.account, pending=True)
        count = found - self._next_nonce()
        if count > 0:
            self._station.log.warning("transactions of an earlier run wait", count=count)
        return found

    def _void(self, nonce: int) -> None:
        self._station.log.warning("a transaction of an earlier run is stuck", nonce=nonce)
        try:
            self._outbox.void(nonce)
        except (FeesTooHigh, NonceTaken) as refused:
            self._station.log.warning("it is not outbid", problem=str(refused))

    def _measure(self) -> None:
        self._station.metrics.set("tx_pending", len(self._flying))
