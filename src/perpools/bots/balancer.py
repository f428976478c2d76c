"""The skew balancer at work: what `balancing` decides is done, or noted where it plays on paper."""

from dataclasses import dataclass, field
from typing import Any

from perpools import artifacts
from perpools.bots import balancing
from perpools.bots.balancing import Place as Order
from perpools.bots.balancing import Purse, Seen, Strategy, Wait
from perpools.bots.heads import AnyBlock, Done, Head, Pause, Until
from perpools.bots.monitor import NAMES
from perpools.bots.options import BalancerSettings, threshold
from perpools.bots.paper import Book
from perpools.bots.places import MARKET, Place, event_in
from perpools.bots.station import Station
from perpools.bots.wallet import BELIEVED, LOST, Flight, Wallet
from perpools.chain import feeds, snapshot
from perpools.chain.contract import Interface
from perpools.chain.node import Transaction
from perpools.chain.snapshot import Fixed, Snapshot
from perpools.chain.tokens import Token
from perpools.errors import ConfigError
from perpools.spec import forecast
from perpools.spec.events import OrderPlaced
from perpools.spec.kinds import ASSETS, SIDES, item_in
from perpools.spec.state import Escrow
from perpools.spec.units import Address

ERC20 = Interface(artifacts.load("SideToken").abi)
"""What any token does."""

NO_BUDGET = "budget: missing: say how much the balancer may have in a market, like --budget 1000"


@dataclass
class Known:
    """What is known of a market that is balanced."""

    fixed: Fixed
    strategy: Strategy
    book: Book
    flights: list[Flight] = field(default_factory=list)


@dataclass
class Balancer:
    """Orders against skew, in every market."""

    station: Station
    wallet: Wallet | None
    """None: on paper alone."""
    settings: BalancerSettings
    _known: dict[Address, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.settings.budget:
            raise ConfigError(NO_BUDGET)

    async def tend(self, place: Place) -> Pause:
        """Look at a market, and order where one side will be too large."""
        head = self.station.head
        known = self._known.get(place.address)
        if known is None:
            known = self._known[place.address] = await self.station.ask(self._know, place)
        if self.wallet is not None and not await self.wallet.is_free():
            return self.station.next_block(head)
        if await self._follow(place, known, head):
            return self.station.next_block(head)
        return await self._balance(place, known, head)

    async def _balance(self, place: Place, known: Known, head: Head) -> Pause:
        read = snapshot.read_again
        accounts = (self.wallet.account,) if self.wallet else ()
        seen_now = await self.station.ask(read, self.station.node, known.fixed, accounts)
        if seen_now.market.wound_down:
            return Done()
        seen = await self.station.ask(self._see, place, known, seen_now, head)
        action = balancing.decide(seen, known.strategy)
        if isinstance(action, Wait):
            self.station.log.debug("waits", market=place.address, why=action.why)
            return Until(action.until) if action.until > head.now + 1 else AnyBlock(head)
        if self.wallet is None or self.settings.dry_run or not self.settings.live:
            self._note(place, known, action)
            return AnyBlock(head)
        await self._send(place, known, action)
        return self.station.next_block(head)

    def _know(self, place: Place) -> Known:
        """A market's fixed part, and how much the owner will have in it."""
        settings, coin = self.settings, place.coin
        budget = threshold(settings.budget, coin.symbol, coin.decimals) or 0
        most = threshold(settings.max_order, coin.symbol, coin.decimals)
        shares = settings.threshold, settings.buffer
        fixed = snapshot.read_fixed(self.station.node, place.address)
        strategy = Strategy(*shares, budget, most, settings.lead_s)
        return Known(fixed, strategy, Book((budget, 0, 0)))

    def _see(self, place: Place, known: Known, now: Snapshot, head: Head) -> Seen:
        """The market once everything that waits is executed at the price now, and the purse."""
        market = now.market
        told = feeds.latest(self.station.node, place.feed)
        price = told.price if told else market.samples[-1]
        expected = forecast.after_all(market, head.now, price).market.pool
        fees_wad = market.mint_fee_wad, market.terms.burn_fee_wad
        if self.settings.live and self.wallet:
            purse = _purse(now, self.wallet.account)
        else:
            known.book = known.book.after(market.last_epoch, market.pool, fees_wad)
            purse, expected = known.book.purse, known.book.expected(expected, fees_wad)
        epoch = market.epoch_joined(head.now)
        cutoff_at = forecast.cutoff_at(market, epoch)
        return Seen(now=head.now, epoch=epoch, cutoff_at=cutoff_at, expected=expected, purse=purse)

    def _note(self, place: Place, known: Known, order: Order) -> None:
        """Trade on paper."""
        known.book = known.book.order(order)
        facts = self._facts(place, order)
        self.station.metrics.count("orders", pool=place.address, kind=facts["kind"], result="paper")
        self.station.log.info("would order", **facts)
        self.station.emit({"type": "paper-order", **facts})

    async def _send(self, place: Place, known: Known, order: Order) -> None:
        """Order; where the market may not take the collateral yet, let it take exactly that."""
        assert self.wallet is not None
        account = self.wallet.account
        from_wallet = order.amount - order.from_escrow
        if item_in(order.kind) == ASSETS and from_wallet:
            coin = Token(self.station.node, place.coin.address)
            if await self.station.ask(coin.allowance, account, place.address) < from_wallet:
                data = ERC20.function("approve", (place.address, from_wallet))
                call = data.encode((place.address, from_wallet))
                known.flights.append(
                    await self.wallet.send(Transaction(account, coin.address, call))
                )
                self.station.log.info("approved", market=place.address, assets=from_wallet)
                return
        arguments = (order.kind, order.amount, order.from_escrow, account, account, order.epoch)
        call = MARKET.function("place_order", arguments).encode(arguments)
        known.flights.append(await self.wallet.send(Transaction(account, place.address, call)))
        self.station.log.info("sent", **self._facts(place, order))

    async def _follow(self, place: Place, known: Known, head: Head) -> list[Flight]:
        """See what became of orders that were sent; those that are not believed yet."""
        for flight in tuple(known.flights):
            if self.wallet and await self.wallet.follow(flight, head) in (BELIEVED, LOST):
                known.flights.remove(flight)
                self._settle(place, flight)
        return known.flights

    def _settle(self, place: Place, flight: Flight) -> None:
        receipt = flight.receipt
        event = None if receipt is None else event_in(place, receipt, OrderPlaced)
        if event is not None:
            kind = NAMES[event.kind]
            self.station.metrics.count("orders", pool=place.address, kind=kind, result="done")
            self.station.log.info("ordered", market=place.address, kind=kind, epoch=event.epoch)
            self.station.emit({"type": "ordered", "market": place.address, **event._asdict()})
        elif receipt is None or not receipt.succeeded:
            self.station.log.warning("an order came to nothing", hash=flight.pending.hash)

    def _facts(self, place: Place, order: Order) -> dict[str, Any]:
        kind = NAMES[order.kind]
        return {"market": place.address, **order._asdict(), "kind": kind}


def _purse(now: Snapshot, account: Address) -> Purse:
    """What an account has in and for a market."""
    market = now.market
    due = market.escrow.get(account, Escrow())
    long, short = (market.holdings[side].get(account, 0) for side in SIDES)
    waiting = sum(
        amount
        for (owner, epoch, kind), amount in market.orders.items()
        if owner == account and epoch > market.last_epoch and item_in(kind) == ASSETS
    )
    return Purse((now.wallets[account], long, short), due[:3], waiting)
