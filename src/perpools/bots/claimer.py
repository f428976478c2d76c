"""The claimer at work: what `claiming` decides, done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from perpools.bots import claiming, places
from perpools.bots.claiming import Chance, Claim, Tips
from perpools.bots.heads import AnyBlock, Head, Pause
from perpools.bots.options import ClaimerSettings
from perpools.bots.places import MARKET, Place, event_in
from perpools.bots.station import Station, paid
from perpools.bots.wallet import BELIEVED, LOST, Flight, Wallet
from perpools.chain.following import DEPTH
from perpools.chain.node import Receipt, Transaction
from perpools.spec.errors import Rejected
from perpools.spec.events import Claimed
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address

AT_ONCE = 16
"""Claims on their way for one market: a crowd is served block by block."""

LEAST_GAS = 45_000
"""No claim takes less; below its cost no tip is worth a closer look."""


@dataclass
class Known:
    """What is known of a market's tips."""

    settled: int
    """The block up to which `tips` are; what came after it may be undone."""
    tips: Tips = field(default_factory=Tips)
    flights: dict[Address, Flight] = field(default_factory=dict)
    """Claims on their way, by owner."""


@dataclass
class Claimer:
    """Claims for owners who left a tip for it."""

    station: Station
    wallet: Wallet | None
    """None: it only says what it would do."""
    settings: ClaimerSettings
    _known: dict[Address, Known] = field(default_factory=dict)

    async def tend(self, place: Place) -> Pause:
        """Look for tips in a market, and earn those that pay."""
        head = self.station.head
        known = self._known.setdefault(place.address, Known(place.block_number - 1))
        if self.wallet is not None and not await self.wallet.is_free():
            return self.station.next_block(head)
        await self._follow(place, known, head)
        tips = await self.station.ask(self._read, place, known, head)
        await self._claim(place, known, tips, head)
        return self.station.next_block(head) if known.flights else AnyBlock(head)

    def _read(self, place: Place, known: Known, head: Head) -> Tips:
        """The tips now; what is too deep to be undone is not read again."""
        found = places.told(self.station.node, place.address, known.settled + 1, head.number)
        now = known.tips.after_all(told.event for told in found)
        settled = max(known.settled, head.number - DEPTH)
        deep = (told.event for told in found if told.block_number <= settled)
        known.tips, known.settled = known.tips.after_all(deep), settled
        return now

    async def _claim(self, place: Place, known: Known, tips: Tips, head: Head) -> None:
        fee_wei = paid(await self.station.ask(self.station.fees), head)
        owners = tips.owners(LEAST_GAS * fee_wei + self.settings.min_profit)
        busy = frozenset(known.flights)
        chances = await self.station.ask(self._chances, place, owners)
        claims = claiming.decide(chances, fee_wei, self.settings.min_profit, busy)
        for claim in claims[: AT_ONCE - len(busy)]:
            await self._send(place, known, claim)
        await self._follow(place, known, head)

    async def _send(self, place: Place, known: Known, claim: Claim) -> None:
        facts = {"market": place.address, "owner": claim.owner, "profit_wei": claim.profit_wei}
        if self.wallet is None or self.settings.dry_run:
            self.station.log.info("would claim", **facts)
            return
        transaction = self._transaction(place, claim.owner)
        known.flights[claim.owner] = await self.wallet.send(transaction, claim.most_fee_wei)
        self.station.log.info("sent", **facts, hash=known.flights[claim.owner].pending.hash)

    def _chances(self, place: Place, owners: Sequence[Address]) -> list[Chance]:
        """What each owner's claim would bring and cost; what the market says counts."""
        due = places.ask(
            self.station.node, place.address, *(("claimable", owner) for owner in owners)
        )
        tips = [(owner, tip) for owner, (_, tip) in zip(owners, due, strict=True) if tip]
        gas = [self._gas(place, owner) for owner, _ in tips]
        return [Chance(*one, used) for one, used in zip(tips, gas, strict=True) if used]

    def _gas(self, place: Place, owner: Address) -> int:
        """Gas of a claim; 0 where it is refused: another was faster, or the owner's coin is bad."""
        try:
            return self.station.node.estimate(self._transaction(place, owner))
        except Rejected as refusal:
            self.station.log.debug("refused", owner=owner, reason=refusal.reason)
            return 0

    def _transaction(self, place: Place, owner: Address) -> Transaction:
        sender = self.wallet.account if self.wallet else NOBODY
        return Transaction(
            sender, place.address, MARKET.function("claim", (owner,)).encode((owner,))
        )

    async def _follow(self, place: Place, known: Known, head: Head) -> None:
        """See what became of claims that were sent."""
        for owner, flight in tuple(known.flights.items()):
            if self.wallet and await self.wallet.follow(flight, head) in (BELIEVED, LOST):
                del known.flights[owner]
                self._settle(place, owner, flight.receipt)

    def _settle(self, place: Place, owner: Address, receipt: Receipt | None) -> None:
        event = None if receipt is None else event_in(place, receipt, Claimed)
        result = "lost" if event is None else "done"
        self.station.metrics.count("claims", pool=place.address, result=result)
        self.station.log.info("claimed" if event else "somebody was faster", owner=owner)
        if event is not None and receipt is not None:
            self.station.metrics.count("claim_tips", event.tip)
            facts = {"market": place.address, "owner": owner, "tip": event.tip}
            self.station.emit({"type": "claimed", **facts, "hash": receipt.hash})
