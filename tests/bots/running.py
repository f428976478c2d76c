"""A bot that runs beside the test, in a thread of its own, on the test's chain."""

import asyncio
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from perpools.bots import logs
from perpools.bots.launch import Bot
from perpools.bots.metrics import Metrics
from perpools.bots.options import BotSettings
from tests.bots.stage import Stage

PATIENCE_S = 30
SOON = {"poll_s": "0.05", "idle_poll_s": "0.05", "discover_s": "0.2", "backoff_base_s": "0.1"}
"""What a test has no time to wait for."""


class Running:
    """What a bot does."""

    def __init__(self, bot: Bot, facts: list[dict[str, Any]], written: io.StringIO) -> None:
        self.bot = bot
        self.facts = facts
        self.written = written
        self.code: int | None = None
        self.raised: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.code = self._loop.run_until_complete(self.bot.run())
        except BaseException as failed:  # noqa: BLE001
            self.raised = failed
        finally:
            self._loop.close()

    def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Wait for something to come true."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"never: {what}\n{self.written.getvalue()}"
            time.sleep(0.02)

    def logged(self, event: str) -> bool:
        return event in self.written.getvalue()

    def told(self, event: str, field: str) -> list[Any]:
        """A field of every line about an event in the log."""
        lines = [json.loads(line) for line in self.written.getvalue().splitlines()]
        return [line[field] for line in lines if line["event"] == event]

    def end(self) -> int:
        """Wait until it ends by itself; the exit code."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), self.written.getvalue()
        if self.raised is not None:
            raise self.raised
        assert self.code is not None
        return self.code

    def stop(self) -> int:
        """Ask it to stop; the exit code."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self.bot.stopping.set)
        return self.end()

    def value(self, name: str, **labels: str) -> float:
        """A metric now."""
        return self.bot.metrics.registry.get_sample_value("perpools_" + name, labels) or 0.0


def bot(
    stage: Stage, model: type[BotSettings], account: str | None, **told: Any
) -> tuple[Bot, list[dict[str, Any]], io.StringIO]:
    """A bot of the stage's factory, and what it tells."""
    facts: list[dict[str, Any]] = []
    written = io.StringIO()
    settings = model.load(**{**SOON, **told})
    metrics = Metrics(settings.role_name)
    log = logs.logger("json", "debug", to=written)
    made = Bot(settings, stage.node, account, stage.factory, metrics, log, facts.append)
    return made, facts, written


@contextmanager
def running(
    stage: Stage, model: type[BotSettings], account: str | None, **told: Any
) -> Iterator[Running]:
    """A bot, running until the context ends; parts of it may be replaced by `parts`."""
    parts = told.pop("parts", {})
    made, facts, written = bot(stage, model, account, **told)
    run = Running(replace(made, **parts), facts, written)
    try:
        yield run
    finally:
        run.stop()


def once(stage: Stage, model: type[BotSettings], account: str | None, **told: Any) -> Running:
    """A bot that does what is due, and has ended."""
    made, facts, written = bot(stage, model, account, once=True, **told)
    run = Running(made, facts, written)
    try:
        run.end()
    finally:
        run.stop()
    return run
