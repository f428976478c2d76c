"""What could be, or would have been: decay by simulation, and backtests."""

import json
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from perpools import market_file
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.web import playing, views
from perpools.web.api import answers
from perpools.web.api.asked import Knows, OfMarket
from perpools.web.api.bodies import Backtest
from perpools.web.api.examples import BACKTEST
from perpools.web.api.problems import documented
from perpools.web.api.shapes import whole
from perpools.web.views import trial
from perpools.web.views.decay import HORIZONS_S, MOST_HORIZONS

routes = APIRouter(tags=["simulations"], responses=documented(422, 503))
YEAR_S = 365 * 86_400
LONGEST_FILE = 20_000


@routes.get(
    "/markets/{market}/decay",
    response_model=whole(views.DecayTable),
    responses=documented(404),
    summary="What holding for long does",
)
def decay(
    request: Request,
    live: Knows,
    market: OfMarket,
    horizon_s: Annotated[
        list[Annotated[int, Query(ge=1, le=YEAR_S)]],
        Query(max_length=MOST_HORIZONS, description="Holding periods, in seconds."),
    ] = list(HORIZONS_S),  # noqa: B006
    volatility: Annotated[
        float | None, Query(ge=0.01, le=5, description="Of a year; the realised one if not given.")
    ] = None,
    paths: Annotated[int, Query(ge=64, le=4096)] = 1024,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 1,
) -> Response:
    """
    A token against the leverage times the price, by holding period, from the market's own terms
    over many paths of the price. The same question gets the same numbers.
    """

    def made() -> views.DecayTable:
        times = tuple(horizon_s)
        return views.decay(
            live, market, horizons_s=times, volatility=volatility, paths=paths, seed=seed
        )

    return answers.answer(request, live, made)


@routes.post(
    "/backtest",
    response_model=whole(trial.TrialView),
    responses=documented(400, 413),
    summary="Play a market file over the past",
)
def backtest(live: Knows, asked: Annotated[Backtest, Body(openapi_examples=BACKTEST)]) -> Response:
    """The market's own rules over past prices, with agents. One at a time: others wait a little."""
    history = playing.read_prices(source=asked.source, table=asked.csv)
    told = trial.trial(_file(asked.market), history, agents=asked.agents, seed=asked.seed)
    return answers.once(told, live)


def _file(market: str | dict[str, Any]) -> MarketFile:
    """The market file of a request; fractions are read exactly."""
    text = market if isinstance(market, str) else json.dumps(market)
    if len(text) > LONGEST_FILE:
        raise ConfigError(f"market: more than {LONGEST_FILE:,} characters")
    if isinstance(market, str):
        return market_file.parse(market)
    return market_file.understood(json.loads(text, parse_float=Decimal))
