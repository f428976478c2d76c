"""Second rung: orders placed, cancelled, executed, refunded and claimed; tokens changing hands."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.kinds import KINDS, LONG_BURN, LONG_MINT, SHORT_MINT, SIDES
from perpools.spec.pool import LIMIT
from perpools.spec.schedule import WINDOW
from tests.stateful.machine import holders, sides
from tests.stateful.model import ACCOUNTS, MARKET
from tests.stateful.settling import Settling
from tests.strategies import parts

kinds = st.sampled_from(KINDS)


class Ordering(Settling):
    @rule(holder=holders, kind=kinds, part=parts)
    def an_order(self, holder: str, kind: int, part: int) -> None:
        self.order(holder, kind, part)

    @rule(holder=holders, kind=kinds)
    def an_order_of_one_unit(self, holder: str, kind: int) -> None:
        self.order(holder, kind, 0)

    @rule(holder=holders, other=holders, kind=kinds, part=parts)
    def two_orders_executed_and_claimed(
        self, holder: str, other: str, kind: int, part: int
    ) -> None:
        self.order(holder, kind, part)
        self.execute(self.order(other, kind, part))
        self.act("claim", sender=holder)
        self.act("claim", sender=other)

    @rule(holder=holders)
    def a_claim(self, holder: str) -> None:
        self.act("claim", sender=holder)

    @rule(holder=holders, kind=kinds)
    def an_order_cancelled(self, holder: str, kind: int) -> None:
        epoch = self.order(holder, kind)
        self.act("cancel_order", epoch, kind, sender=holder)

    @rule(holder=holders, other=holders, side=sides, part=parts)
    def tokens_change_hands(self, holder: str, other: str, side: int, part: int) -> None:
        tokens = self.world.held(holder, side) * part // 1_000
        self.act("transfer", side, other, tokens, sender=holder)

    @rule(holder=holders, side=sides)
    def reaches_a_whole_exit(self, holder: str, side: int) -> None:
        self.execute(self.order(holder, LONG_BURN + side, 1_000))
        self.act("claim", sender=holder)

    @rule()
    def reaches_every_kind_at_once(self) -> None:
        epochs = [self.order("depositor", kind) for kind in KINDS]
        self.order("hedger", LONG_BURN)
        self.execute(epochs[-1])
        self.act("claim", sender="depositor")

    @rule(kind=kinds)
    def reaches_the_cut_off(self, kind: int) -> None:
        """At the last second of an epoch, and in the two after it: order, and cancel the first."""
        terms = self.world.setup.terms
        self.wait_for_a_grid_point(-terms.front_running_interval_s - 1)
        epochs = []
        for _ in range(3):
            epochs.append(self.order("latecomer", kind))
            self.order("latecomer", kind)
            self.act("cancel_order", epochs[0], kind, sender="latecomer")
            self.world.advance(1)

    @rule(holder=holders)
    def reaches_a_batch_whose_orders_are_all_cancelled(self, holder: str) -> None:
        self.catch_up()
        epoch = self.order(holder, LONG_MINT)
        self.act("cancel_order", epoch, LONG_MINT, sender=holder)
        self.execute(epoch)

    @rule(side=sides)
    def reaches_a_side_of_locked_tokens_only(self, side: int) -> None:
        """Everybody leaves one side: nobody stands on the other side of a move."""
        with self.world.what_if():
            self.catch_up()
            for account in ACCOUNTS:
                if any(self.due_to(account, item) for item in range(4)):
                    self.act("claim", sender=account)
                if self.world.held(account, side):
                    self.order(account, LONG_BURN + side, 1_000)
            self.execute(self.world.open_epoch)
            self.scale_price((2, 1))
            self.wait_for_a_grid_point()
            self.rebalance()
            self.execute(self.order("depositor", LONG_MINT + side))
            self.world.check()

    @rule(up=st.booleans())
    def reaches_dust_and_refunds(self, up: bool) -> None:
        """A side decays; a mint that would lift its supply too far is refunded (R12)."""
        with self.world.what_if():
            leap = (10**12, 1) if up else (1, 10**12)
            self.world.set_price(10**18)
            for _ in range(4):
                self.wait_for_a_grid_point(more_intervals=self.world.setup.terms.sma_periods)
                self.rebalance()
                self.scale_price(leap)
            side = int(up)
            self.world.mint_coins("depositor", LIMIT)
            huge = LIMIT // self.world.market.pool.supplies[side] * 10**6
            self.act(
                "place_order", LONG_MINT + side, min(max(huge, 10**15), 2**120), sender="depositor"
            )
            self.order("hedger", LONG_BURN + side, 1)
            self.order("trader", LONG_BURN + 2 + 1 - side, 1)
            self.execute(self.order("trader", LONG_BURN + 2 + side, 1))
            self.act("claim", sender="depositor")
            self.world.check()

    @rule(kind=kinds)
    def reaches_two_epochs_waiting(self, kind: int) -> None:
        self.order("trader", kind)
        self.world.advance(self.world.interval)
        self.order("trader", kind)
        self.world.advance(self.world.interval)

    @rule()
    def refuses_an_order_too_far_from_the_earliest(self) -> None:
        with self.world.what_if():
            self.order("trader", LONG_MINT)
            self.world.advance((WINDOW - 1) * self.world.interval)
            for _ in range(2):
                self.order("hedger", SHORT_MINT)
                self.world.advance(self.world.interval)
            self.catch_up()
            self.order("hedger", SHORT_MINT)
            self.world.check()

    @rule(holder=holders, kind=kinds)
    def refuses_an_amount_of_nothing_or_too_much(self, holder: str, kind: int) -> None:
        self.act("place_order", kind, 0, sender=holder)
        self.act("place_order", kind, LIMIT, sender=holder)

    @rule(holder=holders, unknown=st.sampled_from([6, 7, 2**256 - 1]))
    def refuses_an_unknown_kind(self, holder: str, unknown: int) -> None:
        self.act("place_order", unknown, 1, sender=holder)
        self.act("cancel_order", self.world.open_epoch, unknown, sender=holder)

    @rule(holder=holders, kind=kinds)
    def refuses_a_later_epoch_than_asked(self, holder: str, kind: int) -> None:
        self.order(holder, kind, last_epoch=self.world.open_epoch - 1)
        self.order(holder, kind, last_epoch=self.world.open_epoch)

    @rule(holder=holders, side=sides)
    def refuses_more_tokens_than_held(self, holder: str, side: int) -> None:
        amount = self.world.held(holder, side) + 1
        self.act("place_order", LONG_BURN + side, min(amount, LIMIT - 1), sender=holder)
        self.act("transfer", side, MARKET, amount, sender=holder)

    @rule(holder=holders)
    def refuses_more_coins_than_held(self, holder: str) -> None:
        amount = self.world.coin.balances[holder] + 1
        self.act("place_order", SHORT_MINT, min(amount, LIMIT - 1), sender=holder)

    @rule(side=sides)
    def refuses_a_batch_that_would_be_too_large(self, side: int) -> None:
        with self.world.what_if():
            self.world.mint_coins("depositor", 2 * LIMIT)
            for _ in range(2):
                self.act("place_order", LONG_MINT + side, LIMIT - 1, sender="depositor")
            self.world.check()

    @rule()
    def refuses_an_escrow_that_would_be_too_large(self) -> None:
        with self.world.what_if():
            self.world.mint_coins("depositor", 2 * LIMIT)
            for side in SIDES:
                epoch = self.world.open_epoch
                self.act("place_order", LONG_MINT + side, LIMIT - 2**64, sender="depositor")
                self.act("cancel_order", epoch, LONG_MINT + side, sender="depositor")
            self.world.check()

    @rule(holder=holders, kind=kinds)
    def refuses_to_cancel_what_is_locked_or_unknown(self, holder: str, kind: int) -> None:
        epoch = self.order(holder, kind)
        self.act("cancel_order", epoch, kind, sender=holder)
        self.act("cancel_order", epoch, kind, sender=holder)
        self.act("cancel_order", epoch - 1, kind, sender=holder)
        self.act("cancel_order", epoch + 1, kind, sender=holder)

    @rule(holder=holders)
    def refuses_a_claim_of_nothing(self, holder: str) -> None:
        self.act("claim", sender=holder)
        self.act("claim", sender=holder)

    @rule(holder=holders, kind=kinds)
    def refuses_what_a_stranger_asks(self, holder: str, kind: int) -> None:
        epoch = self.order(holder, kind)
        self.act("place_order", kind, 1, owner=holder, sender="keeper")
        self.act("cancel_order", epoch, kind, holder, sender="keeper")
        self.act("claim", holder, sender="keeper")
        self.act("place_order", LONG_MINT, 1, controller=holder, sender="keeper", value=1)
