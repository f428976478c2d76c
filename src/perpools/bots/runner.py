"""
The runner: one loop for every role. It follows the chain's head, looks for markets, tends each in a
task of its own, and ends when it is asked to.

No exception ends the loop; so many in a row that nothing works end the bot, for whoever started it
to see.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from perpools.bots import monitor, pulse
from perpools.bots.endpoints import Condition, serve
from perpools.bots.heads import Doze, Nap, Pause
from perpools.bots.registry import Registry
from perpools.bots.station import Role, Station
from perpools.bots.tending import EXPECTED, Tending
from perpools.chain.noticing import FAILURES
from perpools.errors import ConfigError
from perpools.spec.units import Address

STOPPED, FAILED = 0, 1
"""Exit codes: done or asked to stop; something due was not done, or nothing works any more."""

GRACE_S = 30.0
"""How long what is being done may go on after the bot was asked to stop."""

HEALTHY_S = 120.0
"""A loop that did not go round for so long hangs."""


@dataclass
class Runner:
    """One bot, running."""

    station: Station
    registry: Registry
    role: Role
    account: Address | None = None
    _tended: dict[Address, Tending] = field(default_factory=dict)
    _tasks: dict[Address, asyncio.Task[None]] = field(default_factory=dict)
    _code: int = STOPPED
    _strange: int = 0
    _turned_at: float = field(default_factory=time.monotonic)
    _discovered: bool = False

    def stop(self) -> None:
        """Finish what is being done, and end."""
        self.station.stopping.set()

    async def run(self) -> int:
        """Run until asked to stop; the exit code."""
        settings, log = self.station.settings, self.station.log
        async with serve(settings.metrics_addr, self.station.metrics, self.condition) as port:
            log.info("running", role=settings.role_name, account=self.account, port=port)
            loops = [
                asyncio.create_task(self._for_ever(self._beat)),
                asyncio.create_task(self._for_ever(self._go_round)),
            ]
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            self.stop()
            await self._end(loops)
        log.info("stopped", exit_code=self._code)
        return self._code

    def condition(self) -> Condition:
        """How the bot is, for whoever asks."""
        head, settings = self.station.heads.latest, self.station.settings
        fresh = self.station.heads.standing_s <= settings.alert_stall_s
        status = {
            "role": settings.role_name,
            "account": self.account,
            "dry_run": settings.dry_run,
            "head": head and {"number": head.number, "timestamp": head.timestamp},
            "markets": {
                address: {
                    "name": tended.place.name,
                    "failures": tended.failures,
                    "says": tended.says,
                }
                for address, tended in self._tended.items()
            },
            "alerts": [alert._asdict() for alert in self.station.alerts.going],
        }
        alive = time.monotonic() - self._turned_at < HEALTHY_S
        return Condition(alive, self._discovered and head is not None and fresh, status)

    async def _for_ever(self, turn: Callable[[], Awaitable[Pause]]) -> None:
        """
        Take turns, each of which says how long to rest after it. One that fails is taken again, a
        little later each time; what was told wrong ends the bot.
        """
        failures = 0
        while not self.station.stopping.is_set():
            self._turned_at = time.monotonic()
            try:
                pause = await turn()
                failures = 0
            except ConfigError:
                raise
            except EXPECTED as failed:
                failures += 1
                self.station.log.warning("no answer", problem=str(failed))
                pause = self.station.backoff(failures)
                self._check(failures)
            await self.station.rest(pause)

    async def _beat(self) -> Pause:
        await pulse.beat(self.station)
        return Doze(self.station.settings.poll_s, self.station.settings.idle_poll_s)

    async def _go_round(self) -> Pause:
        """Look for markets, and after everything that is measured from time to time."""
        if self.station.heads.latest is None:
            return Nap(self.station.settings.poll_s)
        await self._discover()
        if self.station.settings.once:
            await asyncio.gather(*self._tasks.values())
            if any(tended.given_up for tended in self._tended.values()):
                self._code = FAILED
            self.stop()
            return Nap(0)
        await self._measure()
        return Nap(self.station.settings.discover_s)

    async def _discover(self) -> None:
        for place in await self.station.ask(self.registry.find):
            if place.address not in self._tasks:
                tending = Tending(self.station, self.role, place, self._surprised)
                self._tended[place.address] = tending
                self._tasks[place.address] = asyncio.create_task(tending.run())
                self.station.log.info("found", market=place.address, name=place.name)
        self.station.metrics.set("markets", len(self._tasks))
        self._discovered = True

    async def _measure(self) -> None:
        """Every market, each on its own; and the account."""
        looks: list[Awaitable[object]] = [
            monitor.watch_market(self.station, one.place) for one in self._tended.values()
        ]
        if self.account is not None:
            looks.append(monitor.watch_account(self.station, self.account))
        for failed in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(failed, EXPECTED):
                self.station.log.debug("not measured", problem=str(failed))
            elif isinstance(failed, BaseException):
                raise failed

    def _surprised(self, strange: bool) -> None:
        self._strange = self._strange + 1 if strange else 0
        self._check(self._strange)

    def _check(self, failures: int) -> None:
        """Stop where nothing has worked for so many times in a row."""
        settings = self.station.settings
        most = FAILURES if settings.once else settings.max_exceptions
        if most and failures >= most:
            self.station.log.error("gave up", failures=failures)
            self._code = FAILED
            self.stop()

    async def _end(self, loops: list[asyncio.Task[None]]) -> None:
        """Let every market's task finish its look, then end them; whatever went wrong is raised."""
        tasks = [*loops, *self._tasks.values()]
        _, late = await asyncio.wait(tasks, timeout=GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for loop in loops:
            if not loop.cancelled():
                loop.result()
