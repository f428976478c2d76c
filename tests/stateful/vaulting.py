"""A walk among the vaults of a market: requests, claims, cancellations, refunds, and strangers."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from perpools.spec.kinds import KINDS
from perpools.spec.pool import LIMIT
from perpools.spec.vault_state import DEPOSIT, FLOWS, REDEEM, max_claim, recoverable
from tests.stateful.machine import holders
from tests.stateful.model import ACCOUNTS
from tests.stateful.settling import Settling
from tests.stateful.surroundings import CALLS_BACK, FEE, PLAIN, SAYS_NO, SAYS_NOTHING, SILENT
from tests.stateful.vault_model import VAULTS, VaultModel
from tests.strategies import parts

vaults = st.sampled_from(sorted(VAULTS))
flows = st.sampled_from(FLOWS)
portions = st.sampled_from([1, 333, 999, 1_000])

REQUEST = {DEPOSIT: "requestDeposit", REDEEM: "requestRedeem"}
CANCEL = {DEPOSIT: "cancelDepositRequest", REDEEM: "cancelRedeemRequest"}
CLAIM_RETURNED = {DEPOSIT: "claimCancelDepositRequest", REDEEM: "claimCancelRedeemRequest"}
BY_GIVEN = {DEPOSIT: "deposit", REDEEM: "redeem"}
BY_DUE = {DEPOSIT: "mint", REDEEM: "withdraw"}


class Vaulting(Settling):
    driver = VaultModel
    world: VaultModel

    # words

    def ask(self, vault: str, name: str, *args: object, sender: str) -> tuple[object, ...] | None:
        self.sound = False
        happened = self.world.ask(vault, name, *args, sender=sender)
        self.sound = True
        return happened

    def means(self, vault: str, flow: int, holder: str, part: int) -> int:
        """See to it that somebody can pay for a request; how much of it to pay."""
        if flow == REDEEM:
            return self.fund(holder, VAULTS[vault]) * part // 1_000
        self.world.mint_coins(holder, self.assets(part))
        return self.assets(part)

    def request(self, vault: str, flow: int, holder: str, part: int = 10, to: str = "") -> int:
        """Request with a part of what there is; the epoch it joins."""
        amount = min(max(1, self.means(vault, flow, holder, part)), LIMIT - 1)
        self.ask(vault, REQUEST[flow], amount, to or holder, holder, sender=holder)
        return self.world.open_epoch

    def claimable(self, vault: str, flow: int, holder: str) -> tuple[int, int]:
        return max_claim(self.world.vaults[vault], self.world.market, flow, holder)

    def claim(self, vault: str, flow: int, holder: str, part: int = 1_000) -> None:
        """Claim a part of what is claimable, in what was given."""
        given, _ = self.claimable(vault, flow, holder)
        self.ask(
            vault, BY_GIVEN[flow], max(1, given * part // 1_000), holder, holder, sender=holder
        )

    def leave_vault(self, vault: str) -> None:
        """Everybody takes everything that is theirs."""
        now = self.world.vaults[vault]
        for flow, holder, epoch in {*now.requests, *now.returned}:
            if recoverable(self.world.vaults[vault], self.world.market, flow, epoch, holder):
                name = CLAIM_RETURNED[flow]
                assert self.ask(vault, name, epoch, holder, holder, sender=holder)
        for flow, holder in {key[:2] for key in self.world.vaults[vault].requests}:
            while given := self.claimable(vault, flow, holder)[0]:
                assert self.ask(vault, BY_GIVEN[flow], given, holder, holder, sender=holder)

    def claim_all(self) -> None:
        """Whatever happened, nothing stays in a vault."""
        for vault in VAULTS:
            self.leave_vault(vault)
            left = self.world.vaults[vault]
            assert not left.requests, vault
            assert not left.returned, vault
        super().claim_all()

    def behave(self) -> None:
        super().behave()
        for vault in VAULTS:
            for account in ACCOUNTS:
                self.world.let(account, vault)

    # what may happen

    @rule(vault=vaults, flow=flows, holder=holders, other=holders, part=parts)
    def a_request(self, vault: str, flow: int, holder: str, other: str, part: int) -> None:
        self.request(vault, flow, holder, part, to=other)

    @rule(vault=vaults, flow=flows, holder=holders)
    def a_request_of_one_unit(self, vault: str, flow: int, holder: str) -> None:
        self.request(vault, flow, holder, 0)

    @rule(vault=vaults, flow=flows, holder=holders, portion=portions)
    def a_claim_by_what_was_given(self, vault: str, flow: int, holder: str, portion: int) -> None:
        self.claim(vault, flow, holder, portion)

    @rule(vault=vaults, flow=flows, holder=holders, other=holders, portion=portions)
    def a_claim_by_what_is_due(
        self, vault: str, flow: int, holder: str, other: str, portion: int
    ) -> None:
        _, due = self.claimable(vault, flow, holder)
        wanted = max(1, due * portion // 1_000)
        self.ask(vault, BY_DUE[flow], wanted, other, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def a_request_taken_back(self, vault: str, flow: int, holder: str) -> None:
        self.ask(vault, CANCEL[flow], self.world.open_epoch, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def everything_taken_out(self, vault: str, flow: int, holder: str) -> None:
        now = self.world.vaults[vault]
        for key in sorted({*now.requests, *now.returned}):
            if key[:2] == (flow, holder):
                self.ask(vault, CLAIM_RETURNED[flow], key[2], holder, holder, sender=holder)

    @rule(vault=vaults, flow=flows, holder=holders)
    def a_stranger_tidies_up(self, vault: str, flow: int, holder: str) -> None:
        self.ask(vault, "skip_refunded", flow, holder, sender="keeper")

    @rule(vault=vaults, kind=st.sampled_from(KINDS), holder=holders, part=parts)
    def a_stranger_orders_for_a_vault(self, vault: str, kind: int, holder: str, part: int) -> None:
        self.order(holder, kind, part, controller=vault)

    @rule(vault=vaults, holder=holders, part=parts)
    def a_gift(self, vault: str, holder: str, part: int) -> None:
        self.world.mint_coins(vault, self.assets(part))
        side = VAULTS[vault]
        tokens = self.fund(holder, side) * part // 1_000
        self.act("transfer", side, vault, tokens, sender=holder)
        self.act("rebalance", self.world.feed.hint, vault, sender=holder)

    @rule(holder=holders, part=parts)
    def a_pair_minted(self, holder: str, part: int) -> None:
        self.act("mint_pair", self.assets(part), sender=holder)

    @rule(vault=vaults, holder=holders, operator=holders, approved=st.booleans())
    def an_operator_appointed(self, vault: str, holder: str, operator: str, approved: bool) -> None:
        self.ask(vault, "setOperator", operator, approved, sender=holder)

    @rule(manner=st.sampled_from([PLAIN, PLAIN, FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK]))
    def the_coin_misbehaves(self, manner: int) -> None:
        self.world.coin_behaves(manner)

    @rule(holder=holders, blocked=st.booleans())
    def an_account_shut_out(self, holder: str, blocked: bool) -> None:
        self.world.shut_out(holder, blocked=blocked)

    @rule(vault=vaults, holder=holders, approved=st.booleans())
    def an_approval_changed(self, vault: str, holder: str, approved: bool) -> None:
        self.world.let(holder, vault, approved=approved)

    @rule()
    def everything_works_again(self) -> None:
        self.behave()

    @rule(chance=st.integers(0, 19))
    def the_end(self, chance: int) -> None:
        if chance == 0:
            self.world.feed_behaves("feed", SILENT, SILENT)
            if not self.world.market.wound_down:
                self.wind_down()
