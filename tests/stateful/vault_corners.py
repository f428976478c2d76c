"""Last rung among vaults: every corner, and everything that is refused, reached from any state."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.kinds import LONG_MINT, SHORT_MINT, SIDES
from perpools.spec.pool import LIMIT
from perpools.spec.schedule import WINDOW
from perpools.spec.terms import NOBODY
from perpools.spec.vault_state import DEPOSIT, FLOWS, MOST, REDEEM
from tests.stateful.machine import holders
from tests.stateful.surroundings import CALLS_BACK, FEE, PLAIN, SAYS_NO, SAYS_NOTHING, SILENT
from tests.stateful.vault_model import VAULTS
from tests.stateful.vaulting import (
    BY_DUE,
    BY_GIVEN,
    CANCEL,
    CLAIM_RETURNED,
    REQUEST,
    Vaulting,
    flows,
    vaults,
)


class VaultCorners(Vaulting):
    @rule(vault=vaults, flow=flows)
    def reaches_two_controllers_of_one_epoch(self, vault: str, flow: int) -> None:
        for holder in ("depositor", "trader", "depositor"):
            epoch = self.request(vault, flow, holder)
        self.request(vault, flow, "hedger", 3, to="latecomer")
        self.execute(epoch)
        self.claim(vault, flow, "trader")
        self.claim(vault, flow, "latecomer")
        self.claim(vault, flow, "depositor")

    @rule(vault=vaults, flow=flows)
    def reaches_portions(self, vault: str, flow: int) -> None:
        """By what was given, by what is due, then the rest: nothing is left that is due."""
        self.behave()
        self.execute(self.request(vault, flow, "depositor"))
        self.request(vault, flow, "depositor", 7)
        self.claim(vault, flow, "depositor", 333)
        for part in (500, 999, 1_000):
            _, due = self.claimable(vault, flow, "depositor")
            wanted = max(1, due * part // 1_000)
            self.ask(vault, BY_DUE[flow], wanted, "partner", "depositor", sender="depositor")
        assert self.claimable(vault, flow, "depositor")[1] == 0

    @rule(vault=vaults, flow=flows)
    def reaches_portions_of_single_units(self, vault: str, flow: int) -> None:
        self.execute(self.request(vault, flow, "trader"))
        for name in (BY_GIVEN[flow], BY_DUE[flow], BY_GIVEN[flow]):
            self.ask(vault, name, 1, "trader", "trader", sender="trader")
        self.claim(vault, flow, "trader")

    @rule(vault=vaults, flow=flows, holder=holders)
    def reaches_requests_taken_back(self, vault: str, flow: int, holder: str) -> None:
        """Alone, among others, again, and behind an older one; nobody else notices."""
        self.request(vault, flow, holder)
        self.world.advance(self.world.interval)
        epoch = self.request(vault, flow, holder)
        self.ask(vault, CANCEL[flow], epoch, holder, sender=holder)
        self.request(vault, flow, holder, 5)
        self.request(vault, flow, "partner")
        self.order("trader", 2 * flow + VAULTS[vault], controller=vault)
        self.ask(vault, CANCEL[flow], epoch, holder, sender=holder)
        self.ask(vault, CLAIM_RETURNED[flow], epoch, holder, holder, sender=holder)
        self.execute(epoch)
        self.claim(vault, flow, "partner")

    @rule(vault=vaults, flow=flows, holder=holders, operator=holders)
    def reaches_an_operator_that_acts(
        self, vault: str, flow: int, holder: str, operator: str
    ) -> None:
        self.ask(vault, "setOperator", operator, True, sender=holder)
        amount = max(1, self.means(vault, flow, holder, 10))
        for _ in range(2):
            self.ask(vault, REQUEST[flow], amount // 2, holder, holder, sender=operator)
        epoch = self.world.open_epoch
        self.ask(vault, CANCEL[flow], epoch, holder, sender=operator)
        self.ask(vault, CLAIM_RETURNED[flow], epoch, operator, holder, sender=operator)
        self.execute(self.request(vault, flow, holder))
        given, _ = self.claimable(vault, flow, holder)
        self.ask(vault, BY_GIVEN[flow], max(1, given // 2), operator, holder, sender=operator)
        self.ask(vault, "setOperator", operator, False, sender=holder)
        self.ask(vault, BY_GIVEN[flow], 1, operator, holder, sender=operator)

    @rule(vault=vaults, first=st.booleans())
    def reaches_a_refund_between_requests(self, vault: str, first: bool) -> None:
        """One unit of a token is worth less than one of collateral: its batch is refunded (R12)."""
        self.request(vault, REDEEM, "trader")
        self.world.advance(self.world.interval)
        refunded = self.request(vault, REDEEM, "trader", 0)
        self.world.advance(self.world.interval)
        self.execute(self.request(vault, REDEEM, "trader"))
        recovered = (vault, "claimCancelRedeemRequest", refunded, "trader", "trader")
        if first:
            self.ask(*recovered, sender="trader")
        self.claim(vault, REDEEM, "trader", 700)
        self.claim(vault, REDEEM, "trader")
        if not first:
            self.ask(*recovered, sender="trader")

    @rule(vault=vaults)
    def reaches_refunds_that_are_skipped(self, vault: str) -> None:
        """By a stranger: up to the executed request, and no further."""
        for _ in range(2):
            epoch = self.request(vault, REDEEM, "trader", 0)
            self.execute(epoch)
        self.execute(self.request(vault, REDEEM, "trader"))
        self.request(vault, REDEEM, "trader", 0)
        for _ in range(2):
            self.ask(vault, "skip_refunded", REDEEM, "trader", sender="keeper")
            self.ask(vault, "skip_refunded", DEPOSIT, "trader", sender="keeper")
        self.claim(vault, REDEEM, "trader")
        self.ask(vault, "claimCancelRedeemRequest", epoch, "trader", "trader", sender="trader")

    @rule(vault=vaults)
    def reaches_a_request_that_receives_nothing(self, vault: str) -> None:
        """One unit of a token in a batch of many: claimed all the same, so that it is gone."""
        self.request(vault, REDEEM, "hedger")
        self.execute(self.request(vault, REDEEM, "trader", 0))
        self.claim(vault, REDEEM, "trader")
        self.claim(vault, REDEEM, "hedger")

    @rule(vault=vaults)
    def reaches_a_deposit_that_is_refunded(self, vault: str) -> None:
        """Tokens it would receive do not fit the supply of a side that decayed (R12)."""
        with self.world.what_if():
            side = VAULTS[vault]
            leap = (10**12, 1) if side else (1, 10**12)
            self.world.set_price(10**18)
            for _ in range(4):
                self.wait_for_a_grid_point(more_intervals=self.world.setup.terms.sma_periods)
                self.rebalance()
                self.scale_price(leap)
            huge = LIMIT // self.world.market.pool.supplies[side] * 10**6
            huge = min(max(huge, 10**15), 2**120)
            self.world.mint_coins("depositor", huge)
            self.ask(vault, "requestDeposit", huge, "depositor", "depositor", sender="depositor")
            epoch = self.world.open_epoch
            self.execute(epoch)
            receiver, holder = "partner", "depositor"
            self.ask(vault, "claimCancelDepositRequest", epoch, receiver, holder, sender=holder)
            self.claim(vault, DEPOSIT, "depositor")
            self.world.check()

    @rule(vault=vaults)
    def reaches_a_wind_down(self, vault: str) -> None:
        """What was executed is claimed, what waits is refunded, what was taken back comes too."""
        with self.world.what_if():
            for flow in FLOWS:
                self.request(vault, flow, "trader")
            self.execute(self.world.open_epoch)
            for flow in FLOWS:
                self.request(vault, flow, "trader")
                epoch = self.request(vault, flow, "hedger")
                self.ask(vault, CANCEL[flow], epoch, "hedger", sender="hedger")
                self.request(vault, flow, "hedger")
            self.world.feed_behaves("feed", SILENT, SILENT)
            self.wind_down()
            for flow in FLOWS:
                self.request(vault, flow, "trader")
                self.ask(vault, CANCEL[flow], epoch, "trader", sender="trader")
                self.claim(vault, flow, "trader")
            self.world.check()
            self.behave()
            self.leave_vault(vault)
            self.world.check()

    @rule(holder=holders, manner=st.sampled_from([FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK]))
    def reaches_every_manner_of_the_coin(self, holder: str, manner: int) -> None:
        for vault in VAULTS:
            self.execute(self.request(vault, REDEEM, holder))
            self.world.coin_behaves(manner)
            self.request(vault, DEPOSIT, holder)
            self.world.mint_coins(vault, self.assets())
            self.request(vault, DEPOSIT, holder)
            self.claim(vault, REDEEM, holder)
            self.world.coin_behaves(PLAIN)

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_amounts_of_nothing_or_too_much(self, vault: str, flow: int, holder: str) -> None:
        for amount in (0, LIMIT, 2**256 - 1):
            self.ask(vault, REQUEST[flow], amount, holder, holder, sender=holder)
        for name in (BY_GIVEN[flow], BY_DUE[flow]):
            self.ask(vault, name, 0, holder, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_more_than_claimable(self, vault: str, flow: int, holder: str) -> None:
        self.execute(self.request(vault, flow, holder))
        self.request(vault, flow, holder)
        for name, most in zip(
            (BY_GIVEN[flow], BY_DUE[flow]), self.claimable(vault, flow, holder), strict=True
        ):
            for amount in (most + 1, 2**256 - 1):
                self.ask(vault, name, amount, holder, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_what_a_stranger_asks(self, vault: str, flow: int, holder: str) -> None:
        epoch = self.request(vault, flow, holder)
        self.ask(vault, REQUEST[flow], 1, "keeper", holder, sender="keeper")
        self.ask(vault, CANCEL[flow], epoch, holder, sender="keeper")
        self.ask(vault, CLAIM_RETURNED[flow], epoch, "keeper", holder, sender="keeper")
        for name in (BY_GIVEN[flow], BY_DUE[flow]):
            self.ask(vault, name, 1, "keeper", holder, sender="keeper")

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_what_was_not_approved(self, vault: str, flow: int, holder: str) -> None:
        self.world.let(holder, vault, approved=False)
        self.request(vault, flow, holder)
        self.world.let(holder, vault)

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_more_than_is_in_the_wallet(self, vault: str, flow: int, holder: str) -> None:
        has = self.world.coin.balances[holder] if flow == DEPOSIT else 0
        has += self.world.held(holder, VAULTS[vault]) if flow == REDEEM else 0
        self.ask(vault, REQUEST[flow], min(has + 1, LIMIT - 1), holder, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def refuses_to_take_back_what_is_locked_or_unknown(
        self, vault: str, flow: int, holder: str
    ) -> None:
        epoch = self.request(vault, flow, holder)
        for other in (epoch + 1, epoch + 2**255, 0, 2**256 - 1):
            self.ask(vault, CANCEL[flow], other, holder, sender=holder)
            self.ask(vault, CLAIM_RETURNED[flow], other, holder, holder, sender=holder)
        self.ask(vault, CLAIM_RETURNED[flow], epoch, holder, holder, sender=holder)
        self.world.advance(self.world.interval)
        self.ask(vault, CANCEL[flow], epoch, holder, sender=holder)
        self.execute(epoch)
        self.ask(vault, CANCEL[flow], epoch, holder, sender=holder)
        self.ask(vault, CLAIM_RETURNED[flow], epoch, holder, holder, sender=holder)

    @rule(vault=vaults, holder=holders)
    def refuses_nobody_as_a_receiver_of_tokens(self, vault: str, holder: str) -> None:
        self.execute(self.request(vault, DEPOSIT, holder))
        self.ask(vault, "deposit", 1, NOBODY, holder, sender=holder)

    @rule(vault=vaults)
    def refuses_only_the_account_shut_out(self, vault: str) -> None:
        self.execute(self.request(vault, REDEEM, "hedger"))
        self.world.shut_out("hedger")
        self.claim(vault, REDEEM, "hedger")
        self.ask(vault, "redeem", 1, "partner", "hedger", sender="hedger")
        self.request(vault, DEPOSIT, "hedger")
        self.world.shut_out("hedger", blocked=False)

    @rule(vault=vaults)
    def refuses_a_request_too_far_from_the_earliest(self, vault: str) -> None:
        with self.world.what_if():
            self.order("trader", LONG_MINT)
            self.world.advance(WINDOW * self.world.interval)
            self.request(vault, DEPOSIT, "hedger")
            self.world.check()

    @rule(vault=vaults)
    def refuses_a_batch_that_would_be_too_large(self, vault: str) -> None:
        with self.world.what_if():
            self.world.mint_coins("depositor", 2 * LIMIT)
            for _ in range(2):
                self.ask(
                    vault, "requestDeposit", LIMIT - 1, "depositor", "depositor", sender="depositor"
                )
            self.world.check()

    @rule(vault=vaults)
    def refuses_an_escrow_that_would_be_too_large(self, vault: str) -> None:
        """Who gives a vault more collateral than there can be closes it, at the price of that."""
        with self.world.what_if():
            self.world.mint_coins("depositor", 2 * LIMIT)
            for side in SIDES:
                self.act(
                    "place_order",
                    LONG_MINT + side,
                    LIMIT - 2**64,
                    controller=vault,
                    sender="depositor",
                )
            self.request(vault, REDEEM, "trader")
            self.execute(self.world.open_epoch)
            self.claim(vault, REDEEM, "trader")
            self.world.check()


def request_in_more_epochs_than_a_claim_looks_at(walk: VaultCorners, flow: int) -> None:
    """Request in every epoch, claim nothing, then everything: two claims are enough."""
    for count in range(MOST + 3):
        walk.request("long vault", flow, "latecomer", 1)
        if count % 9 == 0:
            walk.act("place_order", SHORT_MINT, 1_000 + count, sender="hedger")
        walk.wait_for_a_grid_point()
        walk.catch_up()
    walk.execute(walk.world.open_epoch)


__all__ = ["VaultCorners", "request_in_more_epochs_than_a_claim_looks_at"]
