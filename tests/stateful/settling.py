"""First rung: time passes, the price moves, keepers come or do not."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.fixed_point import MAX_PRICE
from tests.stateful.machine import Walk
from tests.stateful.surroundings import ANSWERS, SILENT
from tests.strategies import late, leaps, moves, parts


class Settling(Walk):
    @rule(part=parts)
    def time_passes(self, part: int) -> None:
        self.world.advance(1 + self.world.interval * part // 1_000)

    @rule(move=moves, more=late)
    def an_event(self, move: tuple[int, int], more: int) -> None:
        self.scale_price(move)
        self.wait_for_a_grid_point(more_intervals=more)
        self.rebalance()

    @rule()
    def a_keeper_comes(self) -> None:
        self.rebalance()

    @rule()
    def a_keeper_catches_up(self) -> None:
        self.catch_up()

    @rule(offset=st.integers(-1, 1))
    def an_event_around_a_grid_point(self, offset: int) -> None:
        self.wait_for_a_grid_point(offset)
        self.rebalance()

    @rule(leap=leaps)
    def a_price_leaps(self, leap: tuple[int, int]) -> None:
        self.scale_price(leap)
        self.wait_for_a_grid_point()
        self.rebalance()

    @rule()
    def reaches_a_leap_up_and_down(self) -> None:
        for leap in ((1, 10**6), (10**6, 1), (10**6, 1), (1, 10**6)):
            self.scale_price(leap)
            self.wait_for_a_grid_point(more_intervals=self.world.setup.terms.sma_periods)
            self.rebalance()

    @rule(more=st.sampled_from([14, 50]))
    def reaches_a_keeper_much_too_late(self, more: int) -> None:
        self.wait_for_a_grid_point(more_intervals=more)
        self.rebalance()

    @rule()
    def reaches_a_keeper_late_for_orders(self) -> None:
        self.order("trader", 0)
        self.wait_for_a_grid_point(more_intervals=50)
        self.rebalance()

    @rule(hint=st.integers(1, 2**80))
    def reaches_an_event_that_needs_a_hint(self, hint: int) -> None:
        self.wait_for_a_grid_point()
        self.world.set_hint(hint)
        self.act("rebalance")
        self.act("rebalance", hint)
        self.world.set_hint(0)

    @rule()
    def reaches_a_trigger_and_the_longest_wait(self) -> None:
        self.catch_up()
        self.scale_price((3, 2))
        self.wait_for_a_grid_point()
        self.rebalance()
        self.world.set_price(self.world.market.average)
        longest = self.world.setup.terms.max_interval_s // self.world.interval
        self.wait_for_a_grid_point(more_intervals=max(0, longest - 2))
        self.rebalance()
        self.wait_for_a_grid_point()
        self.rebalance()

    @rule()
    def refuses_an_event_without_its_trigger(self) -> None:
        self.catch_up()
        self.world.set_price(self.world.market.average)
        self.wait_for_a_grid_point()
        self.rebalance()

    @rule()
    def refuses_an_event_that_is_not_due(self) -> None:
        self.catch_up()
        self.rebalance()

    @rule()
    def refuses_what_is_no_price(self) -> None:
        """Nothing happens; then the next good price is compared with the last good one."""
        kept = self.world.feed.price
        self.wait_for_a_grid_point()
        for price in (0, MAX_PRICE, 2**256 - 1):
            self.world.set_price(price)
            self.rebalance()
        self.world.set_price(kept)
        self.rebalance()

    @rule()
    def refuses_an_event_without_a_price(self) -> None:
        self.wait_for_a_grid_point()
        self.world.feed_behaves("feed", ANSWERS, SILENT)
        self.rebalance()
        self.world.feed_behaves("feed", ANSWERS)
