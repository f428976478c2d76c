"""Orders, keepers, and what everything comes to."""

from dataclasses import dataclass

from perpools.chain import order_plan
from perpools.index import tables
from perpools.index.totals import Totals
from perpools.spec import kinds
from perpools.spec.units import Address, Epoch
from perpools.values import Amount, Duration, Moment, coin
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views.overview import MarketRow
from perpools.web.views.shown import QueueEpoch
from perpools.web.views.told import EventRow


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, and what became of it."""

    market: Address
    owner: Address
    """Who paid."""
    controller: Address
    """Who owns it, and what comes of it."""
    epoch: Epoch
    kind: int
    name: str
    amount: Amount
    from_escrow: Amount
    tip: Amount
    status: str
    """`waiting`, `executed`, `refunded`, `claimed` or `cancelled`."""
    received: Amount | None
    """None until it is executed."""
    fee: Amount | None
    placed_at: Moment
    executes_at: Moment
    """The grid point whose price executes it."""
    executed_at: Moment | None
    cancelled_at: Moment | None
    claimed_at: Moment | None
    block: int
    index: int
    transaction: str


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """What an account did for a market as its keeper."""

    market: Address
    keeper: Address
    events: int
    reward: Amount
    gas_used: int
    late_mean: Duration
    late_worst: Duration
    last_at: Moment


@dataclass(frozen=True, slots=True)
class BatchRow:
    """All orders of a kind that an event executed."""

    kind: int
    name: str
    paid_in: Amount
    paid_out: Amount | None
    """None: it was refunded."""


@dataclass(frozen=True, slots=True)
class EpochView:
    """An epoch that was closed."""

    event: EventRow
    batches: tuple[BatchRow, ...]


@dataclass(frozen=True, slots=True)
class QueueView:
    """What waits."""

    epochs: tuple[QueueEpoch, ...]


@dataclass(frozen=True, slots=True)
class MarketList:
    """All markets that were asked for."""

    items: tuple[MarketRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class SignView:
    """A transaction for a wallet to sign."""

    text: str
    """What it does."""
    transaction: dict[str, str]
    """As `eth_sendTransaction` takes it; without `to` it creates a contract."""


@dataclass(frozen=True, slots=True)
class SignList:
    """To be signed one after the other, each once the one before is mined."""

    transactions: tuple[SignView, ...]


@dataclass(frozen=True, slots=True)
class CollateralRow:
    """All markets of one collateral."""

    collateral: Address
    symbol: str
    markets: int
    value_locked: Amount
    volume: Amount
    """Collateral that orders and pairs brought and took since the beginning."""
    fees: Amount
    rewards: Amount


@dataclass(frozen=True, slots=True)
class TotalsView:
    """What everything comes to."""

    markets: int
    accounts: int
    orders: int
    events: int
    keepers: int
    collaterals: tuple[CollateralRow, ...]


def order(sight: Sight, row: tables.Order) -> OrderRow:
    """An order of a market."""
    paid = kinds.item_in(row.kind)
    received = paid if row.refunded else kinds.item_out(row.kind)
    return OrderRow(
        market=row.market,
        owner=row.owner,
        controller=row.controller,
        epoch=row.epoch,
        kind=row.kind,
        name=order_plan.name(row.kind),
        amount=sight.item(paid, row.amount),
        from_escrow=sight.item(paid, row.from_escrow),
        tip=coin(row.tip),
        status=row.status,
        received=None if row.paid_out is None else sight.item(received, row.paid_out),
        fee=None if row.fee_assets is None else sight.assets(row.fee_assets),
        placed_at=Moment(row.at),
        executes_at=Moment(row.executes_at),
        executed_at=_moment(row.executed_at),
        cancelled_at=_moment(row.cancelled_at),
        claimed_at=_moment(row.claimed_at),
        block=row.block_number,
        index=row.log_index,
        transaction=row.transaction,
    )


def keeper(listed: tables.Market, row: tables.Keeper) -> KeeperRow:
    """A keeper of a market."""
    return KeeperRow(
        market=row.market,
        keeper=row.keeper,
        events=row.events,
        reward=Amount(row.reward_assets, listed.decimals, listed.collateral_symbol),
        gas_used=row.gas_used,
        late_mean=Duration(row.late_s_total // row.events if row.events else 0),
        late_worst=Duration(row.worst_late_s),
        last_at=Moment(row.last_at),
    )


def batch(sight: Sight, row: tables.Batch) -> BatchRow:
    """A batch of an epoch."""
    out = sight.item(kinds.item_out(row.kind), row.paid_out) if row.paid_out else None
    paid_in = sight.item(kinds.item_in(row.kind), row.paid_in)
    return BatchRow(row.kind, order_plan.name(row.kind), paid_in, out)


def totals(live: Live) -> TotalsView:
    """What all markets come to."""
    found: Totals = live.reader.totals()
    counts = found.markets, found.accounts, found.orders, found.events, found.keepers
    rows = []
    for one in found.collaterals:
        amounts = (one.value_locked, one.volume_in + one.volume_out, one.fees, one.rewards)
        told = (Amount(units, one.decimals, one.symbol) for units in amounts)
        rows.append(CollateralRow(one.collateral, one.symbol, one.markets, *told))
    return TotalsView(*counts, tuple(rows))


def _moment(at: int | None) -> Moment | None:
    return None if at is None else Moment(at)
