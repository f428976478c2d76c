"""Accounts: what they have, what happened to them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from perpools.index.paging import Slice
from perpools.web import views
from perpools.web.api import answers
from perpools.web.api.asked import (
    Account,
    Cursor,
    Format,
    Knows,
    Limit,
    OfAccount,
    UsualLimit,
    known,
)
from perpools.web.api.markets import Status
from perpools.web.api.problems import documented, with_csv
from perpools.web.api.shapes import listed, whole
from perpools.web.spread import spread
from perpools.web.views import lists

routes = APIRouter(tags=["accounts"], responses=documented(422))
InMarket = Annotated[Account | None, Query(description="Only what is of this market.")]


@routes.get(
    "/accounts/{account}",
    response_model=whole(views.PortfolioView),
    summary="Positions and profit",
)
def account(request: Request, live: Knows, account: OfAccount) -> Response:
    """
    In every market: tokens, cost, value, profit, waiting orders, escrow; the totals; its operators;
    and the management fees that it is owed or may accept.
    """
    return answers.answer(request, live, lambda: views.portfolio(live, account))


@routes.get(
    "/accounts/{account}/history",
    response_model=listed(views.ActivityRow),
    responses=with_csv(documented(404)),
    summary="What happened, the newest first",
)
def history(
    request: Request,
    live: Knows,
    account: OfAccount,
    market: InMarket = None,
    limit: Limit = UsualLimit,
    cursor: Cursor = None,
    as_: Format = None,
) -> Response:
    """Everything that concerns an account, in one market or all. CSV has all of it."""
    if market:
        known(live, market)

    def rows(part: Slice) -> views.ActivityPage:
        return views.activity(live, account, market=market, cursor=part.after, limit=part.limit)

    def made() -> tuple[tuple[views.ActivityRow, ...], str | None]:
        page = rows(Slice(limit, cursor))
        return page.items, page.next

    if answers.wants_csv(request, as_):
        return answers.table(f"history-{account}", spread(rows))
    return answers.page(request, live, made)


@routes.get(
    "/accounts/{account}/orders",
    response_model=listed(lists.OrderRow),
    responses=documented(404),
    summary="Orders, the newest first",
)
def orders(
    request: Request,
    live: Knows,
    account: OfAccount,
    market: InMarket = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = UsualLimit,
    cursor: Cursor = None,
) -> Response:
    """Those that the account owns, in one market or all."""
    if market:
        known(live, market)
    part = Slice(limit, cursor)

    def made() -> tuple[list[lists.OrderRow], str | None]:
        found = live.reader.orders(part, market=market, account=account, status=status)
        return [lists.order(live.sight(row.market), row) for row in found.items], found.next

    return answers.page(request, live, made)
