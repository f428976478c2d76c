"""
Where somebody can ask how a bot is: `/health` (it runs), `/ready` (it knows the chain and its
markets), `/status` (what it does, as JSON), `/metrics` (for Prometheus).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import web

from perpools.bots.metrics import Metrics
from perpools.errors import ConfigError

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Condition(NamedTuple):
    """How a bot is."""

    alive: bool
    """Its loop goes round."""
    ready: bool
    """It knows the chain's head, which is not old, and its markets."""
    status: dict[str, Any]


Ask = Callable[[], Condition]


@asynccontextmanager
async def serve(address: str | None, metrics: Metrics, ask: Ask) -> AsyncIterator[int | None]:
    """
    Answer at `HOST:PORT` as long as the context lasts, which gets the port (0 in the address: any
    free one); without an address, nowhere.
    """
    if address is None:
        yield None
        return
    runner = web.AppRunner(application(metrics, ask), access_log=None, shutdown_timeout=1)
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        yield runner.addresses[0][1]
    except (OSError, OverflowError) as taken:
        raise ConfigError(f"metrics_addr: cannot listen at {address}: {taken}") from None
    finally:
        await runner.cleanup()


def application(metrics: Metrics, ask: Ask) -> web.Application:
    """The four answers."""

    async def health(_: web.Request) -> web.Response:
        return _said(good=ask().alive)

    async def ready(_: web.Request) -> web.Response:
        return _said(good=ask().ready)

    async def status(_: web.Request) -> web.Response:
        return web.json_response(ask().status)

    async def told(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": METRICS_TYPE})

    app = web.Application()
    handlers = {"/health": health, "/ready": ready, "/status": status, "/metrics": told}
    app.add_routes([web.get(path, handler) for path, handler in handlers.items()])
    return app


def _said(*, good: bool) -> web.Response:
    return web.json_response({"ok": good}, status=200 if good else 503)
