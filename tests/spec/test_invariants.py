"""The walks of tests/stateful on the specification alone: faster, hence longer."""

from hypothesis import settings

from perpools.spec.escrow import claimable
from perpools.spec.invariants import INVARIANTS
from tests.stateful.hostile import Hostile
from tests.stateful.model import ACCOUNTS, Model

DEFAULT = settings.default

TestWalk = Hostile.TestCase
TestWalk.settings = settings(
    max_examples=4 * DEFAULT.max_examples, stateful_step_count=2 * DEFAULT.stateful_step_count
)


class Ledger(Model):
    """A model that watches what an operation does to those who have no part in it."""

    def act(self, name, *given, **options):  # type: ignore[no-untyped-def]
        before = {account: claimable(self.market, account) for account in ACCOUNTS}
        pool = self.market.pool
        happened = super().act(name, *given, **options)
        if name not in ("rebalance", "wind_down"):
            self._nobody_else_is_touched(before, name, happened or (), options)
            self._no_rate_falls(pool)
        return happened

    def _nobody_else_is_touched(self, before, name, happened, options):  # type: ignore[no-untyped-def]
        involved = {options.get("sender", "keeper")}
        involved |= {value for event in happened for value in event if isinstance(value, str)}
        for account in set(ACCOUNTS) - involved:
            assert claimable(self.market, account) == before[account], (name, account)

    def _no_rate_falls(self, before):  # type: ignore[no-untyped-def]
        after = self.market.pool
        for side in (0, 1):
            assert (
                after.balances[side] * before.supplies[side]
                >= before.balances[side] * after.supplies[side]
            )


class Watched(Hostile):
    driver = Ledger


TestWatched = Watched.TestCase
TestWatched.settings = settings(max_examples=DEFAULT.max_examples)


def test_an_invariant_says_what_it_means() -> None:
    assert len({invariant.id for invariant in INVARIANTS}) == len(INVARIANTS)
    assert {invariant.severity for invariant in INVARIANTS} <= {"critical", "high", "medium", "low"}
    assert all(invariant.sentence.endswith(".") for invariant in INVARIANTS)
