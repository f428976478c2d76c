"""Markets: what they are, what happened to them, what comes next."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from perpools.index.paging import Slice
from perpools.index.tables import STATUSES
from perpools.web import views
from perpools.web.api import answers
from perpools.web.api.asked import Cursor, Format, Knows, Limit, OfMarket, Since, Until, UsualLimit
from perpools.web.api.problems import Failing, documented, with_csv
from perpools.web.api.shapes import listed, whole
from perpools.web.live import Live
from perpools.web.spread import spread
from perpools.web.views import chart, lists
from perpools.web.views.market import foreseen

routes = APIRouter(tags=["markets"], responses=documented(422))
Status = Literal["waiting", "executed", "refunded", "claimed", "cancelled"]
assert Status.__args__ == STATUSES  # type: ignore[attr-defined]
Side = Literal["long", "short"]
OF_ONE = documented(404)


@routes.get("/markets", response_model=listed(views.MarketRow), summary="All markets")
def markets(
    request: Request,
    live: Knows,
    query: Annotated[str | None, Query(max_length=64, description="In a name or symbol.")] = None,
) -> Response:
    """The most valuable first; with `query`, those whose name or symbols contain it."""
    return answers.answer(
        request, live, lambda: views.MarketList(tuple(views.overview(live, query)), None)
    )


@routes.get(
    "/markets/{market}",
    response_model=whole(views.MarketView),
    responses=OF_ONE,
    summary="One market",
)
def market(request: Request, live: Knows, market: OfMarket) -> Response:
    """Both sides, the queue, the forecast, the feed, the keeper, the terms in words."""
    return answers.answer(request, live, lambda: views.market(live, market))


@routes.get(
    "/markets/{market}/epochs",
    response_model=listed(views.EventRow),
    responses=with_csv(OF_ONE),
    summary="Events, the newest first",
)
def epochs(
    request: Request,
    live: Knows,
    market: OfMarket,
    limit: Limit = UsualLimit,
    cursor: Cursor = None,
    as_: Format = None,
) -> Response:
    """Every epoch that was closed: prices, what was paid, by whom, how late. CSV has them all."""

    def rows(part: Slice) -> views.EventPage:
        return views.events(live, market, cursor=part.after, limit=part.limit)

    if answers.wants_csv(request, as_):
        return answers.table(f"epochs-{market}", spread(rows))
    return answers.page(request, live, lambda: _parts(rows(Slice(limit, cursor))))


@routes.get(
    "/markets/{market}/epochs/{epoch}",
    response_model=whole(views.EpochView),
    responses=OF_ONE,
    summary="One event, with its batches",
)
def epoch(
    request: Request,
    live: Knows,
    market: OfMarket,
    epoch: Annotated[int, Path(ge=0, le=2**40)],
) -> Response:
    """What an epoch's event did, and what each of its batches received."""
    sight, row = live.sight(market), live.reader.epoch(market, epoch)
    if row is None:
        raise Failing(404, "This epoch was not closed by an event of its own.")
    batches = live.reader.batches(market, epoch)
    told = views.EpochView(
        views.event(sight, row), tuple(lists.batch(sight, batch) for batch in batches)
    )
    return answers.answer(request, live, lambda: told)


@routes.get(
    "/markets/{market}/orders",
    response_model=listed(lists.OrderRow),
    responses=OF_ONE,
    summary="Orders, the newest first",
)
def orders(
    request: Request,
    live: Knows,
    market: OfMarket,
    status: Annotated[Status | None, Query()] = None,
    epoch: Annotated[int | None, Query(ge=0, le=2**40)] = None,
    limit: Limit = UsualLimit,
    cursor: Cursor = None,
) -> Response:
    """Everybody's; of one status or epoch where it is given."""
    part = Slice(limit, cursor)

    def made() -> tuple[list[lists.OrderRow], str | None]:
        sight = live.sight(market)
        found = live.reader.orders(part, market=market, status=status, epoch=epoch)
        return [lists.order(sight, row) for row in found.items], found.next

    return answers.page(request, live, made)


@routes.get(
    "/markets/{market}/queue",
    response_model=whole(views.QueueView),
    responses=OF_ONE,
    summary="What waits",
)
def queue(request: Request, live: Knows, market: OfMarket) -> Response:
    """Every batch that waits, by epoch, with the moments of its cut-off and execution."""
    return answers.answer(request, live, lambda: views.QueueView(views.queue(live.sight(market))))


@routes.get(
    "/markets/{market}/forecast",
    response_model=whole(views.ForecastView),
    responses=OF_ONE,
    summary="What comes next",
)
def forecast(
    request: Request,
    live: Knows,
    market: OfMarket,
    after: Annotated[
        Literal["next", "all"], Query(description="The next event, or all until no order waits.")
    ] = "all",
) -> Response:
    """The market after its next event, or after all waiting orders, if the price stays."""
    sight = live.sight(market)
    if sight.market.wound_down:
        raise Failing(404, "The market is wound down: no event comes.")
    most = 1 if after == "next" else None
    return answers.answer(request, live, lambda: foreseen(sight, sight.ahead(), most))


@routes.get(
    "/markets/{market}/series",
    response_model=whole(chart.Series),
    responses=with_csv(OF_ONE),
    summary="Prices and balances over time",
)
def series(
    request: Request,
    live: Knows,
    market: OfMarket,
    step: Annotated[chart.Step, Query(description="A point for each.")] = "hour",
    since: Since = None,
    until: Until = None,
    limit: Limit = 500,
    as_: Format = None,
) -> Response:
    """The last points within the times given: spot, executed and both token prices."""
    found = chart.series(live, market, step, since=since, until=until, limit=limit)
    if answers.wants_csv(request, as_):
        return answers.table(f"series-{market}", found.points)
    return answers.answer(request, live, lambda: found)


@routes.get(
    "/markets/{market}/payoff",
    response_model=whole(views.Payoff),
    responses=OF_ONE,
    summary="Gains and losses on a move",
)
def payoff(
    request: Request,
    live: Knows,
    market: OfMarket,
    side: Annotated[Side, Query()],
    widest: Annotated[float, Query(ge=0.001, le=0.95)] = 0.5,
    count: Annotated[int, Query(ge=3, le=501, description="An odd number of points.")] = 101,
) -> Response:
    """What a side gains or loses on moves of the price, with the balances as they are now."""
    return answers.answer(
        request, live, lambda: views.payoff(live, market, side, widest=widest, count=count)
    )


@routes.get(
    "/markets/{market}/keepers",
    response_model=listed(lists.KeeperRow),
    responses=OF_ONE,
    summary="Who closes its epochs",
)
def keepers(
    request: Request,
    live: Knows,
    market: OfMarket,
    limit: Limit = UsualLimit,
    cursor: Cursor = None,
) -> Response:
    """Who closed most comes first."""
    return _keepers(request, live, market, Slice(limit, cursor))


@routes.get("/keepers", response_model=listed(lists.KeeperRow), summary="All keepers")
def all_keepers(
    request: Request, live: Knows, limit: Limit = UsualLimit, cursor: Cursor = None
) -> Response:
    """Of every market; who closed most comes first."""
    return _keepers(request, live, None, Slice(limit, cursor))


@routes.get("/totals", response_model=whole(lists.TotalsView), summary="What everything comes to")
def totals(request: Request, live: Knows) -> Response:
    """Markets, accounts, orders, events; value locked, volume and fees by collateral."""
    return answers.answer(request, live, lambda: lists.totals(live))


def _keepers(request: Request, live: Live, market: str | None, part: Slice) -> Response:
    def made() -> tuple[list[lists.KeeperRow], str | None]:
        found = live.reader.keepers(market, part)
        return [lists.keeper(live.listed(row.market), row) for row in found.items], found.next

    return answers.page(request, live, made)


def _parts(page: views.EventPage) -> tuple[tuple[views.EventRow, ...], str | None]:
    return page.items, page.next
