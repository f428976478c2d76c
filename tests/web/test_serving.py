"""The server itself: where it listens, what goes on beside it, and how both end."""

import socket
import threading
import urllib.request

import pytest
from fastapi import FastAPI

from perpools.errors import ChainError, ConfigError
from perpools.web import serving
from perpools.web.serving import Place


def nothing(_: str) -> None:
    """Hears the address."""


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port}: .*: give --port"):
            serving.run(FastAPI(), Place(port=port), [], nothing)


def test_what_fails_beside_the_server_ends_everything_and_is_raised() -> None:
    ended = threading.Event()

    def patient(stopping: threading.Event) -> None:
        stopping.wait()
        ended.set()

    def failing(_: threading.Event) -> None:
        raise ChainError("of another chain")

    with pytest.raises(ChainError, match="of another chain"):
        serving.run(FastAPI(), Place(port=0), [patient, failing], nothing)
    assert ended.is_set()


def test_whoever_hears_the_address_is_answered() -> None:
    app, heard, statuses = FastAPI(), list[str](), list[int]()
    app.get("/health")(lambda: {"ok": True})

    def visitor(_: threading.Event) -> None:
        while not heard:
            pass
        with urllib.request.urlopen(f"{heard[0]}/health", timeout=10) as answer:
            statuses.append(answer.status)
        raise ChainError("seen enough")

    with pytest.raises(ChainError, match="seen enough"):
        serving.run(app, Place(port=0), [visitor], heard.append)
    assert statuses == [200]
