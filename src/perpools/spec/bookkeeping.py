"""
What every account paid and took: one book for a market, kept from its events.

Tokens are kept at average cost, wherever they are: in a wallet, in escrow or in orders that wait.
What leaves is realised at what it brought; what changes hands without a price does so at the
present book value, rounded down. The cost of a part is rounded down too: what is left over stays
with the rest, so that no unit of cost is ever lost. Native coin, such as tips, is not counted. For
every account, always, in collateral:

    paid_in + earned + realised == taken_out + cost + waiting mints + collateral in escrow
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from . import events, rates
from .events import Event, OrderPlaced, Rebalanced
from .fees import after_fee
from .kinds import ASSETS, LONG, LONG_BURN, LONG_FLIP, LONG_TOKENS, SIDES
from .measures import order_fee, order_worth
from .replay import settled
from .state import VAULT, Market
from .units import Address, Assets, Tokens


class Lot(NamedTuple):
    """An account's tokens of one side, and what they cost."""

    tokens: Tokens = 0
    cost: Assets = 0
    realised: int = 0
    """What left brought so much more than it had cost."""

    def plus(self, tokens: Tokens, cost: Assets) -> "Lot":
        """The lot after tokens came in."""
        return Lot(self.tokens + tokens, self.cost + cost, self.realised)

    def minus(self, tokens: Tokens, proceeds: Assets) -> "Lot":
        """The lot after tokens left for so much."""
        cost = self.cost * tokens // self.tokens if tokens else 0
        return Lot(self.tokens - tokens, self.cost - cost, self.realised + proceeds - cost)


class Account(NamedTuple):
    """What the book knows of one account."""

    lots: tuple[Lot, Lot] = (Lot(), Lot())
    paid_in: Assets = 0
    taken_out: Assets = 0
    earned: Assets = 0
    """A keeper's pay, and management fees received."""
    fees: Assets = 0
    """Mint and burn fees of its orders; part of what its tokens cost and brought already."""

    def add(
        self, *, paid_in: int = 0, taken_out: int = 0, earned: int = 0, fees: int = 0
    ) -> "Account":
        """The account after so much more."""
        flows = self.paid_in + paid_in, self.taken_out + taken_out
        return Account(self.lots, *flows, self.earned + earned, self.fees + fees)

    def gets(self, side: int, tokens: Tokens, cost: Assets) -> "Account":
        """The account after tokens came in."""
        return self._with(side, self.lots[side].plus(tokens, cost))

    def gives(self, side: int, tokens: Tokens, proceeds: Assets) -> "Account":
        """The account after tokens left."""
        return self._with(side, self.lots[side].minus(tokens, proceeds))

    def _with(self, side: int, lot: Lot) -> "Account":
        long, short = self.lots
        return self._replace(lots=(lot, short) if side == LONG else (long, lot))


@dataclass(frozen=True, slots=True)
class Book:
    """Every account that ever had anything to do with a market."""

    accounts: Mapping[Address, Account]

    def of(self, owner: Address) -> Account:
        """One account; an empty one where the market does not know it."""
        return self.accounts.get(owner, Account())

    def put(self, owner: Address, account: Account) -> "Book":
        """The book after an account changed."""
        return Book({**self.accounts, owner: account})


def opened(market: Market) -> Book:
    """The book of a market just deployed: its deployer paid for the locked tokens too."""
    accounts = {VAULT: Account()}
    for side in SIDES:
        for holder, tokens in market.holdings[side].items():
            cost = 0 if holder == VAULT else market.pool.balances[side]
            account = accounts.get(holder, Account()).gets(side, tokens, cost)
            accounts[holder] = account.add(paid_in=cost)
    return Book(accounts)


def advance(book: Book, market: Market, event: Event) -> Book:
    """
    The book after an event of the market as it was before it: with each event, first `advance`
    the book, then `replay.apply` the event.
    """
    match event:
        case Rebalanced():
            return _executed(book, market, event)
        case OrderPlaced():
            return _ordered(book, market, event)
        case events.Transfer(side, sender, receiver, tokens):
            return _moved(book, market, side, (sender, receiver), tokens)
        case events.Withdrawn(owner, receiver, item, tokens) if item != ASSETS:
            return _moved(book, market, item - LONG_TOKENS, (owner, receiver), tokens)
        case events.PairMinted() | events.PairRedeemed():
            return _paired(book, event)
    return _paid_out(book, event)


def _paid_out(book: Book, event: Event) -> Book:
    """Collateral that leaves the market; nothing else changes what anybody has."""
    match event:
        case events.Redeemed(owner, side, tokens, assets):
            account = book.of(owner).gives(side, tokens, assets)
            return book.put(owner, account.add(taken_out=assets))
        case events.Claimed(owner, _, assets) | events.Withdrawn(owner, _, _, assets):
            return book.put(owner, book.of(owner).add(taken_out=assets))
        case events.FeesPaid(_, recipient, assets):
            account = book.of(recipient).add(earned=assets, taken_out=assets)
            return book.put(recipient, account)
    return book


def _ordered(book: Book, market: Market, order: OrderPlaced) -> Book:
    """Pay; for somebody else as if both had traded at book value first."""
    owner, controller = order.owner, order.controller
    if order.kind >= LONG_BURN:
        return _moved(book, market, order.kind % 2, (owner, controller), order.amount)
    if owner == controller:
        paid_in = order.amount - order.from_escrow
        return book.put(owner, book.of(owner).add(paid_in=paid_in))
    book = book.put(owner, book.of(owner).add(taken_out=order.from_escrow))
    return book.put(controller, book.of(controller).add(paid_in=order.amount))


def _moved(
    book: Book, market: Market, side: int, parties: tuple[Address, Address], tokens: Tokens
) -> Book:
    """Tokens changed hands at the book price."""
    sender, receiver = parties
    if sender == receiver:
        return book
    balances, supplies = market.pool
    value = rates.assets_for_tokens(tokens, balances[side], supplies[side])
    book = book.put(sender, book.of(sender).gives(side, tokens, value).add(taken_out=value))
    return book.put(receiver, book.of(receiver).gets(side, tokens, value).add(paid_in=value))


def _paired(book: Book, pair: events.PairMinted | events.PairRedeemed) -> Book:
    account, minted = book.of(pair.owner), isinstance(pair, events.PairMinted)
    both = (pair.long_assets, pair.long_tokens), (pair.short_assets, pair.short_tokens)
    for side, (assets, tokens) in enumerate(both):
        if minted:
            account = account.gets(side, tokens, assets).add(paid_in=assets)
        else:
            account = account.gives(side, tokens, assets).add(taken_out=assets)
    return book.put(pair.owner, account)


def _executed(book: Book, market: Market, event: Rebalanced) -> Book:
    """Pay the keeper, and give every order of the epoch its part, as a claim will."""
    accounts = dict(book.accounts)
    accounts[event.keeper] = book.of(event.keeper).add(earned=event.reward)
    then, costs = settled(market, event), (event.mint_fee_wad, market.terms.burn_fee_wad)
    closed = [order for order in market.orders.items() if order[0][1] == event.epoch]
    # burns, flips, then mints: as they are executed
    for (owner, epoch, kind), amount in sorted(closed, key=lambda order: (order[0][2] - 2) % 6):
        batch = market.batches[epoch, kind]
        if batch.paid_out:
            fee = order_fee(kind, amount, then, costs)
            account = accounts.get(owner, Account()).add(fees=fee)
            left = after_fee(order_worth(kind, amount, then), costs[1])
            amounts = amount, rates.payout(amount, *batch)
            accounts[owner] = _filled(account, kind, amounts, left)
    return Book(accounts)


def _filled(account: Account, kind: int, amounts: tuple[int, int], left: Assets) -> Account:
    """
    An account after its order paid and received `amounts`; a flip is a sale and a purchase for
    what is left after the burn fee.
    """
    side, (paid, received) = kind % 2, amounts
    if kind < LONG_BURN:
        return account.gets(side, received, paid)
    if kind < LONG_FLIP:
        return account.gives(side, paid, received)
    return account.gives(side, paid, left).gets(1 - side, received, left)
