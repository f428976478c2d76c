"""What came of it: what sides' holders paid, got and earned, and that nothing got lost."""

from typing import NamedTuple

from perpools.demo.mirror import Mirror
from perpools.spec import invariants, rates, state
from perpools.spec.escrow import claimable
from perpools.spec.kinds import ASSETS, LONG, SHORT, item_in
from perpools.spec.units import Assets, Wad


class Side(NamedTuple):
    """One side's holders together."""

    paid_in: Assets
    taken_out: Assets
    worth: Assets
    """Its balance."""
    earned: Assets
    token_price: Wad
    """In collateral; it began at one, and is 0 for both sides together."""


class Custody(NamedTuple):
    """Where the collateral is that a market holds."""

    held: Assets
    sides: Assets
    fees: Assets
    """For management, not pulled yet."""
    escrow: Assets
    """Executed and not claimed, or taken back."""
    pending: Assets
    """Paid for orders that wait."""

    @property
    def dust(self) -> Assets:
        """Nobody's: what payouts rounded down left behind."""
        return self.held - self.sides - self.fees - self.escrow - self.pending


class MarketReport(NamedTuple):
    """One market at the end."""

    name: str
    preset: str
    operations: int
    events: int
    epochs: int
    """Closed."""
    orders: int
    refusals: int
    """Operations that chain and specification refused for the same reason."""
    first_price: Wad
    last_price: Wad
    long: Side
    short: Side
    rewards: Assets
    """Paid to the keeper."""
    rewarded: int
    """Events that paid it."""
    custody: Custody
    conserved: bool

    @property
    def both(self) -> Side:
        """All holders together."""
        long, short = self.long, self.short
        return Side(
            long.paid_in + short.paid_in,
            long.taken_out + short.taken_out,
            long.worth + short.worth,
            long.earned + short.earned,
            token_price=0,
        )


def report(mirror: Mirror) -> MarketReport:
    """A market as the specification has it, which the chain agrees with."""
    market, ledger = mirror.spec, mirror.ledger
    custody = _custody(market)
    return MarketReport(
        name=mirror.name,
        preset=mirror.preset,
        operations=mirror.operations,
        events=mirror.events,
        epochs=ledger.epochs,
        orders=ledger.orders,
        refusals=mirror.refusals,
        first_price=ledger.first_price,
        last_price=market.average,
        long=_side(mirror, LONG),
        short=_side(mirror, SHORT),
        rewards=ledger.rewards,
        rewarded=ledger.rewarded,
        custody=custody,
        conserved=0 <= custody.dust <= ledger.orders and not invariants.broken(market),
    )


def _side(mirror: Mirror, side: int) -> Side:
    ledger, (balances, supplies) = mirror.ledger, mirror.spec.pool
    scale = mirror.spec.terms.asset_scale
    return Side(
        ledger.paid_in[side],
        ledger.taken_out[side],
        balances[side],
        ledger.earned[side],
        rates.price_wad(balances[side], supplies[side], scale),
    )


def _custody(market: state.Market) -> Custody:
    pending = sum(
        batch.paid_in
        for (epoch, kind), batch in market.batches.items()
        if epoch > market.last_epoch and item_in(kind) == ASSETS
    )
    owners = {owner for owner, _, _ in market.orders} | set(market.escrow)
    escrow = sum(claimable(market, owner).assets for owner in owners)
    return Custody(market.held, sum(market.pool.balances), sum(market.fees), escrow, pending)
