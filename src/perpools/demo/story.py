"""The story: what happens when, from the first price to the last, the same for the same seed."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random

from perpools.demo import holders, operations
from perpools.demo.holders import Scene
from perpools.demo.mirror import Mirror
from perpools.demo.prices import Fixing, Prices
from perpools.demo.stage import Stage
from perpools.spec import schedule
from perpools.spec.events import OrderPlaced
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Epoch, Timestamp, Wad

ETH_PRICE = 3_000 * WAD
"""Nobody ships prices of ether: this one is made up, and wanders."""
ETH_EVERY = 7
"""Grid points from one price of ether to the next; one in four is left out, and goes stale."""
DELAY = 200
"""A price reaches the chain a two-hundredth of an interval after it was published."""
GWEI = 10**9

Moment = Callable[[Timestamp], None]


class Story:
    """One run. `play` yields after each grid point."""

    def __init__(self, stage: Stage, prices: Prices, rng: Random) -> None:
        self._stage, self._prices, self._rng = stage, prices, rng
        self._interval_s = prices.interval_s
        self._eth_price: Wad = ETH_PRICE
        self._asleep_until: dict[str, Epoch] = {}
        self._agenda: list[tuple[Timestamp, int, Moment]] = []
        self._planned = 0

    @property
    def epochs(self) -> range:
        """The grid points after the first price, as far as the prices reach."""
        last = self._prices.fixings[-1].at // self._interval_s
        return range(self._prices.fixings[0].at // self._interval_s + 1, last + 1)

    def play(self) -> Iterator[Epoch]:
        """Everything that happens; a difference between chain and specification is raised."""
        for mirror in self._stage.mirrors:
            mirror.compare_all(f"{mirror.name}, deployed")
        for epoch in self.epochs:
            self._plan(epoch)
            self._run_until(schedule.grid_point(epoch, self._interval_s))
            for mirror in self._stage.mirrors:
                self._keep(mirror, epoch)
            yield epoch
        for mirror in self._stage.mirrors:
            mirror.compare_all(f"{mirror.name}, at the end")

    def _plan(self, epoch: Epoch) -> None:
        """Everything until the grid point of `epoch`."""
        end = schedule.grid_point(epoch, self._interval_s)
        start = end - self._interval_s
        for fixing in self._prices.fixings[1:]:
            if start < fixing.at <= end:
                self._at(fixing.at + self._interval_s // DELAY, self._publish(fixing))
        if epoch % ETH_EVERY == 0 and self._rng.random() < 3 / 4:
            self._at(start + self._interval_s // 4, self._publish_eth)
        for mirror in self._stage.mirrors:
            for _ in range(self._rng.choice((0, 0, 1, 1, 2))):
                moment = start + self._rng.randrange(self._interval_s // 8, self._interval_s)
                self._at(moment, self._visit(mirror))

    def _at(self, moment: Timestamp, happens: Moment) -> None:
        self._planned += 1
        heappush(self._agenda, (moment, self._planned, happens))

    def _run_until(self, end: Timestamp) -> None:
        while self._agenda and self._agenda[0][0] <= end:
            moment, _, happens = heappop(self._agenda)
            happens(self._advance(moment))

    def _advance(self, moment: Timestamp) -> Timestamp:
        """The next block's time: `moment`, or as soon after it as there can be a block."""
        reached = max(moment, self._stage.node.block().timestamp + 1)
        self._stage.node.advance_to(reached)
        return reached

    def _publish(self, fixing: Fixing) -> Moment:
        def publish(now: Timestamp) -> None:
            self._stage.price.post(fixing.price, fixing.at, self._stage.cast.keeper)

        return publish

    def _publish_eth(self, now: Timestamp) -> None:
        self._eth_price = self._eth_price * self._rng.randint(95, 105) // 100
        self._stage.eth.post(self._eth_price, now, self._stage.cast.keeper)

    def _visit(self, mirror: Mirror) -> Moment:
        """Somebody does something; who has just placed an order sometimes regrets it."""

        def visit(now: Timestamp) -> None:
            everybody = self._stage.cast.holders
            holder = self._rng.choice(everybody)
            others = tuple(other for other in everybody if other != holder)
            events = mirror.act(holders.act(Scene(self._rng, mirror, holder, others, now)))
            if events and isinstance(events[0], OrderPlaced) and self._rng.random() < 1 / 8:
                self._at(now + self._interval_s // 16, self._regret(mirror, events[0]))

        return visit

    def _regret(self, mirror: Mirror, order: OrderPlaced) -> Moment:
        def regret(now: Timestamp) -> None:
            mirror.act(operations.cancel(order.epoch, order.kind, order.controller))

        return regret

    def _keep(self, mirror: Mirror, epoch: Epoch) -> None:
        """The keeper's round after a grid point; now and then it sleeps through several."""
        if epoch < self._asleep_until.get(mirror.name, 0):
            return
        if self._rng.random() < 1 / 12:
            self._asleep_until[mirror.name] = epoch + self._rng.randint(2, 6)
            return
        late_s = self._rng.randrange(1, self._interval_s // 100 + 2)
        moment = schedule.grid_point(epoch, self._interval_s) + late_s
        while self._rebalance(mirror, self._advance(moment)):
            pass
        if self._rng.random() < 1 / 20:
            self._advance(moment)
            keeper = self._stage.cast.keeper
            mirror.act(operations.claim(keeper, keeper))

    def _rebalance(self, mirror: Mirror, now: Timestamp) -> bool:
        """Close one epoch; whether another one is due."""
        market, history = mirror.spec, mirror.price.history
        passed = schedule.latest_passed(now, self._interval_s)
        epoch, _ = schedule.next_to_close(passed, market.earliest_waiting, market.waiting)
        grid_point = schedule.grid_point(epoch, self._interval_s)
        hint = bisect_right(history.observations, grid_point, key=lambda seen: seen.known_at)
        gas_price = self._rng.randint(2, 40) * GWEI
        keeper = self._stage.cast.keeper
        events = mirror.act(operations.rebalance(keeper, history, hint, gas_price))
        return bool(events) and mirror.spec.last_epoch < passed
