"""
Where alerts go: the log, the counters, whoever reads the bot's output, and a webhook. None of it
ever holds up the bot.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiohttp
import stamina

from perpools.bots.logs import Log
from perpools.bots.metrics import Metrics
from perpools.chain.noticing import OVER, RAISED, Alert, Going, Notice, notices

Emit = Callable[[dict[str, Any]], None]
"""Takes one fact that the bot tells programs, such as a line of JSON."""

ROOM = 100
"""Notices that wait for the webhook; beyond it new ones are dropped, and counted."""
ATTEMPTS = 5
TIMEOUT_S = 10.0
SPACING_S = 1.0
"""At most one request a second: nobody is helped by a flood."""


class Unwanted(Exception):
    """The webhook answered that it did not take a notice."""


class Alerts:
    """What is wrong, by who says so: each source is heard about its own alerts alone."""

    def __init__(self, role: str, log: Log, metrics: Metrics, repeat_s: float) -> None:
        self._role = role
        self._log = log
        self._metrics = metrics
        self._repeat_s = repeat_s
        self._going: dict[str, Going] = {}
        self._sinks: list[Emit] = []

    @property
    def going(self) -> list[Alert]:
        """All that is wrong now."""
        return [told.alert for source in self._going.values() for told in source.values()]

    def send_to(self, sink: Emit) -> None:
        """Let a sink have every notice too."""
        self._sinks.append(sink)

    def hear(self, source: str, alerts: Iterable[Alert]) -> list[Notice]:
        """These are all the alerts of a source now; tell what is new about them."""
        now_s = asyncio.get_running_loop().time()
        going = self._going.get(source, {})
        self._going[source], said = notices(going, alerts, now_s, self._repeat_s)
        for notice in said:
            self._tell(notice)
        return said

    def _tell(self, notice: Notice) -> None:
        alert, state = notice
        if state == RAISED:
            self._metrics.count("alerts", kind=alert.kind)
        write = self._log.info if state == OVER else self._log.warning
        write("alert", alert=alert.kind, state=state, subject=alert.subject, text=alert.text)
        for sink in self._sinks:
            sink(fact(self._role, notice))


def fact(role: str, notice: Notice) -> dict[str, Any]:
    """A notice as programs get it."""
    alert, state = notice
    told = {"alert": alert.kind, "state": state, "subject": alert.subject, "text": alert.text}
    return {"type": "alert", "role": role, **told}


class Webhook:
    """Posts facts to an address, in the background."""

    def __init__(self, url: str, log: Log, metrics: Metrics, spacing_s: float = SPACING_S) -> None:
        self._url = url
        self._log = log
        self._metrics = metrics
        self._spacing_s = spacing_s
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(ROOM)

    def take(self, told: dict[str, Any]) -> None:
        """Have a fact sent when it is its turn."""
        try:
            self._waiting.put_nowait(told)
        except asyncio.QueueFull:
            self._metrics.count("webhook_dropped")

    async def run(self) -> None:
        """Send what waits, for ever."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                await self._deliver(session, await self._waiting.get())
                self._waiting.task_done()
                await asyncio.sleep(self._spacing_s)

    async def drain(self, most_s: float) -> None:
        """Wait until everything is sent, but not for long."""
        try:
            await asyncio.wait_for(self._waiting.join(), most_s)
        except TimeoutError:
            self._metrics.count("webhook_dropped", self._waiting.qsize())

    async def _deliver(self, session: aiohttp.ClientSession, told: dict[str, Any]) -> None:
        try:
            await self._post(session, told)
        except (aiohttp.ClientError, TimeoutError, Unwanted) as failed:
            self._metrics.count("webhook_dropped")
            self._log.error("the webhook did not take an alert", problem=type(failed).__name__)

    async def _post(self, session: aiohttp.ClientSession, told: dict[str, Any]) -> None:
        problems: Sequence[type[Exception]] = (aiohttp.ClientError, TimeoutError, Unwanted)
        async for attempt in stamina.retry_context(on=tuple(problems), attempts=ATTEMPTS):
            with attempt:
                async with session.post(self._url, json=told) as answer:
                    if answer.status >= 300:
                        raise Unwanted
