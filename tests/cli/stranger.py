"""Somebody in an empty folder, with a real node and the installed command."""

import contextlib
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

from perpools.chain import connect
from tests.evm import ROOT

NODE = "http://127.0.0.1:8545"
"""What the README calls the node."""

PATIENCE_S = 120
RUN = "from perpools.cli.main import run; run()"


class Stranger:
    """Types commands, each a process of its own."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.node, self.home = url, connect(url), home

    def types(self, line: str) -> subprocess.CompletedProcess[str]:
        """One command, without a terminal."""
        return subprocess.run(
            self._command(line),
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def answers(self, line: str, answer: str) -> subprocess.CompletedProcess[str]:
        """One command, at a terminal, and what is typed when it asks."""
        ours, theirs = pty.openpty()
        with contextlib.closing(os.fdopen(ours, "wb", buffering=0)) as keyboard:
            keyboard.write(answer.encode())
            try:
                return subprocess.run(
                    self._command(line),
                    cwd=self.home,
                    env=self._environment,
                    stdin=theirs,
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE_S,
                    check=False,
                )
            finally:
                os.close(theirs)

    def _command(self, line: str) -> list[str]:
        program, *arguments = shlex.split(line.replace(NODE, self.url))
        assert program == "perpools"
        return [sys.executable, "-c", RUN, *arguments]

    @property
    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if "PERPOOLS" not in name}
        return {**ours, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "TZ": "UTC"}
