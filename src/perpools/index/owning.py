"""Whether accounts have on the chain what the tables say they have."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from perpools.chain import snapshot
from perpools.chain.node import Node
from perpools.index.ledger import NOT_ACCOUNTS
from perpools.index.mirror import Standing
from perpools.spec.escrow import claimable
from perpools.spec.state import Market, replace
from perpools.spec.units import Address

AT_ONCE = 10
"""Accounts asked for in one request."""

Owned = Mapping[str, Any]


def owners(standing: Standing) -> list[Address]:
    """Everybody of whom the tables say that they have, or ever had, anything in a market."""
    market, book = standing.market, standing.book
    known = {*book.accounts, *market.escrow, *market.holdings[0], *market.holdings[1]}
    known |= {key[0] for key in market.orders} | {key[0] for key in market.tips}
    return sorted(known - NOT_ACCOUNTS)


def differing(node: Node, standing: Standing, accounts: Sequence[Address]) -> Iterator[str]:
    """
    Accounts that have something else on the chain, with what it is, at the block that the tables
    are at; `ChainError` where the node keeps no state of it.
    """
    for first in range(0, len(accounts), AT_ONCE):
        some = accounts[first : first + AT_ONCE]
        there = snapshot.read_again(node, standing.fixed, some, standing.block_number).market
        here = _of(standing.market, {*some})
        for account in some:
            ours, theirs = _owned(here, account), _owned(there, account)
            wrong = [what for what in ours if ours[what] != theirs[what]]
            if wrong:
                yield f"{account} ({', '.join(wrong)})"


def _of(market: Market, accounts: set[Address]) -> Market:
    """The market with these accounts' orders alone, among which each one's are soon found."""
    orders = {key: amount for key, amount in market.orders.items() if key[0] in accounts}
    tips = {key: tip for key, tip in market.tips.items() if key[0] in accounts}
    return replace(market, orders=orders, tips=tips)


def _owned(market: Market, account: Address) -> Owned:
    """All that an account has, by what it is called."""

    def waits(key: tuple[Any, ...]) -> bool:
        return key[0] == account and key[1] > market.last_epoch and not market.wound_down

    return {
        "wallet": [held.get(account, 0) for held in market.holdings],
        "escrow": claimable(market, account),
        "waiting orders": {key: amount for key, amount in market.orders.items() if waits(key)},
        "tips": {key: tip for key, tip in market.tips.items() if waits(key)},
    }


def turn(accounts: Sequence[Address], after: Address, count: int) -> list[Address]:
    """The next so many accounts, in a circle."""
    later = [account for account in accounts if account > after]
    return list(islice([*later, *accounts], min(count, len(accounts))))
