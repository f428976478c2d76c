"""
Where somebody can ask how a bot is: `/health` (it runs), `/ready` (it knows the chain and its
markets), `/status` (what it does, as JSON), `/metrics` (for Prometheus).
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple, Protocol

from aiohttp import web

from perpools.errors import ConfigError

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics(Protocol):
    """What somebody counts."""

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""


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


@contextmanager
def beside(address: str | None, metrics: Metrics, ask: Ask) -> Iterator[int | None]:
    """The same for who has no event loop: a thread answers."""
    began: Future[int | None] = Future()
    ended = threading.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(_until(ended, began, (address, metrics, ask))), name="endpoints"
    )
    thread.start()
    try:
        yield began.result()
    finally:
        ended.set()
        thread.join()


async def _until(
    ended: threading.Event,
    began: Future[int | None],
    served: tuple[str | None, Metrics, Ask],
) -> None:
    try:
        async with serve(*served) as port:
            began.set_result(port)
            await asyncio.to_thread(ended.wait)
    except ConfigError as failed:
        began.set_exception(failed)


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
