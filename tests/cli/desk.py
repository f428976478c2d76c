"""A desk: whoever sits there runs commands on a chain, and sees what they leave behind."""

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from perpools.chain.node import Node
from perpools.cli import main


@dataclass(frozen=True)
class Left:
    """What a command leaves behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object it printed."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """Runs the installed command to its end, in this process and without a terminal."""

    node: Node | None
    home: Path
    """The working directory."""
    options: tuple[str, ...] = ()
    """Given with every command."""

    def __call__(self, *arguments: str | Path) -> Left:
        """One command with the desk's options."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.home),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            _argv([*arguments, *self.options]),
            pytest.raises(SystemExit) as end,
        ):
            main.run(self.node)
        return Left(int(end.value.code or 0), out.getvalue(), err.getvalue())

    def told(self, *arguments: str | Path) -> Any:
        """What a command prints for programs."""
        return self(*arguments, "--json").json

    def refused(self, *arguments: str | Path) -> tuple[int, str]:
        """Exit code and the one line that says why."""
        left = self(*arguments)
        assert left.code in (1, 2), left
        assert left.out == ""
        assert left.err.count("\n") == 1, left.err
        return left.code, left.err.removeprefix("perpools: ").rstrip("\n")


@contextlib.contextmanager
def _argv(arguments: list[str | Path]) -> Iterator[None]:
    before = sys.argv
    sys.argv = ["perpools", *map(str, arguments)]
    try:
        yield
    finally:
        sys.argv = before
