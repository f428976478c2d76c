"""Both states of a market, side by side: what the chain tells, what the specification expects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from perpools.chain.lens import Account, Holdings, Lens, Orders, Progress, State
from perpools.errors import PoolsError
from perpools.spec import state
from perpools.spec.escrow import claimable
from perpools.spec.events import Event, OrderCancelled, OrderPlaced, Rebalanced
from perpools.spec.kinds import KINDS, LONG, SHORT
from perpools.spec.state import MARKET, Batch
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Assets, Epoch


class Mismatch(PoolsError):
    """Chain and specification differ: where, and what each says."""

    def __init__(self, where: str, chain: Any, spec: Any) -> None:
        super().__init__(f"{where}: chain {chain}, specification {spec}")
        self.where, self.chain, self.spec = where, chain, spec


class View(NamedTuple):
    """A whole market, as one of both sees it."""

    state: State
    accounts: tuple[Account, ...]
    batches: Mapping[tuple[Epoch, int], Batch]
    orders: tuple[Orders, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared after an operation, beside the market's own state."""

    accounts: Sequence[Address]
    epochs: Sequence[Epoch]
    """Whose batches."""
    placed: Sequence[tuple[Address, Epoch]]
    """Whose orders, in which epoch."""


def scope(market: state.Market, accounts: Sequence[Address], events: Iterable[Event]) -> Scope:
    """
    Every account; the batches of every epoch that an operation concerns, after an event those of all
    epochs that wait; the orders that it added to or took away.
    """
    epochs: set[Epoch] = set()
    placed = []
    for event in events:
        if isinstance(event, OrderPlaced | OrderCancelled):
            epochs.add(event.epoch)
            placed.append((event.controller, event.epoch))
        if isinstance(event, Rebalanced):
            epochs |= {event.epoch, *_waiting(market)}
    return Scope(accounts, sorted(epochs), placed)


def told(lens: Lens, market: Address, asked: Scope) -> View:
    """What the chain says."""
    return View(
        lens.state(market),
        lens.accounts(market, asked.accounts),
        lens.batches(market, asked.epochs) if asked.epochs else {},
        tuple(
            order
            for owner, epoch in asked.placed
            for order in lens.orders(market, owner, [epoch])
        ),
    )


def expected(market: state.Market, wallets: Mapping[Address, Assets], asked: Scope) -> View:
    """What the specification says; `wallets` is the collateral that its accounts hold."""
    return View(
        _state(market),
        tuple(
            Account(_holdings(market, owner, wallets[owner]), claimable(market, owner))
            for owner in asked.accounts
        ),
        {
            (epoch, kind): market.batches.get((epoch, kind), Batch())
            for epoch in asked.epochs
            for kind in KINDS
        },
        tuple(_orders(market, owner, epoch) for owner, epoch in asked.placed),
    )


def require_same(where: str, chain: Any, spec: Any) -> None:
    """Raise the first difference, by its path."""
    if chain == spec and type(chain) is type(spec):
        return
    if isinstance(chain, tuple) and isinstance(spec, tuple) and len(chain) == len(spec):
        names = getattr(chain, "_fields", range(len(chain)))
        for name, mine, theirs in zip(names, chain, spec, strict=True):
            require_same(f"{where}.{name}", mine, theirs)
    if isinstance(chain, Mapping) and isinstance(spec, Mapping) and chain.keys() == spec.keys():
        for key, mine in chain.items():
            require_same(f"{where}.{key}", mine, spec[key])
    raise Mismatch(where, chain, spec)


def _waiting(market: state.Market) -> set[Epoch]:
    bits = range(market.waiting.bit_length())
    return {market.earliest_waiting + bit for bit in bits if market.waiting >> bit & 1}


def _state(market: state.Market) -> State:
    return State(
        Progress(market.last_epoch, market.earliest_waiting, market.waiting, market.wound_down),
        market.average,
        len(market.samples),
        market.pool.balances,
        market.pool.supplies,
        market.mint_fee_wad,
        market.fees,
        market.recipients,
        (market.proposed[0] or NOBODY, market.proposed[1] or NOBODY),
        _holdings(market, MARKET, market.held),
        market.tips_held,
    )


def _holdings(market: state.Market, owner: Address, assets: Assets) -> Holdings:
    long, short = (market.holdings[side].get(owner, 0) for side in (LONG, SHORT))
    return Holdings(assets, long, short)


def _orders(market: state.Market, owner: Address, epoch: Epoch) -> Orders:
    amounts = tuple(market.orders.get((owner, epoch, kind), 0) for kind in KINDS)
    return Orders(amounts, market.tips.get((owner, epoch), 0))
