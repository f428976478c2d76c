"""
The server: pages and API on one port, what must go on beside them in threads, and a clean end.

Nothing is believed of proxies unless one is named: whoever sends `X-Forwarded-For` from elsewhere
is taken for who it is.
"""

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType

import uvicorn
from fastapi import FastAPI

from perpools.errors import ConfigError

STOPS_WITHIN_S = 3
"""Pages keep connections open for ever: they are closed after so long."""

JOINS_WITHIN_S = 20.0
"""How long what goes on beside the server may take to end."""

Task = Callable[[threading.Event], None]
"""Goes on until the event is set."""

_LOG = logging.getLogger("perpools.web")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to answer."""

    host: str = "127.0.0.1"
    port: int = 8080
    """0: any that is free."""
    proxy: str | None = None
    """The address of a reverse proxy whose forwarding headers are true; None: nobody's are."""


class _Server(uvicorn.Server):
    """
    Says when it is ready: until then no other thread may work, for NiceGUI looks through all
    objects of the process while it starts, and Python cannot bear that of a tuple being made.
    Ends by itself, instead of by the signal that told it to.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


@dataclass
class Beside:
    """Threads that go on beside the server; the first that fails ends all."""

    fails: Callable[[], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    failed: BaseException | None = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, tasks: Sequence[Task]) -> None:
        """Start each in a thread of its own."""
        for task in tasks:
            thread = threading.Thread(target=self._run, args=(task,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Ask all to end, wait for them, and raise what one of them failed with."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(JOINS_WITHIN_S)
        if self.failed is not None:
            raise self.failed

    def _run(self, task: Task) -> None:
        try:
            task(self.stopping)
        except BaseException as failed:  # noqa: BLE001 -- raised by `end`, in the main thread
            self.failed = self.failed or failed
            self.fails()


def run(app: FastAPI, place: Place, tasks: Sequence[Task], tell: Callable[[str], None]) -> None:
    """
    Answer until a signal comes, then end everything; `tell` hears the address once somebody could
    ask. What a task raised is raised; `ConfigError` where nobody can listen there.
    """
    with _listening(place) as listener:
        host, port = listener.getsockname()[:2]
        shown = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host

        def ready() -> None:
            beside.start(tasks)
            tell(f"http://{shown}:{port}")

        def fails() -> None:
            server.should_exit = True

        server, beside = _Server(_config(app, place), ready), Beside(fails)
        with ExitStack() as after:
            after.callback(beside.end)
            server.run(sockets=[listener])


def _config(app: FastAPI, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=place.proxy is not None,
        forwarded_allow_ips=place.proxy or "",
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        ws_max_size=2**20,
    )


@contextmanager
def _listening(place: Place) -> Iterator[socket.socket]:
    """A socket there; connections that come before the server is ready wait in it."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((place.host, place.port))
        except (OSError, OverflowError) as refused:
            why = getattr(refused, "strerror", None) or refused
            raise ConfigError(
                f"nobody can listen at {place.host}, port {place.port}: {why}: give --port"
            ) from None
        listener.listen(128)
        yield listener
