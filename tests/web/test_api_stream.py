"""The stream tells what happens, goes on where it broke off, and takes back what was undone."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from perpools.index import tables
from perpools.spec.kinds import LONG_MINT
from perpools.web.api import stream
from tests.chain.workshop import UNIT
from tests.web.served import PREFIX, Served

Told = list[tuple[int | None, str, Any]]


def parsed(text: str) -> Told:
    """Id, name and data of each event."""
    found: Told = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            number = int(fields["id"]) if "id" in fields else None
            found.append((number, fields["event"], json.loads(fields["data"])))
    return found


def told(served: Served, headers: dict[str, str] | None = None, **query: Any) -> Told:
    answer = served.get("/stream", params={"once": "true", **query}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    return parsed(answer.text)


def test_what_happened_is_told_as_the_watcher_tells_it(shown: Served) -> None:
    found = told(shown, after=0)
    news = shown.live.reader.news()
    assert [(number, name) for number, name, _ in found] == [
        (one.id, one.fact["type"]) for one in news
    ]
    assert {name for _, name, _ in found} >= {"order", "event", "claim", "transfer", "batch"}
    assert all(fact["market"] == shown.address for _, _, fact in found)


def test_whoever_comes_back_misses_nothing(shown: Served) -> None:
    everything = told(shown, after=0)
    for place in (0, 3, len(everything) - 1):
        last = {"Last-Event-ID": str(everything[place][0])}
        assert told(shown, last) == everything[place + 1 :]
    assert told(shown) == []
    assert told(shown, {"Last-Event-ID": "not a number"}) == []


def test_one_market_can_be_listened_to(shown: Served) -> None:
    assert told(shown, after=0, market=shown.address) == told(shown, after=0)


@pytest.fixture
def listening(changed: Served) -> Iterator[Iterator[str]]:
    """The lines of a stream that stays open."""
    url = f"{PREFIX}/stream"
    with changed.client.stream("GET", url, timeout=20) as answer:
        yield answer.iter_lines()


def next_event(lines: Iterator[str]) -> tuple[str, Any]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")


def test_what_happens_is_told_at_once(changed: Served, listening: Iterator[str]) -> None:
    assert next(listening) == "retry: 2000"
    changed.past.order("trader", LONG_MINT, 3 * UNIT)
    changed.catch_up()
    name, fact = next_event(listening)
    assert (name, fact["type"], fact["amount"]) == ("order", "order", 3 * UNIT)


def test_what_a_reorganisation_took_back_is_told(changed: Served, listening: Iterator[str]) -> None:
    assert next(listening) == "retry: 2000"
    with changed.live.reader.database.writing() as session:
        fact = {"type": "undone", "of": "order", "market": changed.address, "block": 1}
        session.add(
            tables.News(market=changed.address, undone=True, block_number=1, at=1, fact=fact)
        )
    assert next_event(listening) == ("undone", fact)


def test_whoever_was_away_too_long_is_told_of_the_gap(changed: Served) -> None:
    with changed.live.reader.database.writing() as session:
        for one in changed.live.reader.news(limit=5):
            session.delete(session.get_one(tables.News, one.id))
    assert told(changed, after=1)[0] == (None, "gap", {"type": "gap"})


def test_only_so_many_may_listen(shown: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_LISTENERS", 0)
    answer = shown.get("/stream", params={"once": "true"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_listeners_that_left_are_forgotten(changed: Served) -> None:
    crier = changed.app.state.crier
    with changed.client.stream("GET", f"{PREFIX}/stream", timeout=20) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "retry: 2000"
        assert crier.listeners >= 1
    deadline = time.monotonic() + 10
    while crier.listeners and time.monotonic() < deadline:
        time.sleep(0.05)
    assert crier.listeners == 0
