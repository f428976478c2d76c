"""
One vault of one side of a market at one moment (R17): who requested what of it, and what it says
when it is asked.

In the market the vault is an account like any other; here stands only what it remembers itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from . import kinds, rates
from .state import Batch, Market, replace
from .units import Address, Assets, Epoch, Tokens

DEPOSIT, REDEEM = FLOWS = (0, 1)
"""What can be requested: to enter the side, or to leave it."""

Key = tuple[int, Address, Epoch]
"""What tells requests apart: flow, controller and epoch."""

MOST = 64
"""Requests that one claim looks at, refunded ones included; what is behind them is next."""


class Request(NamedTuple):
    """What a controller requested in one epoch and has not claimed."""

    amount: int
    rest: int = 0
    """What is still due to it, once a portion was claimed; 0: no portion yet, or nothing due."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Everything a vault knows."""

    address: Address
    """Its account in the market."""
    side: int
    requests: Mapping[Key, Request] = field(default_factory=dict)
    returned: Mapping[Key, int] = field(default_factory=dict)
    """Taken back while it was pending, and not claimed yet."""
    operators: frozenset[tuple[Address, Address]] = frozenset()

    def kind(self, flow: int) -> int:
        """The kind of order that a flow places."""
        return 2 * flow + self.side

    def item_in(self, flow: int) -> int:
        """What a request pays."""
        return kinds.item_in(self.kind(flow))

    def item_out(self, flow: int) -> int:
        """What a request receives."""
        return kinds.item_out(self.kind(flow))

    def allows(self, account: Address, sender: Address) -> bool:
        """Whether `sender` is the account, or an operator it appointed in this vault."""
        return account == sender or (account, sender) in self.operators

    def epochs(self, flow: int, controller: Address) -> list[Epoch]:
        """In which epochs a controller has requests, oldest first."""
        return sorted(key[2] for key in self.requests if key[:2] == (flow, controller))

    def amount(self, flow: int, controller: Address, epoch: Epoch) -> int:
        """What was requested in an epoch and not claimed."""
        return self.requests.get((flow, controller, epoch), Request(0)).amount

    def without(self, key: Key) -> "Vault":
        """The vault once a request is gone."""
        return replace(self, requests={k: kept for k, kept in self.requests.items() if k != key})

    def with_returned(self, key: Key) -> "Vault":
        """The vault once a request was taken back, or is known to be refunded."""
        amount = self.returned.get(key, 0) + self.requests[key].amount
        return replace(self.without(key), returned={**self.returned, key: amount})


def batch(vault: Vault, market: Market, flow: int, epoch: Epoch) -> tuple[Batch, bool]:
    """All orders of the market like a flow's in an epoch; and whether they are past changing."""
    found = market.batches.get((epoch, vault.kind(flow)), Batch())
    return found, bool(found.paid_out) or epoch <= market.last_epoch or market.wound_down


def pending(vault: Vault, market: Market, flow: int, epoch: Epoch, controller: Address) -> int:
    """What was requested and is neither executed nor refunded."""
    _, closed = batch(vault, market, flow, epoch)
    return 0 if closed else vault.amount(flow, controller, epoch)


def claimable(vault: Vault, market: Market, flow: int, epoch: Epoch, controller: Address) -> int:
    """What was requested and executed, as far as it is not claimed."""
    executed, _ = batch(vault, market, flow, epoch)
    return vault.amount(flow, controller, epoch) if executed.paid_out else 0


def refunded(vault: Vault, market: Market, flow: int, epoch: Epoch, controller: Address) -> int:
    """What was requested in a batch that received nothing, or never will (R12, R13)."""
    found, closed = batch(vault, market, flow, epoch)
    return vault.amount(flow, controller, epoch) if closed and not found.paid_out else 0


def recoverable(vault: Vault, market: Market, flow: int, epoch: Epoch, controller: Address) -> int:
    """What was requested and taken back, or is refunded."""
    returned = vault.returned.get((flow, controller, epoch), 0)
    return returned + refunded(vault, market, flow, epoch, controller)


def due_to(request: Request, done: Batch) -> int:
    """What an executed request receives: what portions left, or its part of its whole batch."""
    return request.rest or rates.payout(request.amount, done.paid_in, done.paid_out)


def executed(
    vault: Vault, market: Market, flow: int, controller: Address, most: int | None = MOST
) -> Iterator[tuple[Epoch, int, int]]:
    """
    What one claim can take, request by request from the oldest: its epoch, what was given, and
    what is due for that.
    """
    for epoch in vault.epochs(flow, controller)[:most]:
        done, closed = batch(vault, market, flow, epoch)
        if not closed:
            return
        if done.paid_out:
            request = vault.requests[flow, controller, epoch]
            yield epoch, request.amount, due_to(request, done)


def max_claim(vault: Vault, market: Market, flow: int, controller: Address) -> tuple[int, int]:
    """
    The most that one claim can take, in what was given and in what is due: `maxDeposit` and
    `maxMint`, or `maxRedeem` and `maxWithdraw`.
    """
    found = list(executed(vault, market, flow, controller))
    return sum(given for _, given, _ in found), sum(due for _, _, due in found)


def total_assets(vault: Vault, market: Market) -> Assets:
    """Collateral of the whole side, as of the last event."""
    return market.pool.balances[vault.side]


def convert_to_shares(vault: Vault, market: Market, assets: Assets) -> Tokens:
    """Tokens that collateral is worth at the rate of the last event; rounded down."""
    pool, side = market.pool, vault.side
    return rates.tokens_for_assets(assets, pool.balances[side], pool.supplies[side])


def convert_to_assets(vault: Vault, market: Market, shares: Tokens) -> Assets:
    """Collateral that tokens are worth at the rate of the last event; rounded down."""
    pool, side = market.pool, vault.side
    return rates.assets_for_tokens(shares, pool.balances[side], pool.supplies[side])
