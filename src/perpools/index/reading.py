"""
What the tables hold, for those who show it: every list in pages or with a limit, every query by an
index. Rows are those of `perpools.index.tables`, detached: reading them asks for nothing more.
`ChainError` where the database does not answer.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from eth_utils.address import to_checksum_address
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from perpools.errors import ChainError, ConfigError
from perpools.index import tables, totals
from perpools.index.database import Database
from perpools.index.paging import FIRST, MOST, Keyset, Page, Slice
from perpools.index.tables import STATUSES
from perpools.index.totals import Reach, Totals
from perpools.spec.units import Address, Epoch, Seconds, Timestamp

Row = TypeVar("Row")

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_MOST_NUMBER = 2**62
"""No block, epoch or second is later, and every database counts so far."""


def spelled(account: str) -> Address:
    """An account as the tables have it, however its address was written."""
    return to_checksum_address(account) if _ADDRESS.fullmatch(account) else account[:66]


class Reader:
    """Reads one database; may be shared by threads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # markets

    def markets(self, page: Slice = FIRST, query: str | None = None) -> Page[tables.Market]:
        """Markets, the newest first; those whose address, name or symbol contains `query`."""
        market = tables.Market
        asked, columns = select(market), (market.address, market.name, market.symbol)
        if query:
            text = _storable(query)
            asked = asked.where(or_(*(c.icontains(text, autoescape=True) for c in columns)))
        return self._page(Keyset(market.block_number, market.address), page, asked)

    def market(self, key: str) -> tables.Market | None:
        """
        The market of an address, or the only one of a symbol or name; None where there is none.
        `ConfigError` where several are called so.
        """
        market = tables.Market
        if _ADDRESS.fullmatch(key):
            return self._get(market, to_checksum_address(key))
        text = _storable(key)
        named = or_(market.symbol == text, market.name == text)
        found = self._listed(select(market).where(named).order_by(market.address).limit(5))
        if len(found) > 1:
            several = ", ".join(row.address for row in found)
            raise ConfigError(f"market: several are called {key}, name one by address: {several}")
        return found[0] if found else None

    # events

    def epochs(
        self,
        market: Address,
        page: Slice = FIRST,
        since: Timestamp = 0,
        until: Timestamp | None = None,
    ) -> Page[tables.Epoch]:
        """Rebalancing events from `since` to before `until`, the newest first."""
        row = tables.Epoch
        asked = _of(select(row), row.market, market).where(_within(row.at, since, until))
        return self._page(Keyset(row.at, row.epoch), page, asked)

    def epoch(self, market: Address, number: Epoch) -> tables.Epoch | None:
        """One rebalancing event; None where it did not happen yet, or was merged into another."""
        return self._get(tables.Epoch, (spelled(market), _number(number)))

    def batches(self, market: Address, epoch: Epoch) -> tuple[tables.Batch, ...]:
        """What became of an epoch's orders, by their kinds."""
        row = tables.Batch
        asked = select(row).where(row.market == spelled(market), row.epoch == _number(epoch))
        return self._listed(asked.order_by(row.kind))

    def keepers(self, market: Address | None = None, page: Slice = FIRST) -> Page[tables.Keeper]:
        """Who closed epochs, a row for each market; who closed most comes first."""
        row = tables.Keeper
        asked = _of(select(row), row.market, market)
        return self._page(Keyset(row.events, row.market, row.keeper), page, asked)

    # orders, and what else accounts do

    def orders(
        self,
        page: Slice = FIRST,
        *,
        market: Address | None = None,
        account: Address | None = None,
        status: str | None = None,
        epoch: Epoch | None = None,
    ) -> Page[tables.Order]:
        """
        Orders, the newest first. `account` is who receives what they pay (their controller).
        `ConfigError` where `status` is none, or neither a market nor an account is named, or an
        epoch of no market.
        """
        row = tables.Order
        if status is not None and status not in STATUSES:
            raise ConfigError(f"status: {status!r} is none of {', '.join(STATUSES)}")
        _check_named(market, account)
        if market is None and epoch is not None:
            raise ConfigError("epoch: an epoch is one market's: name the market")
        asked = _of(_of(select(row), row.market, market), row.controller, account)
        asked = asked if status is None else asked.where(row.status == status)
        asked = asked if epoch is None else asked.where(row.epoch == _number(epoch))
        return self._page(_placed(row), page, asked)

    def claims(
        self, page: Slice = FIRST, *, market: Address | None = None, account: Address | None = None
    ) -> Page[tables.Claim]:
        """What was paid out, the newest first; of a market, an account, or both."""
        return self._of_owner(tables.Claim, page, market, account)

    def pairs(
        self, page: Slice = FIRST, *, market: Address | None = None, account: Address | None = None
    ) -> Page[tables.Pair]:
        """Pairs minted and redeemed, the newest first; of a market, an account, or both."""
        return self._of_owner(tables.Pair, page, market, account)

    def transfers(
        self, page: Slice = FIRST, *, market: Address | None = None, account: Address | None = None
    ) -> Page[tables.Transfer]:
        """What holders sent each other, the newest first; of a market, an account, or both."""
        row = tables.Transfer
        _check_named(market, account)
        asked = _of(select(row), row.market, market)
        ends = (row.sender, row.receiver) if account else ()
        queries = [_of(asked, end, account) for end in ends] or [asked]
        return self._page(_placed(row), page, *queries)

    def fee_payments(self, market: Address, page: Slice = FIRST) -> Page[tables.FeePayment]:
        """Management fees paid, the newest first."""
        row = tables.FeePayment
        return self._page(_placed(row), page, _of(select(row), row.market, market))

    def records(self, market: Address, page: Slice = FIRST) -> Page[tables.Record]:
        """Everything that happened to a market, the newest first."""
        row = tables.Record
        return self._page(_placed(row), page, _of(select(row), row.market, market))

    def history(
        self, account: Address, page: Slice = FIRST, market: Address | None = None
    ) -> Page[tables.Record]:
        """Everything that concerns an account, the newest first."""
        row, named = tables.Record, tables.Involved
        asked = _of(_of(select(named), named.account, account), named.market, market)
        with self._session() as session:
            found = _placed(named).page(session, page, asked)
            keys = [(one.market, one.block_number, one.log_index) for one in found.items]
            records = [session.get_one(row, key) for key in keys]
        return Page(tuple(records), found.next)

    # what accounts have

    def accounts(self, market: Address, page: Slice = FIRST) -> Page[tables.Account]:
        """Who ever had anything in a market, by address."""
        row = tables.Account
        keyset = Keyset(row.account, newest_first=False)
        return self._page(keyset, page, _of(select(row), row.market, market))

    def holdings(self, account: Address, limit: int = MOST) -> tuple[tables.Account, ...]:
        """What an account has in each market beside its tokens, by the market's address."""
        row = tables.Account
        asked = _of(select(row), row.account, account).order_by(row.market)
        return self._listed(asked.limit(_few(limit)))

    def positions(self, account: Address, limit: int = MOST) -> tuple[tables.Position, ...]:
        """An account's sides in every market, by the market's address."""
        row = tables.Position
        asked = _of(select(row), row.account, account).order_by(row.market, row.side)
        return self._listed(asked.limit(_few(limit)))

    # series, sums, news

    def snapshots(
        self,
        market: Address,
        period_s: Seconds,
        since: Timestamp = 0,
        until: Timestamp | None = None,
        limit: int = MOST,
    ) -> tuple[tables.Snapshot, ...]:
        """The last `limit` hours or days that began from `since` to before `until`, in order."""
        row = tables.Snapshot
        asked = _of(select(row), row.market, market).where(
            row.period_s == _number(period_s), _within(row.start, since, until)
        )
        return self._listed(asked.order_by(row.start.desc()).limit(_few(limit)))[::-1]

    def totals(self) -> Totals:
        """What everything comes to."""
        with self._session() as session:
            return totals.totals(session)

    def news(
        self, after: int = 0, limit: int = MOST, market: Address | None = None
    ) -> tuple[tables.News, ...]:
        """What was told after the news of this number, the oldest first."""
        row = tables.News
        asked = _of(select(row), row.market, market).where(row.id > _number(after))
        return self._listed(asked.order_by(row.id).limit(_few(limit)))

    def last_news(self) -> int:
        """The number of the latest news there are; 0 where there are none."""
        row = tables.News
        found = self._listed(select(row).order_by(row.id.desc()).limit(1))
        return found[0].id if found else 0

    def reach(self, limit: int = MOST) -> Reach:
        """How far the index is, with the markets that are furthest behind."""
        with self._session() as session:
            return totals.reach(session, _few(limit))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with self.database.session() as session:
                yield session
        except DBAPIError as failed:
            why = str(failed.orig).strip().partition("\n")[0]
            raise ChainError(f"the database does not answer: {why}") from None

    def _of_owner(
        self, row: Any, page: Slice, market: Address | None, account: Address | None
    ) -> Page[Any]:
        _check_named(market, account)
        asked = _of(_of(select(row), row.market, market), row.owner, account)
        return self._page(_placed(row), page, asked)

    def _page(self, keyset: Keyset, page: Slice, *queries: Select[Row]) -> Page[Row]:
        with self._session() as session:
            return keyset.page(session, page, *queries)

    def _listed(self, asked: Select[Row]) -> tuple[Row, ...]:
        with self._session() as session:
            return tuple(session.scalars(asked))

    def _get(self, row: type[Row], key: Any) -> Row | None:
        with self._session() as session:
            return session.get(row, key)


def _placed(row: Any) -> Keyset:
    """Logs in the order of the chain, on which no two have the same place."""
    return Keyset(row.block_number, row.log_index)


def _of(
    asked: Select[Row], column: InstrumentedAttribute[str], account: Address | None
) -> Select[Row]:
    return asked if account is None else asked.where(column == _storable(spelled(account)))


def _check_named(market: Address | None, account: Address | None) -> None:
    if market is None and account is None:
        raise ConfigError("name a market or an account")


def _storable(text: str) -> str:
    """Without what PostgreSQL's texts cannot hold, and so never do."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _number(number: int) -> int:
    return max(-1, min(number, _MOST_NUMBER))


def _within(
    moment: InstrumentedAttribute[int], since: Timestamp, until: Timestamp | None
) -> ColumnElement[bool]:
    end = _MOST_NUMBER if until is None else _number(until)
    return and_(moment >= _number(since), moment < end)


def _few(limit: int) -> int:
    return Slice(limit).limit
