"""
What a claimer does: finds executed orders whose owners left a tip for whoever claims for them, and
claims where the tip is more than the gas. Pure: the tips are folded from a market's events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from perpools.spec.events import Claimed, OrderCancelled, OrderPlaced, Rebalanced, WoundDown
from perpools.spec.units import Address, Epoch, Wei


@dataclass(frozen=True, slots=True)
class Tips:
    """Tips that a market holds, by controller and epoch, as its events tell them."""

    last_epoch: Epoch = 0
    wound_down: bool = False
    held: Mapping[tuple[Address, Epoch], Wei] = field(default_factory=dict)

    def after(self, event: object) -> "Tips":
        """The tips after one more event of the market."""
        if isinstance(event, OrderPlaced) and event.tip:
            key = event.controller, event.epoch
            return replace(self, held={**self.held, key: self.held.get(key, 0) + event.tip})
        if isinstance(event, OrderCancelled) and event.tip:
            return self._without({(event.controller, event.epoch)})
        if isinstance(event, Rebalanced):
            return replace(self, last_epoch=event.epoch)
        if isinstance(event, WoundDown):
            return replace(self, wound_down=True)
        if isinstance(event, Claimed):
            taken = {key for key in self.held if key[0] == event.owner and self._executed(key[1])}
            return self._without(taken)
        return self

    def after_all(self, events: Iterable[object]) -> "Tips":
        """The tips after several more events, in their order."""
        tips = self
        for event in events:
            tips = tips.after(event)
        return tips

    def owners(self, least_wei: Wei = 1) -> list[Address]:
        """
        Who left tips of at least so much that can be earned now; in an order that does not change
        by itself.
        """
        earned: dict[Address, Wei] = {}
        for (owner, epoch), tip in self.held.items():
            if self._executed(epoch):
                earned[owner] = earned.get(owner, 0) + tip
        return sorted(owner for owner, tip in earned.items() if tip >= least_wei)

    def _executed(self, epoch: Epoch) -> bool:
        return self.wound_down or epoch <= self.last_epoch

    def _without(self, keys: set[tuple[Address, Epoch]]) -> "Tips":
        return replace(self, held={key: tip for key, tip in self.held.items() if key not in keys})


class Chance(NamedTuple):
    """What claiming for an owner would bring and cost, as asked a moment ago."""

    owner: Address
    tip_wei: Wei
    """What the market would pay now."""
    gas: int


class Claim(NamedTuple):
    """Claim for an owner."""

    owner: Address
    profit_wei: Wei
    most_fee_wei: Wei
    """What a unit of gas may cost at most for the claim to leave the least profit."""


def decide(
    chances: Sequence[Chance], fee_wei: Wei, least_wei: Wei, busy: frozenset[Address] = frozenset()
) -> list[Claim]:
    """
    The claims to send now, the most profitable first: those that leave at least `least_wei` after
    gas at `fee_wei` each, but for owners that a claim is on its way for.
    """
    profits = [
        Claim(c.owner, c.tip_wei - c.gas * fee_wei, max(0, c.tip_wei - least_wei) // max(1, c.gas))
        for c in chances
        if c.tip_wei
    ]
    worth = [
        claim for claim in profits if claim.profit_wei >= least_wei and claim.owner not in busy
    ]
    return sorted(worth, key=lambda claim: (-claim.profit_wei, claim.owner))
