"""
The walk that every rung of the ladder extends: a market is opened, rules act on it, everything is
compared.

A rung never knows whether it walks the specification alone or a chain in lockstep: its `driver`
decides. Rules named `reaches_` or `refuses_` prepare what they need themselves, from any state.
"""

from collections import Counter
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from perpools.spec import schedule
from perpools.spec.escrow import claimable
from perpools.spec.events import Event
from perpools.spec.kinds import ASSETS, LONG_BURN, SIDES
from perpools.spec.pool import LIMIT
from tests import strategies
from tests.stateful.model import ACCOUNTS, HOLDERS, Model
from tests.stateful.surroundings import ANSWERS, PLAIN, SILENT, TAKES
from tests.strategies import Setup

REACHED: Counter[str] = Counter()
"""What all walks of this session reached."""

holders = st.sampled_from(HOLDERS)
sides = st.sampled_from(SIDES)
MAX_PRICE = 2**120 - 1


class Walk(RuleBasedStateMachine):
    driver: ClassVar[type[Model]] = Model
    sound = True
    """Whether all went well so far: after a failure there is nothing to leave in order."""

    @initialize(setup=strategies.setups())
    def open_market(self, setup: Setup) -> None:
        self.world = self.driver(setup)

    @invariant()
    def everything_agrees(self) -> None:
        self.sound = False
        self.world.check()
        self.sound = True

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            if self.sound:
                self.everybody_can_leave(feed_is_dead=self.world.market.last_epoch % 2 == 0)
        finally:
            REACHED.update(self.world.reached)
            self.world.close()

    # ways to get somewhere

    def act(self, name: str, *args: Any, **options: Any) -> tuple[Event, ...] | None:
        self.sound = False
        happened = self.world.act(name, *args, **options)
        self.sound = True
        return happened

    def rebalance(self, keeper: str = "keeper") -> tuple[Event, ...] | None:
        return self.act("rebalance", self.world.feed.hint, sender=keeper)

    def wait_for_a_grid_point(self, offset: int = 1, more_intervals: int = 0) -> None:
        """Until `offset` seconds after the next grid point, or later."""
        interval = self.world.interval
        to_next = interval - self.world.now % interval
        while to_next + offset < 0:
            to_next += interval
        self.world.advance(to_next + offset + more_intervals * interval)

    def catch_up(self) -> None:
        """Close every epoch that can be closed."""
        while self.world.due and self.rebalance():
            pass

    def execute(self, epoch: int) -> None:
        """Let an epoch pass, and everything before it."""
        passed = schedule.grid_point(epoch, self.world.interval) + 1
        self.world.advance(max(0, passed - self.world.now))
        self.catch_up()

    def scale_price(self, move: tuple[int, int]) -> None:
        new, old = move
        self.world.set_price(min(max(1, self.world.feed.price * new // old), MAX_PRICE))

    def assets(self, part: int = 1_000) -> int:
        """Thousandths of what both sides hold: an amount that matters."""
        return max(2, sum(self.world.market.pool.balances) * part // 1_000)

    def due_to(self, owner: str, item: int) -> int:
        return claimable(self.world.market, owner)[item]

    def fund(self, holder: str, side: int) -> int:
        """See to it that somebody has tokens of a side; how many."""
        if not self.world.held(holder, side):
            self.world.mint_coins(holder, self.assets())
            self.act("mint_pair", self.assets(100), sender=holder)
        return self.world.held(holder, side)

    def order(self, holder: str, kind: int, part: int = 100, **options: Any) -> int:
        """Order with a part of what there is; the epoch it joins."""
        if kind < LONG_BURN:
            amount = self.assets(part)
            self.world.mint_coins(holder, amount)
        else:
            amount = self.fund(holder, kind % 2) * part // 1_000
        epoch = self.world.open_epoch
        self.act("place_order", kind, min(max(1, amount), LIMIT - 1), sender=holder, **options)
        return epoch

    def behave(self) -> None:
        """Everything around the market works again."""
        self.world.coin_behaves(PLAIN)
        self.world.purse_behaves(TAKES)
        for feed in ("feed", "eth_feed", "gas_feed"):
            self.world.feed_behaves(feed, ANSWERS)
        for account in ACCOUNTS:
            self.world.shut_out(account, blocked=False)
            self.world.approve(account)
        if not 0 < self.world.feed.price <= MAX_PRICE:
            self.world.set_price(self.world.setup.first_price)

    # whatever happened

    def everybody_can_leave(self, *, feed_is_dead: bool) -> None:
        """From any state everybody gets what is theirs, and the market holds all of it."""
        with self.world.what_if():
            self.behave()
            if feed_is_dead:
                self.world.feed_behaves("feed", SILENT, SILENT)
                self.wind_down()
            if self.world.market.wound_down:
                self.leave_by_redeeming()
            else:
                self.leave_by_burning()
            self.collect_fees()
            self.world.check()
            left = [self.due_to(account, item) for account in ACCOUNTS for item in range(4)]
            assert not any(left)
            assert self.world.market.held >= sum(self.world.market.pool.balances)

    def wind_down(self) -> None:
        terms, due = self.world.setup.terms, self.world.market.due_epoch
        overdue = schedule.grid_point(due, terms.interval_s) + terms.wind_down_after_s
        self.world.advance(max(0, overdue - self.world.now))
        self.act("wind_down", sender="trader")
        assert self.world.market.wound_down

    def leave_by_burning(self) -> None:
        self.must_settle()
        self.claim_all()
        for account in ACCOUNTS:
            for side in SIDES:
                if tokens := self.world.held(account, side):
                    assert self.act("place_order", LONG_BURN + side, tokens, sender=account), (
                        self.world.refusal
                    )
        self.must_settle()
        self.claim_all()

    def must_settle(self) -> None:
        """Every order is executed: nothing can stop it."""
        market = self.world.market
        last = market.earliest_waiting + market.waiting.bit_length()
        self.world.advance(max(0, last * self.world.interval + 1 - self.world.now))
        while self.world.market.waiting:
            assert self.rebalance("trader"), self.world.refusal

    def leave_by_redeeming(self) -> None:
        self.claim_all()
        for account in ACCOUNTS:
            for side in SIDES:
                if tokens := self.world.held(account, side):
                    assert self.act("redeem", side, tokens, sender=account), self.world.refusal

    def claim_all(self) -> None:
        for account in ACCOUNTS:
            if any(claimable(self.world.market, account)):
                assert self.act("claim", sender=account), self.world.refusal

    def collect_fees(self) -> None:
        for which, fee in enumerate(self.world.market.fees):
            if fee:
                assert self.act("pay_fees", which, sender="trader"), self.world.refusal


__all__ = ["ASSETS", "REACHED", "Walk", "holders", "sides"]
