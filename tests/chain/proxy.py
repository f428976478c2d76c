"""
A proxy on loopback in front of a real node, which does wrong whatever a test says.

    with Proxy(url) as proxy:
        proxy.do(drop(), "eth_call", times=2)      # the next two calls get no answer
        proxy.do(status(429))                      # then everything is too much
        proxy.heal()                               # all is well again
        proxy.seen                                 # every method asked for, in order

A fault is a function from one HTTP exchange to its reply; the newest that fits is done.
"""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit


class Reply(NamedTuple):
    """What goes back to whoever asked."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Exchange(NamedTuple):
    """One HTTP request: its JSON, and how the node itself would reply to some JSON."""

    asked: Any
    forward: Callable[[Any], Reply]
    closing: threading.Event
    """Set when the proxy ends: nobody sleeps longer."""

    @property
    def methods(self) -> list[str]:
        several = self.asked if isinstance(self.asked, list) else [self.asked]
        return [one["method"] for one in several]

    def each(self, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Reply:
        """Reply to every request of a batch, or to the only one."""
        asked = self.asked
        told = [answer(one) for one in asked] if isinstance(asked, list) else answer(asked)
        return Reply(json.dumps(told).encode())

    def honest(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the node answers to one request."""
        told: dict[str, Any] = json.loads(self.forward(request).body)
        return told


Fault = Callable[[Exchange], Reply | None]
"""None closes the connection."""


@dataclass
class _Rule:
    fault: Fault
    methods: tuple[str, ...]
    left: float


@dataclass
class Proxy:
    """Listens as long as its context lasts."""

    target: str
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock, self._closing = threading.Lock(), threading.Event()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def do(self, fault: Fault, *methods: str, times: float = float("inf")) -> None:
        """A fault for requests with one of these methods (none: all), so many times."""
        with self._lock:
            self._rules.insert(0, _Rule(fault, methods, times))

    def heal(self) -> None:
        """No faults any more."""
        with self._lock:
            self._rules.clear()

    def reply(self, asked: Any) -> Reply | None:
        exchange = Exchange(asked, self._forward, self._closing)
        with self._lock:
            self.seen += exchange.methods
            fits = (r for r in self._rules if not r.methods or {*r.methods} & {*exchange.methods})
            rule = next(fits, None)
            if rule:
                rule.left -= 1
                self._rules = [r for r in self._rules if r.left > 0]
        return rule.fault(exchange) if rule else self._forward(asked)

    def _forward(self, asked: Any) -> Reply:
        connection = http.client.HTTPConnection(urlsplit(self.target).netloc, timeout=30)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/", json.dumps(asked), headers)
            answer = connection.getresponse()
            return Reply(answer.read(), answer.status)
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: Proxy

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.proxy.reply(asked)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""
