"""Who paid and got what: the collateral in wallets; what sides received, paid out and earned."""

from collections.abc import MutableMapping

from perpools.spec import pool, replay, state
from perpools.spec.events import (
    Claimed,
    Event,
    FeesPaid,
    OrderPlaced,
    PairMinted,
    PairRedeemed,
    Rebalanced,
    Withdrawn,
)
from perpools.spec.kinds import ASSETS, KINDS, LONG_BURN, SIDES
from perpools.spec.pool import Pool
from perpools.spec.state import Batch, Step
from perpools.spec.units import Address, Assets

Wallets = MutableMapping[Address, Assets]


def wallet_change(event: Event) -> tuple[Address, Assets] | None:
    """Whose wallet an event filled with collateral, or emptied, and by how much."""
    match event:
        case OrderPlaced(owner=owner, kind=kind) if kind < LONG_BURN:
            return owner, event.from_escrow - event.amount
        case Claimed(owner=owner, assets=assets):
            return owner, assets
        case Withdrawn(receiver=receiver, item=item, amount=amount) if item == ASSETS:
            return receiver, amount
        case PairMinted(owner=owner):
            return owner, -event.long_assets - event.short_assets
        case PairRedeemed(owner=owner):
            return owner, event.long_assets + event.short_assets
        case FeesPaid(recipient=recipient, assets=assets):
            return recipient, assets
    return None


class Ledger:
    """What each side of one market received from its holders, paid out to them, and earned."""

    def __init__(self, market: state.Market) -> None:
        self.paid_in = list(market.pool.balances)
        self.taken_out = [0, 0]
        self.earned = [0, 0]
        self.first_price = market.average
        self.epochs = self.orders = self.rewards = self.rewarded = 0

    def record(self, before: state.Market, step: Step) -> None:
        """Add an operation that led from `before` to `step`."""
        for event in step.events:
            if isinstance(event, Rebalanced):
                self.epochs += 1
                self.rewards += event.reward
                self.rewarded += event.reward > 0
                self._add_event(before, event)
            elif isinstance(event, PairMinted):
                self._add_flows([event.long_assets, event.short_assets])
            elif isinstance(event, PairRedeemed):
                self._add_flows([-event.long_assets, -event.short_assets])
            elif isinstance(event, OrderPlaced):
                self.orders += 1

    def _add_event(self, before: state.Market, event: Rebalanced) -> None:
        """Each side's gain before its orders, and then what the orders brought and took."""
        settled = replay.settled(before, event)
        done = _executed(before, event, settled)
        for side in SIDES:
            self.earned[side] += settled.balances[side] - before.pool.balances[side]
        self._add_flows([done.balances[side] - settled.balances[side] for side in SIDES])
        after = (event.long_after, event.short_after)
        for side in SIDES:
            self.earned[side] += after[side] - done.balances[side]

    def _add_flows(self, flows: list[Assets]) -> None:
        for side, flow in enumerate(flows):
            self.paid_in[side] += max(flow, 0)
            self.taken_out[side] += max(-flow, 0)


def _executed(before: state.Market, event: Rebalanced, settled: Pool) -> Pool:
    amounts = [before.batches.get((event.epoch, kind), Batch()).paid_in for kind in KINDS]
    fees_wad = event.mint_fee_wad, before.terms.burn_fee_wad
    return pool.execute(settled, amounts, *fees_wad).pool
