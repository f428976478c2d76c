"""Alerts reach the log, the counters and a webhook, which never holds anybody up."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import stamina
from aiohttp import web

from perpools.bots import alerts as alerting
from perpools.bots import logs
from perpools.bots.alerts import Alerts, Webhook
from perpools.bots.metrics import Metrics
from perpools.chain.noticing import EVENT_LATE, Alert

LATE = Alert(EVENT_LATE, "market", "an event is due for 5m1s")
QUIET = io.StringIO()


class Listener:
    """A webhook on loopback that says no so many times first."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.asked = 0
        self.got: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.got.append(await request.json())
        return web.Response(status=204)


@asynccontextmanager
async def listening(listener: Listener) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/alerts", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/alerts"
    finally:
        await runner.cleanup()


async def posted(listener: Listener, use: Callable[[Webhook], None]) -> Metrics:
    """What came of using a webhook."""
    metrics = Metrics("watcher")
    async with listening(listener) as url:
        webhook = Webhook(url, logs.logger(to=QUIET), metrics, spacing_s=0)
        task = asyncio.create_task(webhook.run())
        use(webhook)
        await webhook.drain(10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return metrics


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value("perpools_" + name, labels) or 0.0


def test_a_notice_is_posted_as_json() -> None:
    listener = Listener()
    asyncio.run(posted(listener, lambda webhook: webhook.take({"alert": EVENT_LATE})))
    assert listener.got == [{"alert": EVENT_LATE}]


def test_a_webhook_that_says_no_is_asked_again() -> None:
    with stamina.set_testing(True, attempts=3):
        listener = Listener(refusals=2)
        metrics = asyncio.run(posted(listener, lambda webhook: webhook.take({"n": 1})))
    assert (listener.asked, listener.got) == (3, [{"n": 1}])
    assert value(metrics, "webhook_dropped_total") == 0


def test_a_webhook_that_never_takes_it_is_given_up_and_the_next_notice_goes_out() -> None:
    with stamina.set_testing(True, attempts=2):
        listener = Listener(refusals=2)
        told = [{"n": 1}, {"n": 2}]
        metrics = asyncio.run(
            posted(listener, lambda hook: [hook.take(one) for one in told] and None)
        )
    assert listener.got == [{"n": 2}]
    assert value(metrics, "webhook_dropped_total") == 1


def test_nobody_waits_for_a_webhook_that_hangs() -> None:
    async def flood() -> Metrics:
        metrics = Metrics("watcher")
        webhook = Webhook("http://127.0.0.1:9/", logs.logger(to=QUIET), metrics)
        for number in range(alerting.ROOM + 7):
            webhook.take({"n": number})
        return metrics

    assert value(asyncio.run(flood()), "webhook_dropped_total") == 7


def test_an_alert_is_logged_counted_and_sent_on_once() -> None:
    written, sent = io.StringIO(), list[dict[str, Any]]()
    metrics = Metrics("keeper")

    async def hear() -> None:
        alerts = Alerts("keeper", logs.logger("json", to=written), metrics, repeat_s=3_600)
        alerts.send_to(sent.append)
        for wrong in ([LATE], [LATE], []):
            alerts.hear("here", wrong)
            alerts.hear("elsewhere", [])

    asyncio.run(hear())
    assert [(one["type"], one["alert"], one["state"]) for one in sent] == [
        ("alert", EVENT_LATE, "raised"),
        ("alert", EVENT_LATE, "over"),
    ]
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["level"], line["state"]) for line in lines] == [
        ("warning", "raised"),
        ("info", "over"),
    ]
    assert value(metrics, "alerts_total", kind=EVENT_LATE) == 1


def test_each_source_speaks_for_itself() -> None:
    async def hear() -> list[Alert]:
        alerts = Alerts("keeper", logs.logger(to=QUIET), Metrics("keeper"), 3_600)
        alerts.hear("here", [LATE])
        alerts.hear("there", [LATE._replace(subject="other")])
        alerts.hear("here", [])
        return alerts.going

    assert [alert.subject for alert in asyncio.run(hear())] == ["other"]


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("warning", 0)])
def test_what_is_below_the_level_is_not_written(level: str, lines: int) -> None:
    written = io.StringIO()
    logs.logger("pretty", level, to=written).info("running", role="keeper")
    assert len(written.getvalue().splitlines()) == lines
