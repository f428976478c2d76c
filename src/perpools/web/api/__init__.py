"""
The HTTP API: everything that pages show, for programs.

Read it in this order: `shapes` (views as JSON), `answers`, `problems` (what is sent back), `asked`,
`bodies`, `limits` (what may come), `markets`, `accounts`, `trading`, `simulating`, `stream`,
`service` (the operations).
"""

from collections.abc import Sequence
from importlib import metadata

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from perpools.web.api import (
    accounts,
    markets,
    problems,
    service,
    simulating,
    stream,
    trading,
)
from perpools.web.api.limits import Limits, Metrics
from perpools.web.api.stream import Crier
from perpools.web.live import Live

PREFIX = "/api/v1"
DESCRIPTION = """\
Markets, accounts, quotes and unsigned transactions of Perpetual Pools.

Amounts are objects with their integer as text: nothing is rounded. Lists come in pages: ask with
`cursor` for the next. Answers have an entity tag: ask with `If-None-Match`, and 304 says that
nothing changed. Errors are problem documents of one sentence (RFC 9457). While the node does not
answer, what the database knows is told with `stale`, and what needs a node says 503.
"""


def create_api(live: Live, *, origins: Sequence[str] = ()) -> FastAPI:
    """
    The API alone, to be mounted at `PREFIX`. Pages of other `origins` may ask it from a browser;
    none if not given.
    """
    app = FastAPI(
        title="Perpetual Pools",
        version=metadata.version("perpools"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
    )
    _equip(app, live, Metrics(), Crier(live))
    problems.install(app)
    for part in (markets, accounts, trading, simulating, stream, service):
        app.include_router(part.routes)
    app.add_middleware(Limits, metrics=app.state.metrics)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "If-None-Match", "Last-Event-ID"],
            expose_headers=["ETag", "Retry-After"],
        )
    return app


def install(app: FastAPI, live: Live, *, origins: Sequence[str] = ()) -> FastAPI:
    """
    Give an application the API, which is returned, and `/health`, `/ready`, `/status` and
    `/metrics`.
    """
    api = create_api(live, origins=origins)
    _equip(app, live, api.state.metrics, api.state.crier)
    app.include_router(service.routes, include_in_schema=False)
    app.mount(PREFIX, api)
    return api


def _equip(app: FastAPI, live: Live, metrics: Metrics, crier: Crier) -> None:
    app.state.live, app.state.metrics, app.state.crier = live, metrics, crier
