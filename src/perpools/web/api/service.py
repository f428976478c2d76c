"""How the server is: `/health`, `/ready`, `/status`, `/metrics`."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from perpools.web.api.asked import live_of
from perpools.web.api.limits import METRICS_TYPE, Metrics
from perpools.web.api.shapes import Shape

routes = APIRouter(tags=["service"])
KEPT = {"Cache-Control": "no-store"}


class Ok(Shape):
    """Whether it is so."""

    ok: bool


class MarketStatus(Shape):
    """How far one market was read."""

    market: str
    name: str
    block: int
    lag: int | None = Field(description="Blocks behind the node; null while it does not answer.")
    wrong: list[str] = Field(
        description="Invariants that do not hold, and what is not as the chain says."
    )


class Status(Shape):
    """How far everything is."""

    ready: bool
    stale: bool
    node: bool = Field(description="Whether the node answers.")
    node_block: int | None
    block: int = Field(description="The last one that the database knows of every market.")
    lag: int
    now: int = Field(description="The chain's present, in Unix seconds.")
    problems: list[str] = Field(description="Why node or index do not go on.")
    markets: list[MarketStatus]


@routes.get("/health", response_model=Ok, summary="Whether the server runs")
def health() -> Response:
    """It does, or there is no answer."""
    return JSONResponse({"ok": True}, headers=KEPT)


@routes.get(
    "/ready",
    response_model=Ok,
    responses={503: {"model": Ok}},
    summary="Whether what it tells is up to date",
)
def ready(request: Request) -> Response:
    """503 until the database is caught up, or while the node does not answer."""
    good = not live_of(request).condition.stale
    return JSONResponse({"ok": good}, 200 if good else 503, KEPT)


@routes.get("/status", response_model=Status, summary="How far it is")
def status(request: Request) -> Response:
    """The last block of every market, and of the node."""
    live = live_of(request)
    told, look = live.condition, live.last
    markets: list[dict[str, Any]] = [
        {
            "market": row.address,
            "name": row.name,
            "block": row.head_block,
            "lag": None if look.node_block is None else max(0, look.node_block - row.head_block),
            "wrong": list(live.wrong(row.address)),
        }
        for row in look.markets.values()
    ]
    body = {
        "ready": not told.stale,
        "stale": told.stale,
        "node": told.node,
        "node_block": told.node_block,
        "block": told.block,
        "lag": told.lag,
        "now": told.now,
        "problems": list(live.problems),
        "markets": markets,
    }
    return JSONResponse(body, headers=KEPT)


@routes.get(
    "/metrics",
    summary="For Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Requests by route, how long answers took, and how far the database is."""
    counted: Metrics = request.app.state.metrics
    text = counted.text(live_of(request), request.app.state.crier.listeners)
    return Response(text, headers=KEPT, media_type=METRICS_TYPE)
