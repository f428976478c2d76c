"""Whoever dies while writing leaves tables that somebody else completes to the same rows."""

import os
import random
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from perpools.index.mirror import Mirror
from perpools.index.writing import Overtaken
from tests.evm import ROOT
from tests.index.killed import TURNS, story
from tests.index.same import differences
from tests.index.tale import POOL, Desk, Tale, beginning, new_file

SAMPLES = 12
DEADLINE_S = 60


class DiesError(Exception):
    """The end of a process, as far as its transaction is concerned."""


class Fuse:
    """Lets one database's user die at the n-th statement or commit."""

    def __init__(self, desk: Desk, at: int = -1) -> None:
        self.at, self.count = at, 0
        engine = desk.database.engine
        event.listen(engine, "before_cursor_execute", self.burn)
        event.listen(engine, "commit", self.burn)

    def burn(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.at:
            raise DiesError


def chapters() -> tuple[Tale, Tale, Tale]:
    """Some blocks, more of them, and others instead."""
    first = beginning().go_on(40, 3)
    return first, first.go_on(40, 4), first.go_on(10, 4).go_on(45, 5)


def follow_all(desk: Desk) -> None:
    for tale in chapters():
        desk.follow(tale)


@pytest.fixture(scope="module")
def whole() -> Desk:
    """What nobody interrupted."""
    return Desk(chapters()[-1]).begin().follow(chapters()[-1])


def test_death_at_any_statement_changes_nothing(whole: Desk) -> None:
    with closing(Desk(chapters()[0])) as counted:
        counted.begin()
        fuse = Fuse(counted)
        follow_all(counted)
    instants = range(1, fuse.count + 1, max(1, fuse.count // SAMPLES))
    for instant in instants:
        dying = Desk(chapters()[0]).begin()
        Fuse(dying, instant)
        with pytest.raises(DiesError):
            follow_all(dying)
        dying.close()
        with closing(Desk(chapters()[0], dying.path)) as heir:
            heir.follow(chapters()[-1])
            assert differences(heir.database, whole.database) == {}, instant


def test_a_killed_process_leaves_what_the_next_one_completes() -> None:
    seed, path, chance = 11, new_file(), random.Random(2)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    since, ends = 0, [*sorted(chance.sample(range(1, TURNS), 3)), None]
    for end in ends:
        command = [sys.executable, "-m", "tests.index.killed", str(path), str(seed), str(since)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        ) as child:
            watchdog = threading.Timer(DEADLINE_S, child.kill)
            watchdog.start()
            assert child.stdout is not None
            for line in child.stdout:
                since = int(line) + 1
                if end is not None and since > end:
                    child.kill()
            watchdog.cancel()
        assert (child.returncode == 0) == (since == TURNS)
    last = story(seed)[-1]
    with closing(Desk(last, Path(path))) as left, closing(Desk(last).begin()) as alone:
        alone.follow(last)
        assert differences(left.database, alone.database) == {}
        assert Mirror(left.database).standing(POOL).market == last.market


def test_of_two_that_follow_one_market_only_one_writes_a_block() -> None:
    first, second, third = chapters()
    with closing(Desk(first).begin()) as one, closing(Desk(first, one.path)) as other:
        one.follow(first)
        other.follow(first)
        one.follow(second)
        with pytest.raises(Overtaken):
            other.look(third)
        other.tracker.drop()
        other.follow(third)
        with pytest.raises(Overtaken):
            one.look(third.go_on(1, 9))
        with closing(Desk(third).begin()) as alone:
            alone.follow(third)
            assert differences(one.database, alone.database) == {}


def test_two_that_follow_at_the_same_time_come_to_the_same_rows(whole: Desk) -> None:
    tale = chapters()[-1]
    path = Desk(tale).begin().path
    desks = [Desk(tale, path, chunk=1) for _ in range(2)]
    failures: list[Exception] = []
    threads = [threading.Thread(target=insist, args=(desk, tale, failures)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert failures == []
    assert differences(desks[0].database, whole.database) == {}
    for desk in desks:
        desk.close()


def insist(desk: Desk, tale: Tale, failures: list[Exception]) -> None:
    """Follow as a follower does that was overtaken: read the tables again, and go on."""
    try:
        while True:
            try:
                desk.follow(tale)
            except Overtaken:
                desk.tracker.drop()
            else:
                return
    except Exception as failed:
        failures.append(failed)
        raise
