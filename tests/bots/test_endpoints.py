"""What a bot answers about itself, and what it counts."""

import asyncio
from typing import Any

import aiohttp
import pytest

from perpools.bots.endpoints import Condition, serve
from perpools.bots.metrics import KINDS, Metrics
from perpools.errors import ConfigError

WELL = Condition(alive=True, ready=True, status={"role": "keeper"})


async def answers(condition: Condition, metrics: Metrics) -> dict[str, tuple[int, str]]:
    told = {}
    async with (
        serve("127.0.0.1:0", metrics, lambda: condition) as port,
        aiohttp.ClientSession() as session,
    ):
        for path in ("health", "ready", "status", "metrics", "nothing"):
            async with session.get(f"http://127.0.0.1:{port}/{path}") as answer:
                told[path] = answer.status, await answer.text()
    return told


def test_a_bot_that_is_well_says_so() -> None:
    told = asyncio.run(answers(WELL, Metrics("keeper")))
    codes = {path: code for path, (code, _) in told.items()}
    assert codes == {"health": 200, "ready": 200, "status": 200, "metrics": 200, "nothing": 404}
    assert told["status"][1] == '{"role": "keeper"}'


@pytest.mark.parametrize(
    ("told", "codes"), [({"ready": False}, (200, 503)), ({"alive": False}, (503, 200))]
)
def test_a_bot_that_is_not_says_so(told: dict[str, Any], codes: tuple[int, int]) -> None:
    found = asyncio.run(answers(WELL._replace(**told), Metrics("keeper")))
    assert (found["health"][0], found["ready"][0]) == codes


def test_metrics_have_the_names_that_are_promised() -> None:
    metrics = Metrics("keeper")
    metrics.count("upkeep", pool="0xa", result="done")
    metrics.observe("upkeep_lateness_seconds", 3, pool="0xa")
    metrics.set("pool_balance", 5, pool="0xa", side="long")
    text = asyncio.run(answers(WELL, metrics))["metrics"][1]
    assert 'perpools_upkeep_total{pool="0xa",result="done"} 1.0' in text
    assert 'perpools_upkeep_lateness_seconds_bucket{le="5.0",pool="0xa"} 1.0' in text
    assert 'perpools_pool_balance{pool="0xa",side="long"} 5.0' in text
    assert 'perpools_build_info{role="keeper",version="' in text
    assert all(f"# TYPE perpools_{name}" in text for name in KINDS)


def test_no_endpoint_tells_the_key_in_its_address() -> None:
    metrics = Metrics("keeper")
    metrics.asked("eth_call", "https://user:secret@node.example:1/v2/secret?key=secret", 0.1, "no")
    metrics.asked("eth_call", "embedded", 0.1, None)
    text = metrics.text().decode()
    assert 'perpools_rpc_errors_total{endpoint="node.example:1",method="eth_call"} 1.0' in text
    assert 'endpoint="embedded"' in text
    assert "secret" not in text


def test_without_an_address_nobody_listens() -> None:
    async def nowhere() -> int | None:
        async with serve(None, Metrics("keeper"), lambda: WELL) as port:
            return port

    assert asyncio.run(nowhere()) is None


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "192.0.2.1:0"])
def test_an_address_that_cannot_be_listened_at_is_named(address: str) -> None:
    async def there() -> None:
        async with serve(address, Metrics("keeper"), lambda: WELL):
            raise AssertionError

    with pytest.raises(ConfigError, match=f"metrics_addr: cannot listen at {address}"):
        asyncio.run(there())
