"""The application: the API, the pages, and what is true of every answer."""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI
from nicegui import ui

from perpools.web import api
from perpools.web.live import Live
from perpools.web.pages import elsewhere, market, overview, portfolio, reference, wallet, wizard
from perpools.web.pages.purse import Purse

PAGES = (overview, market, portfolio, wizard)

TITLE = "Perpetual Pools"
RECONNECTS_WITHIN_S = 30.0
"""A page that lost its connection for less goes on where it was."""

# Pages compile their templates in the browser: without eval nothing would be shown.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Nothing comes from elsewhere, and nobody puts a page that asks for signatures into his own."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Headers:
    """Adds what every answer has."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._added]
            await send(message)

        await self._app(scope, receive, sending)


def create_app(live: Live, *, purse: Purse | None = None) -> FastAPI:
    """
    Everything on one port. `purse` are accounts that browsers without a wallet may use: those of a
    chain where nothing is worth anything. Pages belong to the process: make one application in it.
    """
    app = FastAPI(title=TITLE, openapi_url=None)
    answers = api.install(app, live)
    wallet.install(purse)
    for part in PAGES:
        part.register(live)
    reference.register(live, answers.openapi)
    elsewhere.register(live)
    ui.run_with(
        app,
        title=TITLE,
        language="en-US",
        dark=None,
        tailwind=False,
        reconnect_timeout=RECONNECTS_WITHIN_S,
        storage_secret=secrets.token_urlsafe(32),
        session_middleware_kwargs={"same_site": "strict", "max_age": None},
        show_welcome_message=False,
    )
    app.add_middleware(Headers)
    return app
