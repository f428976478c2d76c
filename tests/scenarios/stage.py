"""
The stage of the scenarios: a world whose market and model act in lockstep, and words to tell
stories with.

Every operation is compared with the specification, refusals and events included; `check` compares
the rest.
"""

from dataclasses import fields, replace
from typing import Any

from perpools.spec import events, transfer_curves
from perpools.spec.escrow import claimable
from perpools.spec.kinds import LONG_BURN
from perpools.spec.state import Escrow
from perpools.spec.terms import Terms
from tests.strategies import V1, WAD, Setup
from tests.world import World

UNIT = 10**6
TOKEN = 10**18
START_PRICE = 100 * WAD
DEPOSITOR, OTHER, ATTACKER, KEEPER = "depositor", "hedger", "trader", "keeper"
VICTIM = DEPOSITOR

PLAIN = replace(V1.terms, management_fee_wad=0, reward_cap_wad=0, transfer=transfer_curves.power)


def setup(**changes: Any) -> Setup:
    """A plain market, with some terms or circumstances changed."""
    names = {field.name for field in fields(Terms)}
    terms = replace(PLAIN, **{name: changes.pop(name) for name in set(changes) & names})
    return Setup(terms, **{"curve": "Power", "first_price": START_PRICE, "drift": 0} | changes)


class Stage(World):
    """A world with the verbs of the scenarios."""

    def do(self, name: str, *args: Any, sender: str, **options: Any) -> Any:
        """Something that is accepted; what it told last."""
        happened = self.act(name, *args, sender=sender, **options)
        assert happened is not None, self.refusal
        return happened[-1] if happened else None

    def refused(self, name: str, *args: Any, sender: str, **options: Any) -> str:
        """Something that is refused, and changes nothing; the reason."""
        before = self.market
        assert self.act(name, *args, sender=sender, **options) is None, name
        assert self.market is before
        self.check()
        return self.refusal

    def order(
        self, kind: int, amount: int, who: str = DEPOSITOR, **options: Any
    ) -> events.OrderPlaced:
        placed: events.OrderPlaced = self.do("place_order", kind, amount, sender=who, **options)
        return placed

    def until(self, epoch: int, late_s: int = 1) -> None:
        """Let time pass until so long after a grid point."""
        self.advance(max(0, epoch * self.interval + late_s - self.now))

    def event(self, keeper: str = KEEPER, **options: Any) -> events.Rebalanced:
        """Close one epoch."""
        closed: events.Rebalanced = self.do("rebalance", sender=keeper, **options)
        return closed

    def settle(self, price: int | None = None, epoch: int | None = None) -> events.Rebalanced:
        """Close the earliest epoch that waits, or the next one, a second after its grid point."""
        self.until(epoch or self.market.earliest_waiting or self.market.last_epoch + 1)
        if price is not None:
            self.set_price(price)
        return self.event()

    def claim(self, who: str = DEPOSITOR, sender: str | None = None) -> events.Claimed:
        claimed: events.Claimed = self.do("claim", who, sender=sender or who)
        return claimed

    def owed(self, who: str = DEPOSITOR) -> Escrow:
        """What a claim would pay."""
        return claimable(self.market, who)

    def give_tokens(self, side: int, tokens: int, who: str) -> None:
        """The deployer passes on tokens of a side."""
        self.do("transfer", side, who, tokens, sender="deployer")

    def leave_only_locked(self, side: int) -> None:
        """The deployer burns all tokens of a side that are not locked."""
        self.order(LONG_BURN + side, self.held("deployer", side), "deployer")
        self.settle()
        self.claim("deployer")
