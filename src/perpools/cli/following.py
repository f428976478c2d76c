"""Following a chain whose node may not be there yet: meanwhile the database tells what it has."""

import sys
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

from perpools.chain import deployment
from perpools.chain.failures import Unreachable, WrongChain
from perpools.chain.node import Node
from perpools.cli.session import connected
from perpools.cli.whereabouts import Whereabouts
from perpools.errors import ChainError, ConfigError
from perpools.index.database import Database
from perpools.index.follower import Follower, Progress, Sources
from perpools.index.monitor import Monitor
from perpools.web.options import ServeSettings

AGAIN_S = 5.0
"""Before somebody who could not begin tries again."""


class Reached(NamedTuple):
    """A node, and why it could not be asked yet."""

    node: Node | None
    problem: str | None = None


def reach(settings: ServeSettings, database: Database) -> Reached:
    """
    The node that the settings name, be it there or not; one of another chain than the database's,
    or than they say, is never asked. `ConfigError` where it is there and is one.
    """
    if not settings.rpc and settings.no_follow:
        return Reached(None)
    known = settings.model_copy(update={"chain_id": _chain(settings, database)})
    try:
        return Reached(connected(known))
    except Unreachable as gone:
        return Reached(connected(known, meet=False), str(gone))
    except WrongChain as wrong:
        raise ConfigError(f"{wrong}, or name another database") from None


def _chain(settings: ServeSettings, database: Database) -> int | None:
    """Which chain it must be, as far as anything says; `ConfigError` where two say otherwise."""
    file = settings.deployment
    told = {
        "chain_id": settings.chain_id,
        "database": database.chain_id(),
        str(file): None if file is None else deployment.load(file).chain_id,
    }
    said = {name: chain for name, chain in told.items() if chain is not None}
    if len({*said.values()}) > 1:
        each = ", ".join(f"{name} is of chain {chain}" for name, chain in said.items())
        raise ConfigError(f"{each}: mend chain_id, or name another database")
    return next(iter(said.values()), None)


@dataclass
class Following:
    """Follows a chain into a database, from whenever its node answers; for one thread."""

    settings: ServeSettings
    node: Node
    database: Database
    monitor: Monitor
    problems: tuple[str, ...] = ()
    """Why it does not go on, a line each; read by others."""
    _follower: Follower | None = field(default=None, init=False)

    def begin(self) -> None:
        """Do a first round; `ChainError` or `ConfigError` where none can be done."""
        self._begun().look()

    def run(self, stopping: threading.Event) -> None:
        """Go on until told to stop; what is in the way is told, and tried again."""
        while not stopping.is_set():
            try:
                self._begun().run(stopping, self._heard)
            except (ChainError, ConfigError) as failed:
                self.tell((str(failed),))
                stopping.wait(AGAIN_S)

    def tell(self, problems: tuple[str, ...]) -> None:
        """Say on standard error what is in the way now, unless it was said."""
        if problems != self.problems:
            self.problems = problems
            print(f"perpools: {'; '.join(problems) or 'the index goes on'}", file=sys.stderr)

    def close(self) -> None:
        """Nothing new is read; what is being read is not waited for."""
        if self._follower is not None:
            self._follower.close(wait=False)

    def _begun(self) -> Follower:
        if self._follower is None:
            sources = _sources(Whereabouts(self.node, self.settings), self.settings)
            self._follower = Follower(self.node, self.database, sources)
        return self._follower

    def _heard(self, progress: Progress) -> None:
        self.tell(progress.problems)
        self.monitor.heard(progress)


def _sources(found: Whereabouts, settings: ServeSettings) -> Sources:
    """The markets that the settings name, else all of the factory's, else all there are."""
    if settings.market:
        return Sources((), found.markets(), found.first_block)
    factories = () if found.factory is None else (found.factory,)
    return Sources(factories, (), found.first_block)
