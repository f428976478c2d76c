"""
The server: pages and API on one port, what must go on beside them in threads, and a soon end.

It answers in a thread that is left behind when the process ends, and so are the threads that it
begins: a simulation that nobody will see, or a node that does not answer, holds nobody up.

Nothing is believed of proxies unless one is named: whoever sends `X-Forwarded-For` from elsewhere
is taken for who it is.
"""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI

from perpools.errors import ConfigError

CLOSES_WITHIN_S = 1
"""Pages keep connections open for ever: they are closed after so long."""
STOPS_WITHIN_S = 1.2
"""What goes on any longer is left behind."""
LOOK_S = 0.1

Task = Callable[[threading.Event], None]
"""Goes on until the event is set."""

_UVICORN = logging.getLogger("uvicorn.error")


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
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


@dataclass
class Beside:
    """Threads that go on beside the server; the first that fails ends all."""

    fails: Callable[[], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    failed: BaseException | None = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, tasks: Sequence[Task]) -> None:
        """Start each in a thread of its own."""
        self._threads.extend(map(self.begun, tasks))

    def begun(self, task: Task) -> threading.Thread:
        """A thread that does it; nobody waits for it but who is told of it here."""
        thread = threading.Thread(target=self._run, args=(task,), daemon=True)
        thread.start()
        return thread

    def end(self, deadline: float) -> None:
        """
        Ask all to end, wait for them until then by the monotonic clock, and raise what one of them
        failed with.
        """
        self.stopping.set()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
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
    Answer until a signal comes, then end everything, or leave behind what takes too long; `tell`
    hears the address once somebody could ask. What a task raised is raised; `ConfigError` where
    nobody can listen there.
    """
    with _listening(place) as listener:
        host, port = listener.getsockname()[:2]
        shown = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host

        def ready() -> None:
            beside.start(tasks)
            tell(f"http://{shown}:{port}")

        def leave() -> None:
            server.should_exit = True

        server, beside = _Server(_config(app, place), ready), Beside(leave)
        with _signalled(leave):
            answering = beside.begun(lambda _: server.run([listener]))
            while answering.is_alive() and not server.should_exit:
                answering.join(LOOK_S)
            _UVICORN.setLevel(logging.CRITICAL)  # who is cut off now is cut off on purpose
            deadline = time.monotonic() + STOPS_WITHIN_S
            beside.stopping.set()
            answering.join(STOPS_WITHIN_S)
            beside.end(deadline)


@contextmanager
def _signalled(leave: Callable[[], None]) -> Iterator[None]:
    """Until then whoever asks the process to end is heard; who asks again, ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = signal.SIGTERM, signal.SIGINT
    before = [signal.getsignal(number) for number in numbers]

    def restore() -> None:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

    def heard(*_: object) -> None:
        restore()
        leave()

    for number in numbers:
        signal.signal(number, heard)
    try:
        yield
    finally:
        restore()


def _config(app: FastAPI, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=place.proxy is not None,
        forwarded_allow_ips=place.proxy or "",
        timeout_graceful_shutdown=CLOSES_WITHIN_S,
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
