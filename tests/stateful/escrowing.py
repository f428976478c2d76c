"""Third rung: escrow, operators, autoclaim tips, pairs; and owners who never claim."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.kinds import ASSETS, ITEMS, KINDS, LONG_BURN, LONG_MINT, LONG_TOKENS, item_in
from perpools.spec.pool import LIMIT
from perpools.spec.schedule import WINDOW
from perpools.spec.terms import NOBODY
from tests.stateful.machine import holders, sides
from tests.stateful.model import ACCOUNTS, HOLDERS, MARKET
from tests.stateful.ordering import Ordering, kinds
from tests.strategies import parts

items = st.sampled_from(ITEMS)


class Escrowing(Ordering):
    def deposit(self, holder: str, item: int) -> int:
        """See to it that something is due to somebody; how much."""
        if not self.due_to(holder, item):
            kind = LONG_MINT if item == ASSETS else LONG_BURN + item - LONG_TOKENS
            epoch = self.order(holder, kind)
            self.act("cancel_order", epoch, kind, sender=holder)
        return self.due_to(holder, item)

    @rule(holder=holders, kind=kinds, part=parts, wallet=st.booleans())
    def an_order_from_escrow(self, holder: str, kind: int, part: int, wallet: bool) -> None:
        spent = max(1, self.deposit(holder, item_in(kind)) * part // 1_000)
        if wallet and kind >= LONG_BURN:
            self.fund(holder, kind % 2)
        self.act("place_order", kind, min(spent + wallet, LIMIT - 1), spent, sender=holder)

    @rule(holder=holders, other=st.sampled_from((*HOLDERS, MARKET)), item=items, part=parts)
    def a_withdrawal(self, holder: str, other: str, item: int, part: int) -> None:
        amount = max(1, self.deposit(holder, item) * part // 1_000)
        self.act("withdraw", item, amount, receiver=other, sender=holder)

    @rule(holder=holders, operator=holders, approved=st.booleans())
    def an_operator_appointed(self, holder: str, operator: str, approved: bool) -> None:
        self.act("setOperator", operator, approved, sender=holder)

    @rule(holder=holders, operator=holders, kind=kinds)
    def reaches_an_operator_that_acts(self, holder: str, operator: str, kind: int) -> None:
        self.act("setOperator", operator, True, sender=holder)
        self.fund(holder, kind % 2)
        epoch = self.world.open_epoch
        amount = (
            self.assets(1) if kind < LONG_BURN else max(1, self.world.held(holder, kind % 2) // 10)
        )
        self.act(
            "place_order", kind, amount, owner=holder, controller=holder, sender=operator, value=2
        )
        self.act("place_order", kind, amount, owner=holder, controller=operator, sender=operator)
        self.act("cancel_order", epoch, kind, operator, sender=operator)
        self.act("withdraw", item_in(kind), amount, owner=operator, sender=operator)
        self.execute(epoch)
        self.act("claim", holder, sender=operator)
        self.act("setOperator", operator, False, sender=holder)

    @rule(holder=holders, kind=kinds, tip=st.integers(1, 10**18))
    def a_tipped_order(self, holder: str, kind: int, tip: int) -> None:
        self.order(holder, kind, value=tip)

    @rule(holder=holders)
    def a_stranger_claims(self, holder: str) -> None:
        self.act("claim", holder, sender="keeper")

    @rule(holder=holders, part=parts)
    def a_pair_minted(self, holder: str, part: int) -> None:
        self.act("mint_pair", self.assets(part), sender=holder)

    @rule(holder=holders, part=parts)
    def a_pair_redeemed(self, holder: str, part: int) -> None:
        tokens = self.fund(holder, 0) * part // 1_000
        self.act("redeem_pair", max(1, tokens), sender=holder)

    @rule(side=sides, part=parts)
    def reaches_a_donation(self, side: int, part: int) -> None:
        """Whoever gives a market something gets nothing for it, and no rate moves."""
        self.world.mint_coins(MARKET, self.assets(part))
        tokens = self.fund("hedger", side) * part // 1_000
        self.act("transfer", side, MARKET, tokens, sender="hedger")

    @rule(holder=holders, kind=kinds)
    def reaches_tips_returned_and_earned(self, holder: str, kind: int) -> None:
        other = (kind + 2) % 6
        self.order(holder, kind, value=7)
        epoch = self.order(holder, other, value=5)
        self.act("cancel_order", epoch, kind, sender=holder)
        self.act("cancel_order", epoch, other, sender=holder)
        self.execute(self.order(holder, kind, value=9))
        self.act("claim", holder, sender="purse")

    @rule(holder=holders)
    def reaches_every_source_of_payment(self, holder: str) -> None:
        for kind in KINDS:
            item = item_in(kind)
            due = self.deposit(holder, item)
            if item != ASSETS:
                self.fund(holder, kind % 2)
            self.act("place_order", kind, min(due, LIMIT - 1), min(due, LIMIT - 1), sender=holder)
            due = self.deposit(holder, item)
            self.act("place_order", kind, min(due + 1, LIMIT - 1), due, sender=holder)

    @rule(item=items)
    def reaches_a_withdrawal_to_the_market_itself(self, item: int) -> None:
        self.deposit("trader", item)
        self.act("withdraw", item, 1, receiver=MARKET, sender="trader")
        self.act("withdraw", item, 1, receiver="partner", sender="trader")

    @rule(item=items)
    def refuses_a_withdrawal_of_nothing_or_too_much(self, item: int) -> None:
        due = self.deposit("trader", item)
        for amount in (0, due + 1, LIMIT):
            self.act("withdraw", item, amount, sender="trader")
        self.act("withdraw", 3, 1, sender="trader")
        self.act("withdraw", item, 1, owner="trader", sender="keeper")
        self.act(
            "withdraw",
            LONG_TOKENS,
            max(1, self.deposit("trader", LONG_TOKENS)),
            receiver=NOBODY,
            sender="trader",
        )

    @rule(holder=holders, kind=kinds)
    def refuses_escrow_that_is_not_there(self, holder: str, kind: int) -> None:
        due = self.due_to(holder, item_in(kind))
        self.act("place_order", kind, min(due + 1, LIMIT - 1), due + 1, sender=holder)
        self.act("place_order", kind, 1, 2, sender=holder)

    @rule(holder=holders)
    def refuses_pairs_of_nothing(self, holder: str) -> None:
        self.act("mint_pair", 0, sender=holder)
        self.act("mint_pair", 1, sender=holder)
        self.act("mint_pair", LIMIT, sender=holder)
        self.act("redeem_pair", 0, sender=holder)
        self.act("redeem_pair", LIMIT, sender=holder)

    @rule()
    def refuses_a_pair_that_would_be_too_large(self) -> None:
        total, supply = sum(self.world.market.pool.balances), max(self.world.market.pool.supplies)
        self.act(
            "mint_pair", min(total * (LIMIT // supply + 1), LIMIT - 1 - total), sender="trader"
        )

    @rule(holder=holders)
    def refuses_a_pair_beyond_the_purse(self, holder: str) -> None:
        self.act("mint_pair", self.world.coin.balances[holder] + 1, sender=holder)
        self.act("redeem_pair", self.world.held(holder, 0) + 1, sender=holder)


def join_more_epochs_than_a_window(walk: Escrowing) -> None:
    """Order in every epoch, never claim: what the earliest orders received moves to escrow."""
    for count in range(WINDOW + 3):
        walk.act("place_order", count % 2, 1_000 + count, sender="latecomer", value=count % 3)
        walk.wait_for_a_grid_point()
        walk.catch_up()


__all__ = ["ACCOUNTS", "Escrowing", "join_more_epochs_than_a_window"]
