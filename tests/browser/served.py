"""`perpools serve` as its users start it: a process, and the address that it says."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evm import ROOT

PATIENCE_S = 60.0
RUN = "from perpools.cli.main import run; run()"


@dataclass
class Served:
    """A server that answers."""

    url: str
    process: subprocess.Popen[bytes]
    home: Path
    took_s: float
    """From its start until it said where it answers."""

    @property
    def log(self) -> str:
        """What it wrote on standard error."""
        return (self.home / "served.err").read_text()

    @property
    def status(self) -> dict[str, Any]:
        """How it says that it is."""
        with urllib.request.urlopen(f"{self.url}/status", timeout=PATIENCE_S) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(PATIENCE_S)


@contextmanager
def served(home: Path, *flags: str) -> Iterator[Served]:
    """Until the context ends, whatever happens."""
    began = time.monotonic()
    with (home / "served.err").open("w") as err, (home / "served.out").open("w") as out:
        environment = {key: told for key, told in os.environ.items() if "PERPOOLS" not in key}
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, "serve", "--port", "0", "--json", *flags],
            cwd=home,
            env={**environment, "PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
    try:
        url = _said(home, process, began)
        yield Served(url, process, home, time.monotonic() - began)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _said(home: Path, process: subprocess.Popen[bytes], began: float) -> str:
    """The address, once it is told."""
    while True:
        line = (home / "served.out").read_text()
        if line.endswith("\n"):
            url: str = json.loads(line)["url"]
            return url
        told = (home / "served.err").read_text()
        assert process.poll() is None, f"it ended: {told}"
        assert time.monotonic() - began < PATIENCE_S, f"it never answered: {told}"
        time.sleep(0.02)
