"""
What one account has in a market, what it cost, and what it made of it.

Kept by `advance`, for all accounts at once; rounded as `bookkeeping` says.
"""

from typing import NamedTuple

from . import rates
from .bookkeeping import Account, Book, Lot, advance, opened
from .escrow import claimable
from .kinds import LONG, LONG_BURN, LONG_TOKENS, SHORT
from .state import Market
from .units import Address, Assets, Tokens, Wad


class Holding(NamedTuple):
    """An account's tokens of one side: where they are, what they cost, what they are worth."""

    wallet: Tokens
    escrow: Tokens
    waiting: Tokens
    """Ordered to be burned or flipped, not executed yet."""
    cost_assets: Assets
    entry_price_wad: Wad
    """Average cost of a whole token in whole units of collateral, rounded down."""
    value_assets: Assets
    """At the present book price; rounded down."""
    realised: int

    @property
    def tokens(self) -> Tokens:
        """All of them."""
        return self.wallet + self.escrow + self.waiting

    @property
    def unrealised(self) -> int:
        """What they are worth beyond their cost."""
        return self.value_assets - self.cost_assets


class Position(NamedTuple):
    """All that one account has in one market, and what it made of it."""

    long: Holding
    short: Holding
    waiting_assets: Assets
    """Paid for mints that are not executed yet."""
    escrow_assets: Assets
    paid_in: Assets
    taken_out: Assets
    earned: Assets
    fees: Assets

    @property
    def worth(self) -> Assets:
        """What it has in the market now, at book prices."""
        values = self.long.value_assets + self.short.value_assets
        return values + self.waiting_assets + self.escrow_assets

    @property
    def profit(self) -> int:
        """Realised, unrealised and earned: `taken_out + worth - paid_in`."""
        return self.taken_out + self.worth - self.paid_in


def position(book: Book, market: Market, owner: Address) -> Position:
    """One account's position; `market` is what the events led to that `book` has seen."""
    account, due = book.of(owner), claimable(market, owner)
    long, short = (_holding(market, owner, side, account.lots[side]) for side in (LONG, SHORT))
    flows = account.paid_in, account.taken_out, account.earned, account.fees
    waiting = sum(_waiting(market, owner, kind) for kind in (LONG, SHORT))
    return Position(long, short, waiting, due.assets, *flows)


def _holding(market: Market, owner: Address, side: int, lot: Lot) -> Holding:
    balance, supply = market.pool.balances[side], market.pool.supplies[side]
    wallet = market.holdings[side].get(owner, 0)
    escrow = claimable(market, owner)[LONG_TOKENS + side]
    waiting = sum(_waiting(market, owner, LONG_BURN + side + flip) for flip in (0, 2))
    price = rates.price_wad(lot.cost, lot.tokens, market.terms.asset_scale) if lot.tokens else 0
    value = rates.assets_for_tokens(wallet + escrow + waiting, balance, supply) if supply else 0
    return Holding(wallet, escrow, waiting, lot.cost, price, value, lot.realised)


def _waiting(market: Market, owner: Address, kind: int) -> int:
    """What an account's orders of a kind paid that are neither executed nor refundable."""
    if market.wound_down:
        return 0
    return sum(
        amount
        for (who, epoch, ordered), amount in market.orders.items()
        if (who, ordered) == (owner, kind) and epoch > market.last_epoch
    )


__all__ = ["Account", "Book", "Holding", "Position", "advance", "opened", "position"]
