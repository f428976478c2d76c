"""Long work: saved however it ends, and read again only where it is its own and whole."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from perpools.errors import ConfigError
from perpools.sim.saving import Kept, carry_on, fingerprint_of


class Named(NamedTuple):
    fingerprint: str


class Sum:
    def __init__(self) -> None:
        self.total, self.happened = 0, list[str]()

    @property
    def progress(self) -> tuple[int, int]:
        return self.total, 6

    def add(self, result: int) -> None:
        self.total += result

    def save(self) -> None:
        self.happened.append(f"saved {self.total}")

    def results(self) -> Generator[int, None, None]:
        try:
            yield from (1, 2, 3)
        finally:
            self.happened.append("stopped")


def test_work_is_saved_at_the_first_result_and_at_the_end() -> None:
    work, told = Sum(), list[tuple[int, int]]()
    carry_on(work, work.results(), lambda done, of: told.append((done, of)))
    assert told == [(1, 6), (3, 6), (6, 6)]
    assert work.happened == ["saved 1", "stopped", "saved 6"]


def test_an_interruption_stops_who_works_and_loses_nothing() -> None:
    work = Sum()

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_on(work, work.results(), stop)
    assert work.happened == ["saved 1", "stopped", "saved 3"]


def test_a_file_is_read_by_its_own_job_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept.npz"
    kept = Kept(path, Named("one"), "sum")
    assert kept.read("values") is None
    kept.write(values=np.arange(3))
    found = kept.read("values")
    assert found is not None
    assert found["values"].tolist() == [0, 1, 2]
    with pytest.raises(ConfigError, match="of another sum; delete it"):
        Kept(path, Named("other"), "sum").read("values")


@pytest.mark.parametrize("part", [0.0, 0.5, 0.9])
def test_a_file_cut_short_is_refused_in_one_line(tmp_path: Path, part: float) -> None:
    path = tmp_path / "kept.npz"
    kept = Kept(path, Named("one"), "sum")
    kept.write(values=np.arange(1_000))
    whole = path.read_bytes()
    path.write_bytes(whole[: round(part * len(whole))])
    with pytest.raises(ConfigError, match="not a saved sum; delete it"):
        kept.read("values")


def test_a_fingerprint_does_not_know_where_a_function_lies() -> None:
    def made() -> Callable[[], None]:
        def nothing() -> None: ...

        return nothing

    one, other = made(), made()
    assert repr(one) != repr(other)
    assert fingerprint_of(1, one) == fingerprint_of(1, other)
    assert fingerprint_of(1, one) != fingerprint_of(2, one)
