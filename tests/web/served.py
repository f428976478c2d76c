"""A market with a past, indexed, and the API in front of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from httpx import Client, Response

from perpools.chain.node import Transaction
from perpools.index.database import Database
from perpools.index.follower import Follower
from perpools.index.mirror import Mirror, Standing
from perpools.index.reading import Reader
from perpools.web import api
from perpools.web.live import Live
from tests.chain.past import Past

PREFIX = "/api/v1"


@dataclass
class Clock:
    """Stands still unless it is told to go."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Served:
    """Who asks the API, and what the answers are compared with."""

    past: Past
    follower: Follower
    live: Live
    app: FastAPI
    client: Client
    clock: Clock = field(default_factory=Clock)

    @property
    def address(self) -> str:
        return self.past.market.address

    @property
    def standing(self) -> Standing:
        return self.live.standings.standing(self.address)

    def get(self, path: str, **options: Any) -> Response:
        """One answer, of whatever status."""
        return self.client.get(PREFIX + path, **options)

    def read(self, path: str, **query: Any) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def market(self, path: str = "", **query: Any) -> Any:
        """The same about the market."""
        return self.read(f"/markets/{self.address}{path}", **query)

    def post(self, path: str, body: Any) -> Response:
        return self.client.post(PREFIX + path, json=body)

    def catch_up(self) -> None:
        """Let the index and the API see what is on the chain now."""
        self.follower.catch_up()
        self.live.look()

    def sign(self, answer: Response) -> None:
        """What a wallet does with an answer: sign and send each, one after the other."""
        assert answer.status_code == 200, answer.text
        for step in answer.json()["transactions"]:
            told = step["transaction"]
            numbers = (int(told[name], 16) for name in ("value", "gas"))
            value, gas = numbers
            assert int(told["chainId"], 16) == self.past.node.chain_id
            data = bytes.fromhex(told["data"].removeprefix("0x"))
            sent = Transaction(told["from"], told.get("to"), data, value, gas=gas)
            self.past.node.send(sent)
        self.catch_up()


@contextmanager
def served(past: Past, folder: Path) -> Iterator[Served]:
    """The market indexed into a database of its own, and the API of it."""
    database = Database(f"sqlite:///{folder / 'index.db'}")
    database.upgrade()
    follower = Follower(past.node, database)
    follower.catch_up()
    clock = Clock()
    live = Live(
        Reader(database),
        Mirror(database, past.node),
        past.node,
        deployment=past.protocol.deployment,
        clock=clock,
    )
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    api.install(app, live)
    try:
        with answering(app) as url, Client(base_url=url, timeout=60) as client:
            yield Served(past, follower, live, app, client, clock)
    finally:
        follower.close()
        database.close()


@contextmanager
def answering(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The application on a port, one of its own if none is named; its address."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        config = uvicorn.Config(
            app, log_level="error", access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
