"""The keeper at work: what `keeping` decides, done."""

from dataclasses import dataclass, field, replace

from perpools.bots import keeping, places
from perpools.bots.backoff import stagger_s
from perpools.bots.heads import Done, Head, Nap, Pause, Until
from perpools.bots.keeping import (
    Again,
    Ask,
    Hold,
    Leave,
    Limits,
    Pay,
    Prices,
    Rebalance,
    Seen,
    Wait,
)
from perpools.bots.options import KeeperSettings
from perpools.bots.places import MARKET, Place, Standing, event_in
from perpools.bots.station import Held, Station, paid
from perpools.bots.wallet import BELIEVED, FLYING, LOST, Flight, Ledger, Wallet
from perpools.chain import feeds
from perpools.chain.node import Receipt, Transaction
from perpools.errors import ConfigError
from perpools.spec import schedule
from perpools.spec.errors import EventIsNotDue, Rejected
from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import WAD
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Epoch, Wei

GAS_MARGIN, FEED_GAS = (5, 4), 300_000
"""
Gas offered with an event: a quarter more than it would use, since orders may come before it, and
what the market offers the feed that its pay depends on. A simulation succeeds without the latter,
and pays nothing; what is not used costs nothing.
"""


@dataclass
class Closing:
    """An epoch that this keeper sent an event for."""

    epoch: Epoch
    last_epoch: Epoch
    """The one closed last when it was sent."""
    flight: Flight


@dataclass
class Keeper:
    """Closes epochs, of every market."""

    station: Station
    wallet: Wallet | None
    """None: it only says what it would do."""
    settings: KeeperSettings
    ledger: Ledger = field(default_factory=Ledger)
    _closing: dict[Address, list[Closing]] = field(default_factory=dict)
    _reverts: dict[Address, int] = field(default_factory=dict)
    """Events of a market that failed on the chain, in a row."""

    async def tend(self, place: Place) -> Pause:
        """Look at a market, and close an epoch of it where that is due and pays."""
        head = self.station.head
        if self.wallet and not await self.wallet.is_free():
            return self.station.next_block(head)
        unbelieved = await self._follow(place, head)
        if any(closing.flight.state == FLYING for closing in unbelieved):
            return self.station.next_block(head)
        pause = await self._close(place, head)
        return self.station.next_block(head) if unbelieved and isinstance(pause, Until) else pause

    async def _close(self, place: Place, head: Head) -> Pause:
        """Decide, ask what a decision needs, and do it."""
        seen, standing = await self.station.ask(self._see, place, head)
        limits = self._limits(place, seen)
        action = keeping.decide(seen, limits)
        if isinstance(action, Ask):
            seen = await self.station.ask(self._simulate, place, head, seen, standing)
            action = keeping.decide(seen, limits)
        if isinstance(action, Rebalance):
            return await self._send(place, head, action, standing)
        return self._pause(place, action)

    def _pause(self, place: Place, action: keeping.Action) -> Pause:
        if isinstance(action, Wait):
            self.station.log.debug(
                "waits", market=place.address, why=action.why, until=action.until
            )
            return Until(action.until)
        if isinstance(action, Again):
            self.station.log.info("looks again", market=place.address, why=action.why)
            return Nap(self.station.settings.poll_s)
        if isinstance(action, Leave):
            self.station.log.info("leaves", market=place.address, why=action.why)
            return Done()
        raise Held(action.why if isinstance(action, Hold) else "nothing was simulated")

    def _see(self, place: Place, head: Head) -> tuple[Seen, Standing]:
        standing = places.standing(self.station.node, place)
        interval_s, block_time_s = place.terms.interval_s, place.terms.block_time_s
        progress = standing.progress
        seen = Seen(
            now=head.now, progress=progress, interval_s=interval_s, block_time_s=block_time_s
        )
        return seen, standing

    def _limits(self, place: Place, seen: Seen) -> Limits:
        most_s = self.settings.jitter_s
        epoch = keeping.due(seen.progress, seen.now, seen.interval_s) or 0
        stagger = stagger_s(self._account, place.address, epoch, most_s) if most_s else 0
        return Limits(self.settings.least_wei, stagger)

    @property
    def _account(self) -> Address:
        return self.wallet.account if self.wallet else NOBODY

    def _simulate(self, place: Place, head: Head, seen: Seen, standing: Standing) -> Seen:
        """What an event would do now: its gas and the keeper's pay, or why it is refused."""
        epoch = keeping.due(seen.progress, seen.now, seen.interval_s)
        at = schedule.grid_point(epoch or 0, seen.interval_s)
        hint = feeds.hint(self.station.node, place.feed, at)
        fees = self.station.fees()
        try:
            gas = self._tried(place, head, hint, fees.max_fee)
        except Rejected as refusal:
            return replace(seen, refusal=refusal.reason)
        asked, late_s = (hint, gas), head.now - at
        prices = self._prices(place, head, paid(fees, head))
        made = keeping.offer(_pay(place), prices, late_s, standing.total, asked)
        return replace(seen, offer=made)

    def _tried(self, place: Place, head: Head, hint: int, price: Wei) -> int:
        """
        Gas of an event that pays its keeper; raises why it is refused. Asked of the block that
        tells the time.
        """
        at = "pending" if head.pending else "latest"
        data, node = _call(hint), self.station.node
        node.call(place.address, data, self._account, block=at)
        price = price if self.wallet else 0
        return node.estimate(Transaction(self._account, place.address, data, 0, price), block=at)

    def _prices(self, place: Place, head: Head, fee_wei: Wei) -> Prices:
        eth = self._told(place.terms.eth_feed)
        fast = self._told(place.terms.gas_feed) // WAD or head.base_fee
        believed = self.settings.pay_feeds
        if not believed:
            return Prices(fee_wei, fast, eth, eth)
        feed = believed.get(place.coin.address.lower(), NOBODY)
        return Prices(fee_wei, fast, eth, self._told(feed))

    def _told(self, feed: Address) -> int:
        """What a feed says now, WAD; 0 where there is none, or it says nothing."""
        if feed == NOBODY:
            return 0
        try:
            latest = feeds.latest(self.station.node, feed)
        except ConfigError:  # no contract is there: as good as silence, for the market as well
            return 0
        return latest.price if latest else 0

    async def _send(self, place: Place, head: Head, action: Rebalance, standing: Standing) -> Pause:
        offer, epoch = action.offer, action.epoch
        facts = {"market": place.address, "epoch": epoch, "profit_wei": offer.profit_wei}
        if self.wallet is None or self.settings.dry_run:
            self.station.log.info("would close", **facts, cost_wei=offer.cost_wei)
            return Until(_next_grid_point(place, head))
        if not self.ledger.take(place.address, epoch):
            return self.station.next_block(head)
        (more, of), data = GAS_MARGIN, _call(offer.hint)
        try:
            gas = offer.gas * more // of + FEED_GAS
            transaction = Transaction(self.wallet.account, place.address, data, gas=gas)
            most = keeping.most_fee(offer, self.settings.least_wei)
            flight = await self.wallet.send(transaction, most)
        except BaseException:
            self.ledger.give_back(place.address, epoch)
            raise
        self.station.log.info("sent", **facts, hash=flight.pending.hash)
        closing = Closing(epoch, standing.progress.last_epoch, flight)
        self._closing.setdefault(place.address, []).append(closing)
        return (
            self.station.next_block(head) if await self._is_flying(place, closing, head) else Nap(0)
        )

    async def _is_flying(self, place: Place, closing: Closing, head: Head) -> bool:
        """Chains that mine at once have it by now."""
        await self._follow(place, head)
        return closing.flight.state == FLYING

    async def _follow(self, place: Place, head: Head) -> list[Closing]:
        """See what became of events sent for a market; those that are not believed yet."""
        if self.wallet is None:
            return []
        closings = self._closing.setdefault(place.address, [])
        for closing in tuple(closings):
            if await self.wallet.follow(closing.flight, head) in (BELIEVED, LOST):
                refusal = await self.wallet.refusal(closing.flight)
                closings.remove(closing)
                self._settle(place, closing, refusal)
        return closings

    def _settle(self, place: Place, closing: Closing, refusal: Exception | None) -> None:
        """Count what became of an event."""
        self.ledger.give_back(place.address, closing.epoch)
        receipt = closing.flight.receipt
        event = None if receipt is None else event_in(place, receipt, Rebalanced)
        if receipt is None or event is None:
            self._lose(place, refusal)
            return
        facts = {"market": place.address, "epoch": event.epoch}
        self._reverts.pop(place.address, None)
        self._count(place, closing, receipt, event)
        self.station.log.info("closed", **facts, reward=event.reward, gas=receipt.gas_used)
        self.station.emit({"type": "upkeep", **facts, "reward": event.reward, "hash": receipt.hash})

    def _lose(self, place: Place, refusal: Exception | None) -> None:
        """
        An event came to nothing. Whatever the reason, unless another was faster, is there still:
        the market is left alone for longer each time, for each time costs gas.
        """
        late = refusal is None or isinstance(refusal, EventIsNotDue)
        result = "lost" if late else "failed"
        self.station.metrics.count("upkeep", pool=place.address, result=result)
        if late:
            self.station.log.info("somebody was faster", market=place.address)
            return
        self._reverts[place.address] = self._reverts.get(place.address, 0) + 1
        raise Held(f"an event failed on the chain: {refusal}", self._reverts[place.address])

    def _count(self, place: Place, closing: Closing, receipt: Receipt, event: Rebalanced) -> None:
        metrics, pool = self.station.metrics, place.address
        metrics.count("upkeep", pool=pool, result="done")
        metrics.observe("upkeep_gas_used", receipt.gas_used, pool=pool)
        metrics.count("keeper_reward", event.reward, token=place.coin.address)
        missed = max(0, event.epoch - closing.last_epoch - 1)
        metrics.count("epoch_missed", missed, pool=pool)
        late_s = closing.flight.mined_at - schedule.grid_point(event.epoch, place.terms.interval_s)
        metrics.observe("upkeep_lateness_seconds", late_s, pool=pool)


def _call(hint: int) -> bytes:
    """Of an event; 0 is the contract's default hint, and costs nothing."""
    arguments = (hint,) if hint else ()
    return MARKET.function("rebalance", arguments).encode(arguments)


def _next_grid_point(place: Place, head: Head) -> int:
    """When the next one has passed."""
    interval_s = place.terms.interval_s
    return schedule.grid_point(schedule.latest_passed(head.now, interval_s) + 1, interval_s) + 1


def _pay(place: Place) -> Pay:
    terms = place.terms
    return Pay(
        terms.block_time_s,
        terms.tip_step_wad,
        terms.tip_max_wad,
        terms.gas_premium_wei,
        terms.reward_cap_wad,
        place.asset_scale,
    )
