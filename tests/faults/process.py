"""Bots and commands as their users start them: processes of their own, which end with the test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.evm import ROOT

PATIENCE_S = 20.0
"""Of this machine, for whatever should take a second."""
RUN = "from perpools.cli.main import run; run()"


def until(holds: Callable[[], bool], what: str, said: Callable[[], str] = str) -> None:
    """Wait for something to come true, but not for long."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"never: {what}\n{said()}"
        time.sleep(0.01)


@dataclass
class Bot:
    """A command that runs beside the test; its whole process group ends with it."""

    command: Sequence[str]
    home: Path
    name: str
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        environment = {key: told for key, told in os.environ.items() if "PERPOOLS" not in key}
        with self._file("err").open("w") as err, self._file("out").open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN, *self.command],
                cwd=self.home,
                env={**environment, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def _file(self, what: str) -> Path:
        return self.home / f"{self.name}.{what}"

    @property
    def log(self) -> str:
        return self._file("err").read_text()

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What it told programs."""
        whole, _, _ = self._file("out").read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def says(self, *words: str) -> None:
        """Wait for a line of its log that has all these words."""

        def here() -> bool:
            return any(all(word in line for word in words) for line in self.log.splitlines())

        until(here, f"a line with {words}", lambda: self.log)

    def tells(self, **facts: Any) -> None:
        """Wait for a fact with these fields."""

        def here() -> bool:
            return any(facts.items() <= told.items() for told in self.facts)

        until(here, f"the fact {facts}", lambda: self.log)

    def kill(self) -> None:
        """At once, as nobody can prevent."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """The exit code, once it has ended."""
        return self.process.wait(PATIENCE_S)
