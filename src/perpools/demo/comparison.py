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

Batches = Mapping[tuple[Epoch, int], Batch]


class Mismatch(PoolsError):
    """Chain and specification differ: where, and what each says."""

    def __init__(self, where: str, chain: Any, spec: Any) -> None:
        super().__init__(f"{where}: chain {chain}, specification {spec}")
        self.where, self.chain, self.spec = where, chain, spec


class View(NamedTuple):
    """A market, as one of both sees it."""

    state: State
    accounts: Mapping[Address, Account]
    batches: Batches
    orders: Mapping[tuple[Address, Epoch], Orders]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked, beside where the market stands."""

    accounts: Sequence[Address]
    epochs: Sequence[Epoch]
    """Whose batches."""
    placed: Sequence[tuple[Address, Epoch]]
    """Whose orders, in which epoch."""


def epochs_of(events: Iterable[Event]) -> set[Epoch]:
    """The epochs whose batches an operation concerns."""
    return {e.epoch for e in events if isinstance(e, OrderPlaced | OrderCancelled | Rebalanced)}


def placed_in(events: Iterable[Event]) -> list[tuple[Address, Epoch]]:
    """Whose orders in which epochs an operation changed."""
    ordered = (e for e in events if isinstance(e, OrderPlaced | OrderCancelled))
    return [(event.controller, event.epoch) for event in ordered]


def waiting_epochs(market: state.Market) -> list[Epoch]:
    """The epochs that have orders and are not closed."""
    bits = range(market.waiting.bit_length())
    return [market.earliest_waiting + bit for bit in bits if market.waiting >> bit & 1]


def told(lens: Lens, market: Address, asked: Scope) -> View:
    """What the chain says."""
    accounts = lens.accounts(market, asked.accounts) if asked.accounts else ()
    return View(
        lens.state(market),
        dict(zip(asked.accounts, accounts, strict=True)),
        lens.batches(market, asked.epochs) if asked.epochs else {},
        {key: lens.orders(market, key[0], [key[1]])[0] for key in asked.placed},
    )


def expected(market: state.Market, wallets: Mapping[Address, Assets], asked: Scope) -> View:
    """What the specification says; `wallets` is the collateral that its accounts hold."""
    return View(
        _state(market),
        {owner: account(market, owner, wallets[owner]) for owner in asked.accounts},
        {(e, kind): market.batches.get((e, kind), Batch()) for e in asked.epochs for kind in KINDS},
        {key: _orders(market, *key) for key in asked.placed},
    )


def account(market: state.Market, owner: Address, assets: Assets) -> Account:
    """One account as the specification sees it, with the collateral in its wallet."""
    return Account(_holdings(market, owner, assets), claimable(market, owner))


def require_same(where: str, chain: Any, spec: Any) -> None:
    """Raise the first difference, by its path."""
    if chain == spec:
        return
    if isinstance(chain, tuple) and isinstance(spec, tuple) and len(chain) == len(spec):
        names = getattr(chain, "_fields", range(len(chain)))
        for name, one, other in zip(names, chain, spec, strict=True):
            require_same(f"{where}: {name}", one, other)
    elif isinstance(chain, Mapping) and isinstance(spec, Mapping) and chain.keys() == spec.keys():
        for key, one in chain.items():
            require_same(f"{where}: {key}", one, spec[key])
    raise Mismatch(where, chain, spec)


def _state(market: state.Market) -> State:
    return State(
        Progress(market.last_epoch, market.earliest_waiting, market.waiting, market.wound_down),
        market.samples,
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
