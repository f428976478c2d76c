"""Fourth rung: management fees and their recipients, keepers and what they are paid."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.terms import NOBODY
from tests.stateful.escrowing import Escrowing
from tests.stateful.machine import holders
from tests.stateful.surroundings import ANSWERS, BURNS_GAS, GARBLED, SILENT
from tests.strategies import GWEI, WAD

recipients = st.sampled_from([0, 1])
manners = st.sampled_from([ANSWERS, SILENT, BURNS_GAS, GARBLED])


class Earning(Escrowing):
    @rule(which=recipients)
    def fees_paid(self, which: int) -> None:
        self.act("pay_fees", which)

    @rule(feed=st.sampled_from(["eth_feed", "gas_feed"]), manner=manners)
    def a_reward_feed_misbehaves(self, feed: str, manner: int) -> None:
        self.world.feed_behaves(feed, manner)

    @rule(
        eth=st.sampled_from([0, 1, WAD // 1_000, 2_000 * WAD, 2**120, 2**256 - 1]),
        gas=st.sampled_from([0, WAD, 25 * GWEI * WAD, 2**256 - 1]),
    )
    def reward_prices_move(self, eth: int, gas: int) -> None:
        self.world.set_price(eth, "eth_feed")
        self.world.set_price(gas, "gas_feed")

    @rule(keeper=holders)
    def a_holder_keeps(self, keeper: str) -> None:
        self.wait_for_a_grid_point()
        self.rebalance(keeper)
        self.act("claim", sender=keeper)

    @rule(keeper=holders, other=holders)
    def reaches_a_keeper_that_names_another(self, keeper: str, other: str) -> None:
        self.wait_for_a_grid_point()
        self.act("rebalance", keeper=other, sender=keeper)
        self.act("claim", sender=other)

    @rule(manner=manners)
    def reaches_keepers_of_all_sorts(self, manner: int) -> None:
        """Paid in full, up to the cap, and not at all: the event happens all the same."""
        for price in (WAD // 10**6, 2_000 * WAD * 10**6, 0, 2_000 * WAD):
            self.world.set_price(price, "eth_feed")
            self.wait_for_a_grid_point()
            self.order("trader", 0)
            self.execute(self.world.open_epoch)
        for feed in ("eth_feed", "gas_feed"):
            self.world.feed_behaves(feed, manner)
            self.execute(self.order("trader", 1))
            self.world.feed_behaves(feed, ANSWERS)

    @rule(which=recipients)
    def reaches_a_change_of_recipient(self, which: int) -> None:
        old = self.world.market.recipients[which]
        if old == NOBODY:
            return
        self.act("propose_recipient", which, "hedger", sender=old)
        self.act("accept_recipient", which, sender="trader")
        self.act("accept_recipient", which, sender="hedger")
        self.act("pay_fees", which)
        self.act("propose_recipient", which, old, sender="hedger")
        self.act("accept_recipient", which, sender=old)

    @rule()
    def reaches_fees_for_both(self) -> None:
        self.execute(self.order("depositor", 0))
        self.wait_for_a_grid_point(more_intervals=20)
        self.catch_up()
        for which in (0, 1):
            self.act("pay_fees", which, sender="trader")

    @rule()
    def reaches_a_mint_fee_that_steps(self) -> None:
        """Down while both tokens are dear, up while they are cheap."""
        self.world.mint_coins("depositor", self.assets(100_000))
        for move in ((1, 1), (2, 1), (1, 2), (1, 1)):
            self.scale_price(move)
            self.wait_for_a_grid_point()
            self.rebalance()

    @rule(which=recipients)
    def refuses_a_stranger_for_a_recipient(self, which: int) -> None:
        self.act("propose_recipient", which, "keeper", sender="keeper")
        self.act("accept_recipient", which, sender="keeper")

    @rule(unknown=st.sampled_from([2, 6, 2**256 - 1]))
    def refuses_an_unknown_recipient(self, unknown: int) -> None:
        self.act("pay_fees", unknown)
        self.act("propose_recipient", unknown, "keeper", sender="keeper")
        self.act("accept_recipient", unknown, sender="keeper")

    @rule(which=recipients)
    def refuses_fees_that_are_not_there(self, which: int) -> None:
        self.act("pay_fees", which)
        self.act("pay_fees", which)
