"""How many answers the API gives in a second, on loopback: one process, several clients."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from threading import Barrier
from typing import NamedTuple

import httpx

from tests.chain.past import Past, node_of
from tests.web.served import PREFIX, answering, served

CLIENTS = 8
SECONDS = 1.5
SERVER = "import sys; from tests.bench.serving import serve; serve(int(sys.argv[1]))"


class Served(NamedTuple):
    """Of one question."""

    question: str
    per_second: float
    p50_ms: float
    p99_ms: float


def measure(seconds: float = SECONDS) -> list[Served]:
    """Each question for so long, asked by several clients at once; the server is a process."""
    with _server() as url:
        market = httpx.get(f"{url}/markets").json()["items"][0]["address"]
        questions = {
            "markets": "/markets",
            "one market": f"/markets/{market}",
            "one market, unchanged": f"/markets/{market}",
            "epochs": f"/markets/{market}/epochs",
            "a quote": f"/markets/{market}/quote?kind=0&amount=1000000",
        }
        return [
            _asked(name, url + path, seconds, known=name.endswith("unchanged"))
            for name, path in questions.items()
        ]


def serve(port: int) -> None:
    """A market with a past on the embedded chain, until standard input ends."""
    with node_of("embedded") as node, tempfile.TemporaryDirectory() as folder:
        past = Past(node)
        past.live()
        with served(past, Path(folder)) as found, answering(found.app, port):
            print("ready", flush=True)
            sys.stdin.read()


def _asked(name: str, url: str, seconds: float, *, known: bool) -> Served:
    headers = {"If-None-Match": httpx.get(url).headers["etag"]} if known else {}
    together = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        told = list(pool.map(lambda _: _client(url, headers, seconds, together), range(CLIENTS)))
    times_ms = [one * 1_000 for own in told for one in own]
    cuts = quantiles(times_ms, n=100)
    return Served(name, len(times_ms) / seconds, cuts[49], cuts[98])


def _client(url: str, headers: dict[str, str], seconds: float, together: Barrier) -> list[float]:
    """How long each answer took, once everybody is connected."""
    times: list[float] = []
    with httpx.Client(headers=headers, timeout=30) as client:
        client.get(url)
        together.wait(30)
        end_s = time.perf_counter() + seconds
        while (began_s := time.perf_counter()) < end_s:
            answer = client.get(url)
            assert answer.status_code in (200, 304), answer.text
            times.append(time.perf_counter() - began_s)
    return times


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            yield f"http://127.0.0.1:{port}{PREFIX}"
        finally:
            process.stdin.close()
            process.wait(30)


if __name__ == "__main__":
    for found in measure():
        print(json.dumps({**found._asdict()}))
