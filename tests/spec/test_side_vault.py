"""
A side vault by the specification alone: requests, portions, cancellations and refunds; and walks
among vaults that keep what never changes.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perpools.spec import errors, side_vault, vault_claims
from perpools.spec.invariants import broken
from perpools.spec.kinds import ASSETS, LONG_TOKENS
from perpools.spec.orders import Order, place
from perpools.spec.side_vault import Asked
from perpools.spec.state import Call
from perpools.spec.tokens import transfer
from perpools.spec.vault_claims import Claim
from perpools.spec.vault_invariants import VAULT_INVARIANTS, surplus, vault_broken
from perpools.spec.vault_state import (
    DEPOSIT,
    REDEEM,
    Vault,
    claimable,
    convert_to_assets,
    convert_to_shares,
    max_claim,
    pending,
    recoverable,
    total_assets,
)
from tests.spec.play import START_EPOCH, UNIT, Play, new_play
from tests.stateful.vault_corners import VaultCorners
from tests.stateful.vault_model import VaultModel
from tests.stateful.vaulting import Vaulting

WAD = TOKEN = 10**18
FIRST = START_EPOCH + 1
"""The epoch that the first order joins."""


class Stage:
    """A market, one vault of its long side, and the words of a story."""

    def __init__(self, **changes: Any) -> None:
        self.play: Play = new_play(**changes)
        self.vault = Vault("vault", side=0)

    def do(self, operation: Any, *args: Any, sender: str = "depositor") -> Any:
        step = operation(self.vault, self.play.market, Call(sender, self.play.now), *args)
        self.vault, self.play.market = step.vault, step.market
        assert broken(self.play.market) == []
        assert vault_broken(self.vault, self.play.market) == []
        return step.events[-1]

    def request(self, flow: int, amount: int, who: str = "depositor") -> int:
        epoch: int = self.do(
            side_vault.request, Asked(flow, amount, who, who), sender=who
        ).request_id
        return epoch

    def claim(self, flow: int, wanted: int, who: str = "depositor", *, by_due: bool = False) -> Any:
        return self.do(vault_claims.claim, Claim(flow, wanted, who, who, by_due), sender=who)

    def most(self, flow: int, who: str = "depositor") -> tuple[int, int]:
        return max_claim(self.vault, self.play.market, flow, who)


def test_a_request_is_pending_then_claimable_then_gone() -> None:
    stage = Stage()
    epoch = stage.request(DEPOSIT, 10 * UNIT)
    asked = (stage.vault, stage.play.market, DEPOSIT, epoch, "depositor")
    assert (epoch, pending(*asked), claimable(*asked)) == (FIRST, 10 * UNIT, 0)
    stage.play.settle(epoch, 100 * WAD)
    asked = (stage.vault, stage.play.market, DEPOSIT, epoch, "depositor")
    assert (pending(*asked), claimable(*asked)) == (0, 10 * UNIT)
    assert stage.most(DEPOSIT) == (10 * UNIT, 10 * TOKEN)
    told = stage.claim(DEPOSIT, 10 * UNIT)
    assert (told.sender, told.owner, told.assets, told.shares) == (
        "depositor",
        "depositor",
        10 * UNIT,
        10 * TOKEN,
    )
    assert stage.play.market.holdings[0]["depositor"] == 10 * TOKEN
    assert stage.vault.requests == {}


def test_claims_take_the_oldest_requests_first() -> None:
    """Each at the rate of its own epoch."""
    stage = Stage()
    for epoch, price in ((FIRST, 100 * WAD), (FIRST + 1, 120 * WAD)):
        assert stage.request(DEPOSIT, 10 * UNIT) == epoch
        stage.play.settle(epoch, price)
    first = stage.claim(DEPOSIT, 10 * UNIT)
    second = stage.claim(DEPOSIT, 4 * UNIT)
    third = stage.claim(DEPOSIT, 6 * UNIT)
    assert first.shares == 10 * TOKEN
    assert second.shares + third.shares < first.shares
    assert 3 * second.shares // 2 == third.shares - 2


@given(
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=5),
    extra=st.integers(0, 10**9),
    price=st.integers(50, 200),
)
def test_payouts_never_exceed_what_the_vault_received(
    amounts: list[int], extra: int, price: int
) -> None:
    """Whoever claims first or last, and whatever a stranger ordered for the vault."""
    stage = Stage()
    for index, amount in enumerate(amounts):
        stage.request(DEPOSIT, amount, f"holder {index}")
    if extra:
        order = Order(0, extra, "stranger", "vault")
        step = place(stage.play.market, Call("stranger", stage.play.now), order)
        stage.play.market = step.market
    stage.play.settle(FIRST, price * WAD)
    batch = stage.play.market.batches[FIRST, 0]
    for index, amount in enumerate(amounts):
        due = amount * batch.paid_out // batch.paid_in
        assert stage.most(DEPOSIT, f"holder {index}") == (amount, due)
        if due:
            stage.claim(DEPOSIT, due, f"holder {index}", by_due=True)
    assert surplus(stage.vault, stage.play.market, LONG_TOKENS) >= 0


def test_one_unit_claimed_at_a_time_adds_up_to_the_whole() -> None:
    stage = Stage()
    stage.request(DEPOSIT, 7)
    stage.play.settle(FIRST, 117 * WAD)
    _, due = stage.most(DEPOSIT)
    assert sum(stage.claim(DEPOSIT, 1).shares for _ in range(7)) == due
    assert stage.vault.requests == {}


def test_a_request_is_taken_back_without_the_others() -> None:
    stage = Stage()
    stage.request(DEPOSIT, 10 * UNIT)
    stage.request(DEPOSIT, 5 * UNIT, "trader")
    told = stage.do(side_vault.cancel, (DEPOSIT, "depositor", FIRST))
    assert told == ("depositor", FIRST, "depositor")
    assert stage.play.market.orders["vault", FIRST, 0] == 5 * UNIT
    key = (DEPOSIT, "depositor", FIRST)
    assert recoverable(stage.vault, stage.play.market, DEPOSIT, FIRST, "depositor") == 10 * UNIT
    told = stage.do(side_vault.claim_returned, key, "friend")
    assert (told.receiver, told.assets) == ("friend", 10 * UNIT)
    with pytest.raises(errors.NothingToClaim):
        stage.do(side_vault.claim_returned, key, "friend")
    stage.play.settle(FIRST, 100 * WAD)
    assert (stage.most(DEPOSIT), stage.most(DEPOSIT, "trader")[1]) == ((0, 0), 5 * TOKEN)


def test_a_request_that_is_locked_is_not_taken_back() -> None:
    stage = Stage()
    stage.request(DEPOSIT, 10 * UNIT)
    stage.play.now += 3_600
    with pytest.raises(errors.OrderIsLocked):
        stage.do(side_vault.cancel, (DEPOSIT, "depositor", FIRST))
    with pytest.raises(errors.RequestIsUnknown):
        stage.do(side_vault.cancel, (REDEEM, "depositor", FIRST))


def test_a_refunded_request_is_recoverable_and_skipped() -> None:
    """One unit of a token is worth no unit of collateral of six decimals."""
    stage = Stage()
    stage.play.market = transfer(stage.play.market, 0, "deployer", "depositor", 2 * TOKEN)
    for epoch, amount in ((FIRST, 1), (FIRST + 1, TOKEN)):
        assert stage.request(REDEEM, amount) == epoch
        stage.play.settle(epoch, 100 * WAD)
    assert recoverable(stage.vault, stage.play.market, REDEEM, FIRST, "depositor") == 1
    assert stage.claim(REDEEM, TOKEN).assets == UNIT
    assert stage.vault.returned == {(REDEEM, "depositor", FIRST): 1}
    stage.do(side_vault.claim_returned, (REDEEM, "depositor", FIRST), "depositor")
    assert surplus(stage.vault, stage.play.market, ASSETS) == 0


def test_who_asks_must_be_allowed() -> None:
    stage = Stage()
    stage.request(DEPOSIT, UNIT)
    for operation, argument in (
        (side_vault.request, Asked(DEPOSIT, UNIT, "stranger", "depositor")),
        (side_vault.cancel, (DEPOSIT, "depositor", FIRST)),
        (vault_claims.claim, Claim(DEPOSIT, 1, "stranger", "depositor")),
    ):
        with pytest.raises(errors.SenderIsNotAuthorised):
            stage.do(operation, argument, sender="stranger")


def test_conversions_are_those_of_the_last_event() -> None:
    stage = Stage()
    stage.play.settle(FIRST, 150 * WAD)
    balance, supply = stage.play.market.pool.balances[0], stage.play.market.pool.supplies[0]
    assert total_assets(stage.vault, stage.play.market) == balance
    assert convert_to_shares(stage.vault, stage.play.market, UNIT) == UNIT * supply // balance
    assert convert_to_assets(stage.vault, stage.play.market, TOKEN) == TOKEN * balance // supply


def test_invariants_are_told_apart() -> None:
    assert len({one.id for one in VAULT_INVARIANTS}) == len(VAULT_INVARIANTS)


def test_a_vault_that_owes_more_than_it_has_is_noticed() -> None:
    stage = Stage()
    stage.request(DEPOSIT, UNIT)
    key = (DEPOSIT, "depositor", FIRST)
    request = stage.vault.requests[key]
    richer = Vault("vault", 0, requests={key: request._replace(amount=UNIT + 1)})
    assert vault_broken(richer, stage.play.market) == ["VAULT-ORDERED"]
    stage.play.settle(FIRST, 100 * WAD)
    assert vault_broken(richer, stage.play.market) == ["VAULT-COVERED"]


class Ledger(VaultModel):
    """A model that watches what one does to those who have no part in it."""

    def owed(self, vault: str) -> dict[tuple[Any, ...], tuple[int, ...]]:
        now = self.vaults[vault]
        return {
            (vault, flow, controller, epoch): tuple(
                view(now, self.market, flow, epoch, controller)
                for view in (pending, claimable, recoverable)
            )
            for flow, controller, epoch in self.seen[vault]
        }

    def ask(self, vault: str, name: str, *arguments: Any, sender: str) -> Any:
        before = {key: owed for one in self.vaults for key, owed in self.owed(one).items()}
        happened = super().ask(vault, name, *arguments, sender=sender)
        involved = {value for event in happened or () for value in event if isinstance(value, str)}
        for one in self.vaults:
            for key, owed in self.owed(one).items():
                if one != vault or key[2] not in involved | {arguments[-1]}:
                    assert owed == before[key], (name, key)
        return happened


DEFAULT = settings.default
EXAMPLES = settings(
    max_examples=2 * DEFAULT.max_examples, stateful_step_count=2 * DEFAULT.stateful_step_count
)
VaultingByTheBook, VaultCornersByTheBook = (
    type(f"{rung.__name__}ByTheBook", (rung,), {"driver": Ledger})
    for rung in (Vaulting, VaultCorners)
)
TestVaulting = VaultingByTheBook.TestCase
TestVaulting.settings = EXAMPLES
TestVaultCorners = VaultCornersByTheBook.TestCase
TestVaultCorners.settings = EXAMPLES
