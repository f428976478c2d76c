"""
One market's task: the role looks at it again and again. What fails is tried again, a little later
each time, and nothing that fails here is noticed by any other market.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from perpools.bots.heads import AnyBlock, Done, Pause, Until
from perpools.bots.places import Place
from perpools.bots.station import Held, Role, Station
from perpools.chain import noticing
from perpools.chain.noticing import FAILURES, Alert
from perpools.errors import PoolsError
from perpools.spec.errors import Rejected

EXPECTED = (Held, PoolsError, Rejected)
"""What goes wrong without anything being wrong with the bot."""


@dataclass
class Tending:
    """One market in a role's care."""

    station: Station
    role: Role
    place: Place
    surprised: Callable[[bool], None]
    """Told after each look whether it failed in a way that nobody expects."""
    failures: int = 0
    """In a row."""
    says: str = ""
    """What went wrong last."""
    given_up: bool = field(default=False, init=False)

    async def run(self) -> None:
        """
        Tend the market until the bot stops or nothing is left to do; where the bot only does what
        is due now, until that is done or failed too often.
        """
        once = self.station.settings.once
        while not self.station.stopping.is_set():
            pause = await self._look()
            if isinstance(pause, Done) or (once and isinstance(pause, Until | AnyBlock)):
                return
            if once and self.failures >= FAILURES:
                self.given_up = True
                return
            await self.station.rest(pause)

    async def _look(self) -> Pause:
        try:
            pause = await self.role.tend(self.place)
        except EXPECTED as failed:
            self.surprised(False)
            known = failed.failures if isinstance(failed, Held) else 1
            return self._failed(str(failed) or type(failed).__name__, known)
        except Exception as bug:  # a fault of ours in one market must not end the others
            self.station.log.exception("fault", market=self.place.address)
            self.station.metrics.count("loop_exceptions")
            self.surprised(True)
            return self._failed(f"{type(bug).__name__}: {bug}")
        self.surprised(False)
        self.failures, self.says = 0, ""
        self._tell()
        return pause

    def _failed(self, says: str, known: int = 1) -> Pause:
        self.failures = max(self.failures + 1, known)
        self.says = says
        pause = self.station.backoff(self.failures)
        self.station.log.warning(
            "cannot tend",
            market=self.place.address,
            problem=says,
            again_in_s=round(pause.seconds, 1),
        )
        self._tell()
        return pause

    def _tell(self) -> None:
        failing = self.failures >= FAILURES
        alerts = [Alert(noticing.MARKET_FAILING, self.place.address, self.says)] if failing else []
        self.station.alerts.hear(f"tending {self.place.address}", alerts)
