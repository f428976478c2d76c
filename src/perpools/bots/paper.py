"""
A balancer's trades on paper: what it would have, had it ordered. Pure.

An order is executed at the rates of the first look after its epoch was closed: what a real one
would have got, but for what others did in between. Nothing on the chain knows about it.
"""

from dataclasses import dataclass

from perpools.bots.balancing import Place, Purse
from perpools.spec import rates
from perpools.spec.kinds import ASSETS, LONG_BURN, item_in, item_out
from perpools.spec.pool import Pool
from perpools.spec.units import Assets, Epoch, Wad

Items = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Book:
    """What the balancer would have: collateral, L- and S-tokens, and orders that wait."""

    items: Items
    waiting: tuple[Place, ...] = ()

    @property
    def purse(self) -> Purse:
        """As the strategy sees it."""
        mints = sum(order.amount for order in self.waiting if order.kind < LONG_BURN)
        return Purse(self.items, (0, 0, 0), mints)

    def order(self, order: Place) -> "Book":
        """Pay for an order."""
        paid = _plus(self.items, item_in(order.kind), -order.amount)
        return Book(paid, (*self.waiting, order))

    def after(self, last_epoch: Epoch, pool: Pool, fees_wad: tuple[Wad, Wad]) -> "Book":
        """Execute what is due, at the rates of a pool; `fees_wad` are those of mints and burns."""
        done = [order for order in self.waiting if order.epoch <= last_epoch]
        items = self.items
        for order in done:
            items = _plus(items, item_out(order.kind), _received(order, pool, fees_wad))
        return Book(items, tuple(order for order in self.waiting if order not in done))

    def expected(self, pool: Pool, fees_wad: tuple[Wad, Wad]) -> Pool:
        """
        A pool as it would be had this book been real: with its tokens in it, at the rates there
        are, and once its waiting orders were executed too.
        """
        after = pool
        for side, tokens in enumerate(self.items[1:]):
            assets = rates.assets_for_tokens(tokens, pool.balances[side], pool.supplies[side])
            after = _plus_side(after, side, assets, tokens)
        for order in self.waiting:
            received = _received(order, pool, fees_wad)
            mints = item_in(order.kind) == ASSETS
            change = (order.amount, received) if mints else (-received, -order.amount)
            after = _plus_side(after, order.kind % 2, *change)
        return after

    def worth(self, pool: Pool) -> Assets:
        """Everything, at the rates of a pool."""
        tokens = zip(self.items[1:], pool.balances, pool.supplies, strict=True)
        return (
            self.purse.waiting
            + self.items[0]
            + sum(
                rates.assets_for_tokens(amount, balance, supply)
                for amount, balance, supply in tokens
            )
        )


def _received(order: Place, pool: Pool, fees_wad: tuple[Wad, Wad]) -> int:
    side, (mint_fee_wad, burn_fee_wad) = order.kind % 2, fees_wad
    balance, supply = pool.balances[side], pool.supplies[side]
    if item_out(order.kind) == ASSETS:
        return rates.burned(order.amount, balance, supply, burn_fee_wad)
    return rates.minted(order.amount, balance, supply, mint_fee_wad)


def _plus_side(pool: Pool, side: int, assets: int, tokens: int) -> Pool:
    balances, supplies = list(pool.balances), list(pool.supplies)
    balances[side] += assets
    supplies[side] += tokens
    return Pool((balances[0], balances[1]), (supplies[0], supplies[1]))


def _plus(items: Items, item: int, change: int) -> Items:
    changed = list(items)
    changed[item] += change
    return changed[0], changed[1], changed[2]
