"""What all markets come to, and how far each was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from perpools.index import tables
from perpools.index.tables import DAY_S
from perpools.spec.units import Address, Assets, Timestamp


@dataclass(frozen=True, slots=True)
class CollateralTotals:
    """What all markets of one collateral come to, in its base units."""

    collateral: Address
    symbol: str
    decimals: int
    markets: int
    value_locked: Assets
    """Both sides of every market."""
    volume_in: Assets
    """Collateral that orders and pairs brought to the sides, since the beginning."""
    volume_out: Assets
    """Collateral that they took."""
    fees: Assets
    """Management fees accrued."""
    rewards: Assets
    """Keepers' pay."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What everything comes to."""

    markets: int
    accounts: int
    """Accounts that ever had anything in any market."""
    orders: int
    events: int
    keepers: int
    collaterals: tuple[CollateralTotals, ...]


@dataclass(frozen=True, slots=True)
class MarketReach:
    """How far one market's logs were read."""

    market: Address
    name: str
    born_block: int
    block: int
    """Everything up to it is in the tables."""
    at: Timestamp
    """The block's time."""
    last_epoch: int
    wound_down: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the index is."""

    chain_id: int | None
    """None: nothing was ever indexed."""
    head: int | None
    """The chain's last block when it was asked last."""
    looked_at: Timestamp | None
    """When that was, by the clock of the machine that asked."""
    block: int | None
    """Every market was read up to it."""
    lag: int
    """Blocks that the market furthest behind lacks of the head."""
    markets: tuple[MarketReach, ...]
    """Those furthest behind come first."""


def totals(session: Session) -> Totals:
    """Summed up from the days of all markets."""
    days = select(func.sum(tables.Snapshot.orders), func.sum(tables.Snapshot.events))
    orders, events = session.execute(days.where(tables.Snapshot.period_s == DAY_S)).one()
    market = tables.Market
    markets = session.scalars(select(market).order_by(market.collateral, market.address)).all()
    return Totals(
        markets=len(markets),
        accounts=_several(session, tables.Account.account),
        orders=int(orders or 0),
        events=int(events or 0),
        keepers=_several(session, tables.Keeper.keeper),
        collaterals=tuple(_by_collateral(markets, _flows(session))),
    )


def _several(session: Session, column: InstrumentedAttribute[str]) -> int:
    return session.scalar(select(func.count(column.distinct()))) or 0


@dataclass(slots=True)
class _Flow:
    """What moved in a market since its birth."""

    brought: int = 0
    taken: int = 0
    fees: int = 0
    rewards: int = 0


def _flows(session: Session) -> dict[Address, _Flow]:
    """Added here: not every database can add numbers of this size."""
    day = tables.Snapshot
    columns = day.market, day.volume_in, day.volume_out, day.fees, day.rewards
    flows: dict[Address, _Flow] = {}
    for market, brought, taken, fees, rewards in session.execute(
        select(*columns).where(day.period_s == DAY_S).execution_options(yield_per=1_000)
    ):
        flow = flows.setdefault(market, _Flow())
        flow.brought += brought
        flow.taken += taken
        flow.fees += fees
        flow.rewards += rewards
    return flows


def _by_collateral(
    markets: Iterable[tables.Market], flows: dict[Address, _Flow]
) -> Iterator[CollateralTotals]:
    for collateral, group in groupby(markets, attrgetter("collateral")):
        own = list(group)
        moved = [flows.get(market.address, _Flow()) for market in own]
        yield CollateralTotals(
            collateral=collateral,
            symbol=own[0].collateral_symbol,
            decimals=own[0].decimals,
            markets=len(own),
            value_locked=sum(market.long_balance + market.short_balance for market in own),
            volume_in=sum(flow.brought for flow in moved),
            volume_out=sum(flow.taken for flow in moved),
            fees=sum(flow.fees for flow in moved),
            rewards=sum(flow.rewards for flow in moved),
        )


def reach(session: Session, limit: int) -> Reach:
    """Of at most so many markets, those furthest behind."""
    market, meta = tables.Market, tables.Meta
    facts = {row.name: int(row.value) for row in session.scalars(select(meta)) if _counts(row)}
    behind = select(market).order_by(market.head_block, market.address).limit(limit)
    rows = session.scalars(behind).all()
    head, block = facts.get("head_block"), rows[0].head_block if rows else None
    return Reach(
        chain_id=facts.get("chain_id"),
        head=head,
        looked_at=facts.get("looked_at"),
        block=block,
        lag=0 if head is None or block is None else max(0, head - block),
        markets=tuple(map(_reach, rows)),
    )


def _counts(row: tables.Meta) -> bool:
    return row.value.isdecimal()


def _reach(row: tables.Market) -> MarketReach:
    return MarketReach(
        market=row.address,
        name=row.name,
        born_block=row.block_number,
        block=row.head_block,
        at=row.head_at,
        last_epoch=row.last_epoch,
        wound_down=row.wound_down,
    )
