"""A world's time: a past made quickly, then the present, a tick after the other."""

import time
from collections.abc import Callable, Iterator
from random import Random

from perpools.chain import embedded
from perpools.demo.live.traders import STRATEGIES, Seen
from perpools.demo.live.venue import Venue
from perpools.demo.live.world import INTERVAL_S, World
from perpools.errors import ChainError
from perpools.spec.errors import Rejected
from perpools.spec.escrow import claimable
from perpools.spec.units import Timestamp

AGE_S = 25 * 3_600
"""How old a world is when somebody comes to look: a day, so that what changed in a day is known."""

COARSE_S, FINE_S = 75 * 60, 12 * 60
"""How far apart events are in most of the past, and how long before the present all are."""

TELLS_S, ORDERS_S = 40, 28
"""Before a grid point: when prices are told, and when traders begin to order."""

PUBLISHES_AT_S = INTERVAL_S - TELLS_S
EVERY_S = 12
"""How long it takes, on average, until the next trader comes."""
HEARTBEAT_S = 5
"""Without a transaction for so long a block is mined that has none: time goes on."""
VISITS = 0.6
"""How likely somebody orders in a market before an event of the past."""


Clock = Callable[[], Timestamp]


def now() -> Timestamp:
    """The machine's time."""
    return int(time.time())


class Life:
    """What happens in a world."""

    def __init__(self, world: World, seed: int, clock: Clock = now) -> None:
        self.world, self._rng, self._now = world, Random(seed), clock
        self._published: Timestamp = 0
        self._next_visit: Timestamp = 0

    def make_past(self) -> int:
        """
        Everything until now, then the chain's clock follows the machine's; the number of grid
        points at which there were events.
        """
        count = 0
        for mark in self._marks():
            self._play(mark)
            count += 1
        embedded.follow_clock(self.world.node.web3, self._now)
        return count

    def tick(self) -> None:
        """What is due now: a price, somebody's visit, a block. To be called every second or so."""
        moment, head = self._now(), self.world.node.block()
        period, since = divmod(moment, INTERVAL_S)
        if since >= PUBLISHES_AT_S and period > self._published:
            self._published = period
            self._publish(head.timestamp)
        elif moment >= self._next_visit:
            self._next_visit = moment + int(self._rng.expovariate(1 / EVERY_S)) + 1
            self._visit(self._rng.choice(self.world.venues))
        elif moment - head.timestamp >= HEARTBEAT_S:
            embedded.mine(self.world.node.web3)

    def _marks(self) -> Iterator[Timestamp]:
        """Grid points of the past, ever later ones while it is being made."""
        mark = _grid_point(self.world.node.block().timestamp + COARSE_S)
        while mark + INTERVAL_S // 6 < self._now():
            yield mark
            soon = _grid_point(self._now() - FINE_S)
            mark = min(mark + COARSE_S, soon) if mark < soon else mark + INTERVAL_S

    def _play(self, mark: Timestamp) -> None:
        """What leads to an event, and the event."""
        self._advance(mark - TELLS_S)
        self._publish(mark - TELLS_S)
        self._advance(mark - ORDERS_S)
        for venue in self.world.venues:
            if self._rng.random() < VISITS:
                self._visit(venue)
        self._advance(mark + self._rng.randint(1, 4))
        for venue in self.world.venues:
            self._keep(venue)

    def _advance(self, moment: Timestamp) -> None:
        """The next block's time: `moment`, or as soon after it as there can be a block."""
        node = self.world.node
        node.advance_to(max(moment, node.block().timestamp + 1))

    def _publish(self, observed_at: Timestamp) -> None:
        for ticker in self.world.tickers.values():
            ticker.tell(observed_at, self.world.cast.publisher)

    def _visit(self, venue: Venue) -> None:
        """Somebody looks at a market; what the market refuses was not to be had."""
        world = self.world
        who = self._rng.randrange(len(world.cast.traders))
        owner = world.cast.traders[who]
        purse = world.coin.read("balanceOf", owner)
        prices = world.tickers[venue.name].told
        operation = STRATEGIES[who](Seen(self._rng, venue.standing(), prices, owner, purse))
        if operation is None:
            return
        try:
            operation.on_chain(venue.market)
        except (Rejected, ChainError):
            return

    def _keep(self, venue: Venue) -> None:
        """In the past, before the bots come: an event, and claims for whoever left a tip."""
        world = self.world
        hint = len(world.tickers[venue.name].told)
        venue.market.rebalance(hint, sender=world.cast.keeper)
        market = venue.standing()
        for owner in world.cast.traders:
            due = claimable(market, owner)
            if due.tip:
                venue.market.claim(owner, sender=world.cast.claimer)


def _grid_point(moment: Timestamp) -> Timestamp:
    """The last one that passed by then."""
    return moment - moment % INTERVAL_S
