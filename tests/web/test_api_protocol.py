"""Pages, tags, limits, errors, and a node that is gone: what every answer has in common."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from perpools.chain.node import Node
from perpools.errors import ChainError
from perpools.index.mirror import Mirror
from perpools.index.monitor import Finding
from perpools.web import api
from perpools.web.live import Live
from tests.web.served import PREFIX, Clock, Served, answering

NOBODY = "0x00000000000000000000000000000000000000Aa"


def walked(shown: Served, path: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    found: list[Any] = []
    cursor = None
    for _ in range(100):
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = shown.read(path, **query)
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_tell_everything_once(shown: Served, limit: int) -> None:
    trader = shown.past.role["trader"]
    paths = [
        f"/markets/{shown.address}/epochs",
        f"/markets/{shown.address}/orders",
        f"/markets/{shown.address}/keepers",
        f"/accounts/{trader}/history",
        f"/accounts/{trader}/orders",
    ]
    for path in paths:
        assert walked(shown, path, limit) == shown.read(path, limit=500)["items"]


def test_whoever_knows_the_answer_is_told_that_nothing_changed(shown: Served) -> None:
    paths = ["/markets", f"/markets/{shown.address}", f"/markets/{shown.address}/epochs", "/totals"]
    for path in paths:
        first = shown.get(path)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        for known in (tag, f'"other", {tag}', "*"):
            again = shown.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert shown.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_lists_of_other_questions_have_other_tags(shown: Served) -> None:
    path = f"/markets/{shown.address}/orders"
    tags = {shown.get(path, params={"limit": n}).headers["etag"] for n in (1, 2, 3)}
    assert len(tags) == 3


HOSTILE = [
    "/markets/0x1",
    "/markets/" + "a" * 3_000,
    "/markets/0x" + "g" * 40,
    "/markets/%00",
    "/markets/" + NOBODY + "%00",
    "/markets/..%2f..%2fetc%2fpasswd",
    "/accounts/' OR 1=1 --",
    "/accounts/" + NOBODY + "/history?cursor=' OR 1=1",
    "/accounts/" + NOBODY + "/history?cursor=" + "9" * 250,
    "/accounts/" + NOBODY + "/history?cursor=1-2-3-4-5-6",
    "/accounts/" + NOBODY + "/history?limit=0",
    "/accounts/" + NOBODY + "/history?limit=501",
    "/accounts/" + NOBODY + "/history?limit=1e9",
    "/accounts/" + NOBODY + "/history?market=" + NOBODY,
    "/markets/MARKET/epochs?limit=-1",
    "/markets/MARKET/epochs?cursor=zz-top",
    "/markets/MARKET/epochs/-1",
    "/markets/MARKET/epochs/99999999999999999999999",
    "/markets/MARKET/orders?status=eaten",
    "/markets/MARKET/orders?epoch=NaN",
    "/markets/MARKET/series?since=-5",
    "/markets/MARKET/series?until=99999999999999999999",
    "/markets/MARKET/series?step=minute",
    "/markets/MARKET/payoff?side=long&widest=nan",
    "/markets/MARKET/payoff?side=long&widest=inf",
    "/markets/MARKET/payoff?side=long&count=4",
    "/markets/MARKET/quote?kind=9&amount=1",
    "/markets/MARKET/quote?kind=0&amount=-1",
    "/markets/MARKET/quote?kind=0&amount=1.5",
    "/markets/MARKET/quote?kind=0&amount=" + "9" * 78,
    "/markets/MARKET/quote?kind=0&amount=" + "9" * 77,
    "/markets/MARKET/quote?kind=0&amount=5&from_escrow=6",
    "/markets/MARKET/quote?kind=0&amount=١٢",
    "/markets/MARKET/pair?action=steal&amount=1",
    "/markets/MARKET/pair?action=redeem&amount=" + "9" * 77,
    "/markets/MARKET/decay?paths=1",
    "/markets/MARKET/decay?volatility=nan",
    "/markets/MARKET/decay?horizon_s=0",
    "/markets/MARKET/forecast?after=tomorrow",
    "/stream?after=-1&once=true",
    "/stream?market=" + NOBODY + "&once=true",
    "/nowhere",
    "/markets?query=" + "x" * 65,
    "/markets?query=" + "x" * 5_000,
]


@pytest.mark.parametrize("path", HOSTILE)
def test_bad_questions_are_answered_in_a_sentence(shown: Served, path: str) -> None:
    answer = shown.get(path.replace("MARKET", shown.address))
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    assert 0 < len(told["detail"]) <= 500
    assert told["detail"].endswith(".")
    assert "\n" not in told["detail"]


BODIES: list[Any] = [
    None,
    [],
    "x",
    {},
    {"action": "order"},
    {"action": "dance", "market": NOBODY, "sender": NOBODY},
    {"action": "claim", "market": NOBODY, "sender": NOBODY},
    {"action": "claim", "market": "MARKET", "sender": "me"},
    {"action": "claim", "market": "MARKET", "sender": NOBODY, "more": 1},
    {"action": "order", "market": "MARKET", "sender": NOBODY, "kind": 0, "amount": 5},
    {"action": "order", "market": "MARKET", "sender": NOBODY, "kind": "0", "amount": "5"},
    {"action": "order", "market": "MARKET", "sender": NOBODY, "kind": 0, "amount": "1e5"},
    {"action": "set-operator", "market": "MARKET", "sender": NOBODY, "operator": NOBODY,
     "approved": "yes"},
    {"action": "cancel", "market": "MARKET", "sender": NOBODY, "epoch": 2**60, "kind": 0},
    {"action": "rebalance", "market": "MARKET", "sender": NOBODY, "hint": "9" * 78},
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_bad_bodies_are_answered_in_a_sentence(shown: Served, body: Any) -> None:
    if isinstance(body, dict) and body.get("market") == "MARKET":
        body = {**body, "market": shown.address}
    answer = shown.post("/transactions", body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


TRIALS: list[Any] = [
    {"market": "name = ", "source": "ecb:EURUSD"},
    {"market": {"name": "A", "leverage": float(10**9)}, "source": "ecb:EURUSD"},
    {"market": {"preset": "v2", "name": [1], "leverage": {}}, "source": "ecb:EURUSD"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "source": "ecb:EURXXX"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "source": "/etc/passwd"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3'},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "csv": "timestamp,price\n1,2"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "csv": "\0\0\0"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "csv": '"' + "x" * 200_000},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3\ninterval = "1s"', "source": "ecb:EURUSD"},
    {"market": 'preset = "v2"\nname = "A"\nleverage = 3', "source": "ecb:EURUSD",
     "agents": ["/tmp/agent.py"]},
    {"market": "x" * 30_000, "source": "ecb:EURUSD"},
]  # fmt: skip


@pytest.mark.parametrize("body", TRIALS)
def test_bad_backtests_are_answered_in_a_sentence(shown: Served, body: Any) -> None:
    answer = shown.post("/backtest", body)
    assert answer.status_code == 422, answer.text
    assert "/tmp" not in answer.json()["detail"] or "agents" in answer.json()["detail"]


def test_bodies_that_are_too_long_are_not_read(shown: Served) -> None:
    answer = shown.post("/transactions", {"action": "x" * 70_000})
    assert (answer.status_code, answer.json()["title"]) in [
        (413, "Request Entity Too Large"),
        (413, "Content Too Large"),
    ]

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    answer = shown.client.post(PREFIX + "/transactions", content=endless())
    assert answer.status_code == 413


def test_what_is_not_json_is_refused(shown: Served) -> None:
    for content in (b"{", b"\xff\xfe", b"[" * 20_000, b'{"a":' * 9_000):
        headers = {"Content-Type": "application/json"}
        answer = shown.client.post(PREFIX + "/transactions", content=content, headers=headers)
        assert answer.status_code in (400, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_method_that_is_none_is_refused(shown: Served) -> None:
    answer = shown.client.delete(PREFIX + "/markets")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_other_sites_may_not_ask_unless_they_are_named(shown: Served) -> None:
    headers = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in shown.get("/markets", headers=headers).headers
    app = api.create_api(shown.live, origins=["https://example.org"])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://local") as client:
            return await client.get("/markets", headers=headers)

    answer = asyncio.run(ask())
    assert answer.headers["access-control-allow-origin"] == "https://example.org"


class Gone(Node):
    """A node that does not answer any more."""

    def block(self, at: int | str = "latest") -> Any:
        raise ChainError("nobody is there")


def test_without_a_node_the_database_is_told_and_said_to_be_stale(shown: Served) -> None:
    known = shown.past.node
    gone = Gone(known.web3, known.set_clock, known.asker)
    database = shown.live.reader.database
    live = Live(shown.live.reader, Mirror(database, None), gone, clock=Clock())
    app = api.create_api(live)
    with answering(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        told = client.get(f"/markets/{shown.address}").json()
        assert told["stale"] is True
        assert told["row"]["state"] == "unseen"
        assert told["feed"] == {
            "address": shown.past.feed.contract.address,
            "alive": False,
            "asked": False,
            "price": None,
            "observed_at": None,
            "age": None,
        }
        assert told["row"]["tvl"] == shown.market()["row"]["tvl"]
        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200
        assert client.get("/status").json()["node_block"] is None
        quoted = client.get(f"/markets/{shown.address}/quote?kind=0&amount=1000000").json()
        assert quoted["stale"] is True
        assert any("could not be asked" in warning for warning in quoted["warnings"])


def test_what_needs_a_node_says_when_to_try_again(shown: Served) -> None:
    database = shown.live.reader.database
    live = Live(shown.live.reader, Mirror(database, None), None, clock=Clock())
    with answering(api.create_api(live)) as url, httpx.Client(base_url=url, timeout=30) as client:
        body = {"action": "claim", "market": shown.address, "sender": NOBODY}
        answer = client.post("/transactions", json=body)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_the_service_tells_how_it_is(shown: Served) -> None:
    for path in ("/health", "/ready"):
        assert shown.client.get(path).json() == {"ok": True}
        assert shown.read(path) == {"ok": True}
    told = shown.client.get("/status").json()
    assert told["block"] == told["node_block"] == shown.past.node.block().number
    assert [row["market"] for row in told["markets"]] == [shown.address]
    shown.get(f"/accounts/{NOBODY}")
    metrics = shown.client.get("/metrics").text
    assert 'route="/accounts/{account}",status="200"' in metrics
    assert "perpools_http_request_duration_seconds_bucket" in metrics
    assert NOBODY not in metrics


def test_what_a_monitor_finds_wrong_is_told_wherever_somebody_looks(shown: Served) -> None:
    wrong = Finding(shown.address, 1, ("POOL",), accounts=(f"{NOBODY} (wallet)",))
    reader, mirror = shown.live.reader, Mirror(shown.live.reader.database, shown.past.node)
    live = Live(reader, mirror, shown.past.node, findings={shown.address: wrong}.get)
    with answering(api.create_api(live)) as url, httpx.Client(base_url=url, timeout=30) as client:
        alerts = client.get(f"/markets/{shown.address}").json()["alerts"]
        told = next(one["text"] for one in alerts if one["kind"] == "invariant broken")
        assert told.endswith(f"POOL, {NOBODY} (wallet)")
        [market] = client.get("/status").json()["markets"]
        assert market["wrong"] == ["POOL", f"{NOBODY} (wallet)"]
        gauge = f'perpools_invariants_broken{{market="{shown.address}"}} 2.0'
        assert gauge in client.get("/metrics").text


def test_a_market_shows_up_without_a_restart(shown: Served, folder: Path) -> None:
    assert shown.get(f"/markets/{NOBODY}").status_code == 404
    assert shown.get(f"/markets/{shown.address.lower()}").status_code == 200
    assert not list(folder.iterdir())
