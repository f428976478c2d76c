"""Last rung: coins, callers and feeds that do what they should not; and the end of a market."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.kinds import LONG_MINT
from perpools.spec.schedule import grid_point
from perpools.spec.wind_down import ABANDONED
from tests.stateful.earning import Earning
from tests.stateful.machine import holders, sides
from tests.stateful.model import ACCOUNTS
from tests.stateful.operations import TOO_LITTLE_GAS
from tests.stateful.surroundings import (
    ANSWERS,
    BURNS_GAS,
    CALLS_BACK,
    FEE,
    GARBLED,
    PLAIN,
    RECLAIMS,
    REFUSES,
    SAYS_NO,
    SAYS_NOTHING,
    SILENT,
    TAKES,
)
from tests.strategies import parts


class Hostile(Earning):
    def cycle(self, holder: str) -> None:
        """Everything that moves collateral, once."""
        self.execute(self.order(holder, LONG_MINT))
        self.act("mint_pair", self.assets(100), sender=holder)
        self.act("redeem_pair", max(1, self.fund(holder, 0) // 2), sender=holder)
        self.execute(self.order(holder, 2))
        self.act("withdraw", 0, 1, sender=holder)
        self.act("claim", sender=holder)
        self.act("pay_fees", 0)

    @rule(manner=st.sampled_from([PLAIN, FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK]))
    def the_coin_misbehaves(self, manner: int) -> None:
        self.world.coin_behaves(manner)

    @rule()
    def everything_works_again(self) -> None:
        self.behave()

    @rule(holder=holders, blocked=st.booleans())
    def an_account_shut_out(self, holder: str, blocked: bool) -> None:
        self.world.shut_out(holder, blocked=blocked)

    @rule(holder=holders)
    def reaches_a_coin_that_says_nothing(self, holder: str) -> None:
        self.world.coin_behaves(SAYS_NOTHING)
        self.cycle(holder)
        self.world.coin_behaves(PLAIN)

    @rule(
        holder=holders,
        asked=st.sampled_from(
            [
                ("claim", "trader"),
                ("rebalance",),
                ("mint_pair", 10),
                ("progress",),
                ("claimable", "trader"),
            ]
        ),
    )
    def reaches_a_coin_that_calls_back(self, holder: str, asked: tuple[str]) -> None:
        self.world.coin_calls(*asked)
        self.world.coin_behaves(CALLS_BACK)
        self.cycle(holder)
        self.world.coin_behaves(PLAIN)

    @rule(holder=holders)
    def refuses_a_coin_that_keeps_a_fee(self, holder: str) -> None:
        """In: the market refuses. Out: whoever is paid bears it, nobody else."""
        self.order(holder, LONG_MINT)
        self.fund(holder, 0)
        self.world.coin_behaves(FEE)
        self.cycle(holder)
        self.world.coin_behaves(PLAIN)

    @rule(holder=holders)
    def refuses_a_coin_that_says_no(self, holder: str) -> None:
        self.fund(holder, 0)
        self.execute(self.order(holder, 2))
        self.world.coin_behaves(SAYS_NO)
        self.cycle(holder)
        self.world.coin_behaves(PLAIN)

    @rule()
    def refuses_only_the_account_shut_out(self) -> None:
        self.fund("hedger", 0)
        self.order("trader", LONG_MINT)
        self.execute(self.order("hedger", 2))
        self.world.shut_out("hedger")
        self.act("claim", sender="hedger")
        self.act("withdraw", 0, 1, sender="hedger")
        self.act("claim", sender="trader")
        self.act("withdraw", 0, 1, receiver="partner", sender="hedger")
        self.world.shut_out("hedger", blocked=False)

    @rule(holder=holders)
    def refuses_what_is_not_approved(self, holder: str) -> None:
        self.world.approve(holder, approved=False)
        self.order(holder, LONG_MINT)
        self.act("mint_pair", self.assets(), sender=holder)
        self.world.approve(holder)

    @rule()
    def refuses_a_tip_for_a_closed_purse(self) -> None:
        """A claim by an account that takes no native coin fails; anybody else's works."""
        self.execute(self.order("trader", LONG_MINT, value=3))
        self.world.purse_behaves(REFUSES)
        self.act("claim", "trader", sender="purse")
        self.world.purse_behaves(RECLAIMS)
        self.act("claim", "trader", sender="purse")
        self.world.purse_behaves(TAKES)

    # the end

    @rule(manner=st.sampled_from([SILENT, BURNS_GAS, GARBLED]))
    def reaches_a_wind_down(self, manner: int) -> None:
        with self.world.what_if():
            for kind in range(6):
                self.order("trader", kind, value=kind)
            self.world.feed_behaves("feed", manner, SILENT)
            self.come_to_the_end(second=-1)
            self.come_to_the_end()
            self.act("claim", "trader", sender="keeper")
            self.everything_refused_after_the_end()
            self.redeem_all()
            self.world.check()

    @rule()
    def reaches_a_wind_down_against_a_live_feed(self) -> None:
        """What nobody can prove does not lock funds for ever."""
        with self.world.what_if():
            self.world.feed_behaves("feed", ANSWERS, SILENT)
            self.order("hedger", LONG_MINT)
            self.come_to_the_end()
            self.act("wind_down", sender="trader", gas=TOO_LITTLE_GAS)
            self.come_to_the_end(waits=ABANDONED, second=-1)
            self.come_to_the_end(waits=ABANDONED)
            self.act("claim", sender="hedger")
            self.world.check()

    @rule(chance=st.integers(0, 9))
    def the_end(self, chance: int) -> None:
        if chance == 0:
            self.world.feed_behaves("feed", SILENT, SILENT)
            self.come_to_the_end()

    @rule(holder=holders, side=sides, part=parts)
    def a_redemption(self, holder: str, side: int, part: int) -> None:
        self.act(
            "redeem", side, max(1, self.world.held(holder, side) * part // 1_000), sender=holder
        )

    @rule(holder=holders)
    def refuses_to_wind_down_too_early(self, holder: str) -> None:
        self.catch_up()
        self.act("wind_down", sender=holder)
        self.act("redeem", 0, 1, sender=holder)

    def come_to_the_end(self, waits: int = 1, second: int = 0) -> None:
        terms = self.world.setup.terms
        end = (
            grid_point(self.world.market.due_epoch, terms.interval_s)
            + waits * terms.wind_down_after_s
        )
        self.world.advance(max(0, end + second - self.world.now))
        self.act("wind_down", sender="trader")

    def everything_refused_after_the_end(self) -> None:
        self.rebalance()
        self.act("wind_down")
        self.act("mint_pair", 10, sender="trader")
        self.act("redeem_pair", 10, sender="trader")
        self.act("place_order", 0, 10, sender="trader")
        self.act("cancel_order", self.world.open_epoch, 0, sender="trader")
        self.act("redeem", 2, 1, sender="trader")
        self.act("redeem", 0, 0, sender="trader")
        self.act("redeem", 0, self.world.market.pool.supplies[0] + 1, sender="trader")
        self.act("redeem", 0, self.world.held("trader", 0) + 1, sender="trader")

    def redeem_all(self) -> None:
        for account in ACCOUNTS:
            self.act("claim", sender=account)
            for side in (0, 1):
                if tokens := self.world.held(account, side):
                    self.act("redeem", side, tokens, sender=account)
