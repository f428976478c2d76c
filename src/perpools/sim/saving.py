"""
Long work that may end at any moment: what is done of it is kept in a file, now and then and however
it ends, and the next run goes on from there.
"""

import hashlib
import re
from collections.abc import Generator
from contextlib import closing
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Protocol, TypeVar
from zipfile import BadZipFile

import numpy as np

from perpools.errors import ConfigError
from perpools.whole_files import write_whole

from .outcome import OnProgress

SAVED_EVERY_S = 5.0
"""What a kill loses at most; an interruption loses nothing."""

R = TypeVar("R")
Result = TypeVar("Result", contravariant=True)


class Work(Protocol[Result]):
    """What grows by the results of its tasks."""

    @property
    def progress(self) -> tuple[int, int]:
        """How much is done, of how much."""
        ...

    def add(self, result: Result) -> None:
        """Take in the next task's result."""
        ...

    def save(self) -> None:
        """Keep what is done, where there is a file to."""
        ...


def carry_on(work: Work[R], results: Generator[R, None, None], on_progress: OnProgress) -> None:
    """Take in results in their order: saved at the first, now and then, and however it ends."""
    last_saved = -inf
    try:
        with closing(results):  # who works stops at once, whatever ended it
            for result in results:
                work.add(result)
                if monotonic() - last_saved > SAVED_EVERY_S:
                    work.save()
                    last_saved = monotonic()
                on_progress(*work.progress)
    finally:
        work.save()


class Job(Protocol):
    """What there is to do, by a name that no other has."""

    @property
    def fingerprint(self) -> str:
        """The same for the same job, whoever does it."""
        ...


class Kept(NamedTuple):
    """The file that keeps what is done of a job; without a path nothing is."""

    path: Path | None
    job: Job
    kind: str
    """Of the job, for people."""

    def write(self, **arrays: Any) -> None:
        """Keep these, whole or not at all."""
        if self.path is None:
            return

        def write(part: Path) -> None:
            with part.open("wb") as file:
                np.savez_compressed(file, fingerprint=self.job.fingerprint, **arrays)

        write_whole(self.path, write)

    def read(self, *names: str) -> dict[str, Any] | None:
        """
        What was kept under these names; None where nothing was. `ConfigError` where the file is of
        another job, or of none.
        """
        if self.path is None or not self.path.exists():
            return None
        advice = "delete it, or name another"
        try:
            with self.path.open("rb") as file, np.load(file) as kept:
                owner, found = str(kept["fingerprint"]), {name: kept[name] for name in names}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            raise ConfigError(f"{self.path}: not a saved {self.kind}; {advice}") from None
        if owner != self.job.fingerprint:
            raise ConfigError(f"{self.path}: of another {self.kind}; {advice}")
        return found


def fingerprint_of(*facts: object) -> str:
    """One text for what these say, the same in any process."""
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(facts))  # where a function lies in memory
    return hashlib.sha256(text.encode()).hexdigest()
