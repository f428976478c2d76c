"""How much one request may bring, and what is counted of all of them."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from perpools.web.api.problems import said
from perpools.web.live import Live

LONGEST_URL = 4_096
LARGEST_BODY = 64_000
LARGEST_UPLOAD = 10_000_000
"""Of a backtest's prices, in JSON: twice what they may be, for escapes."""
UPLOADS = ("/backtest",)
LATENCY_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Metrics:
    """What is counted, for Prometheus; one registry for each application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter(
            "perpools_http_requests", "Requests", labels, registry=self.registry
        )
        self.latency = Histogram(
            "perpools_http_request_duration_seconds",
            "Until the answer began",
            ("route",),
            buckets=LATENCY_S,
            registry=self.registry,
        )
        gauge = partial(Gauge, registry=self.registry)
        self.listeners = gauge("perpools_stream_clients", "Listeners of the stream")
        self.lag = gauge("perpools_web_lag_blocks", "Blocks of the node not shown yet")
        self.node = gauge("perpools_web_node_up", "Whether the node answers")
        told = "What of a market cannot be, or is not the chain's"
        self.wrong = gauge("perpools_invariants_broken", told, ("market",))

    def text(self, live: Live, listeners: int) -> bytes:
        """All of it, as Prometheus reads it."""
        self.listeners.set(listeners)
        condition = live.condition
        self.lag.set(condition.lag)
        self.node.set(condition.node)
        for market in live.last.markets:
            self.wrong.labels(market).set(len(live.wrong(market)))
        return generate_latest(self.registry)


class TooLarge(Exception):
    """A body that goes on beyond what it may."""


class Limits:
    """Refuses what is too long before anybody reads it, and counts every request."""

    def __init__(self, app: Asgi, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s, status = time.perf_counter(), [500]

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                route = _route(scope)
                self._metrics.latency.labels(route).observe(time.perf_counter() - began_s)
            await send(message)

        try:
            await self._bounded(scope, receive, sending)
        finally:
            self._metrics.requests.labels(_method(scope), _route(scope), str(status[0])).inc()

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = _most(scope)
        length = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if length > LONGEST_URL:
            await said(414, f"The address is longer than {LONGEST_URL} bytes.")(
                scope, receive, send
            )
        elif _declared(scope) > most:
            await said(413, f"The body is longer than {most} bytes.")(scope, receive, send)
        else:
            await self._counted(scope, receive, send, most)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        """Whoever does not say how long its body is must not send without end."""
        body = _Body(receive, most)

        async def sending(message: MutableMapping[str, Any]) -> None:
            # who reads the body takes what is raised for garbled content
            if not body.is_too_large:
                await send(message)

        with suppress(TooLarge):
            await self._app(scope, body, sending)
        if body.is_too_large:
            await said(413, f"The body is longer than {most} bytes.")(scope, receive, send)


class _Body:
    """A request's body, as long as it is no longer than it may be."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left, self.is_too_large = receive, most, False

    async def __call__(self) -> MutableMapping[str, Any]:
        """The next part."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.is_too_large = True
            raise TooLarge
        return message


def _most(scope: Scope) -> int:
    return LARGEST_UPLOAD if str(scope["path"]).endswith(UPLOADS) else LARGEST_BODY


def _declared(scope: Scope) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


def _route(scope: Scope) -> str:
    """Its pattern, so that addresses make no labels."""
    route = scope.get("route")
    return str(getattr(route, "path", "other"))


def _method(scope: Scope) -> str:
    known = ("GET", "POST", "HEAD", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"
