"""What happened: events of a market, and what concerned an account; newest first, in pages."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from perpools.chain.telling import TYPES
from perpools.index import tables
from perpools.index.paging import Slice
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.units import Address, Assets, Epoch, Fraction, Wad
from perpools.values import Amount, Duration, Moment, Number, Share
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views import phrases
from perpools.web.views.payments import Closed, Payer, payment


class _Closed(NamedTuple):
    """An event, as the payment is reckoned from it."""

    old_price: Wad
    new_price: Wad
    fraction: Fraction
    long_before: Assets
    short_before: Assets


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that closed an epoch."""

    epoch: Epoch
    due_at: Moment
    """Its grid point."""
    at: Moment
    """When it was mined."""
    late: Duration
    merged: int
    """Grid points without an event of their own that it closed too."""
    keeper: Address
    reward: Amount
    gas_used: int
    transaction: str
    block: int
    old_price: Number
    new_price: Number
    spot: Number
    payer: Payer
    paid: Amount
    fraction: Share
    """What the payer gave of its own balance; cut off."""
    long_balance: Amount
    short_balance: Amount
    long_price: Number
    short_price: Number
    orders: int


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of them."""

    items: tuple[EventRow, ...]
    next: str | None
    """What to ask with for those before."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """Something that concerned an account."""

    market: Address
    title: str
    type: str
    """As `chain.telling.TYPES` calls it: `order`, `claim`, `transfer`, ..."""
    text: str
    """One line for people."""
    at: Moment
    block: int
    index: int
    transaction: str
    amounts: tuple[Amount, ...]
    epoch: Epoch | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some of them."""

    items: tuple[ActivityRow, ...]
    next: str | None
    """What to ask with for those before."""


def events(
    live: Live, address: Address, *, cursor: str | None = None, limit: int = 50
) -> EventPage:
    """A market's events; `ConfigError` for a cursor of another list."""
    sight = live.sight(address)
    page = live.reader.epochs(address, Slice(limit, cursor))
    return EventPage(tuple(event(sight, row) for row in page.items), page.next)


def event(sight: Sight, row: tables.Epoch) -> EventRow:
    """One of them."""
    payer, paid = payment(sight.market.terms, closed(row), row.merged + 1)
    return EventRow(
        epoch=row.epoch,
        due_at=Moment(row.due_at, sight.now),
        at=Moment(row.at, sight.now),
        late=Duration(row.late_s),
        merged=row.merged,
        keeper=row.keeper,
        reward=sight.assets(row.reward_assets),
        gas_used=row.gas_used,
        transaction=row.transaction,
        block=row.block_number,
        old_price=Number(row.old_price_wad),
        new_price=Number(row.new_price_wad),
        spot=Number(row.spot_wad),
        payer=payer,
        paid=sight.assets(paid),
        fraction=Share(row.fraction * WAD // ONE),
        long_balance=sight.assets(row.long_after),
        short_balance=sight.assets(row.short_after),
        long_price=Number(row.long_price_wad),
        short_price=Number(row.short_price_wad),
        orders=row.orders,
    )


def closed(row: tables.Epoch) -> Closed:
    """An event, as its payment is reckoned from it."""
    prices = row.old_price_wad, row.new_price_wad
    return _Closed(*prices, row.fraction, row.long_before, row.short_before)


def activity(
    live: Live,
    account: Address,
    *,
    market: Address | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> ActivityPage:
    """What concerned an account, in one market or all; `ConfigError` for a cursor of another."""
    page = live.reader.history(account, Slice(limit, cursor), market)
    return ActivityPage(tuple(_activity(live, row) for row in page.items), page.next)


def _activity(live: Live, row: tables.Record) -> ActivityRow:
    sight = live.sight(row.market)
    type_ = TYPES[row.name]
    fields = {name: _number(value) for name, value in row.fields.items()}
    amounts = tuple(told for told in phrases.amounts(sight, row.name, fields) if told.units)
    return ActivityRow(
        market=row.market,
        title=sight.title,
        type=type_,
        text=phrases.phrase(sight, row.name, fields),
        at=Moment(row.at, sight.now),
        block=row.block_number,
        index=row.log_index,
        transaction=row.transaction,
        amounts=amounts,
        epoch=fields.get("epoch"),
    )


def _number(value: Any) -> Any:
    """Integers beyond 53 bits are kept as text."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value
