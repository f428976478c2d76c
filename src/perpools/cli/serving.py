"""What `perpools serve` puts together: a node, a database, who follows, and what is shown."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from perpools.chain import deployment
from perpools.chain.deployment import Deployment
from perpools.cli.following import Following, Reached
from perpools.index.database import Database
from perpools.index.mirror import Mirror
from perpools.index.monitor import Monitor
from perpools.index.reading import Reader
from perpools.web import serving
from perpools.web.app import create_app
from perpools.web.live import Live
from perpools.web.options import ServeSettings
from perpools.web.pages.purse import Purse
from perpools.web.serving import Place, Task

Tell = Callable[[str], None]


@contextmanager
def opened(settings: ServeSettings) -> Iterator[Database]:
    """The database, with its tables; whoever does not follow makes none."""
    with closing(Database(settings.database)) as database:
        if settings.no_follow:
            database.check()
        else:
            database.upgrade()
        yield database


def run(
    settings: ServeSettings,
    database: Database,
    reached: Reached,
    tell: Tell,
    *,
    purse: Purse | None = None,
    protocol: Deployment | None = None,
    beside: Sequence[Task] = (),
) -> None:
    """
    Serve until a signal comes, and follow the node's chain unless told otherwise; `beside` goes on
    as long.
    """
    node, mirror = reached.node, Mirror(database, reached.node)
    monitor = Monitor(database, node, mirror, heals=not settings.no_follow)
    following = _following(settings, database, reached, monitor)
    known = protocol or (deployment.load(settings.deployment) if settings.deployment else None)
    live = Live(
        Reader(database),
        mirror,
        node,
        deployment=known,
        findings=monitor.finding,
        problems=lambda: following.problems if following else (),
    )
    if reached.problem is not None:
        live.look(alone=True)
    tasks = [live.watch, monitor.run, *([following.run] if following else []), *beside]
    try:
        app = create_app(live, purse=purse)
        serving.run(app, Place(settings.host, settings.port, settings.proxy), tasks, tell)
    finally:
        if following is not None:
            following.close()


def _following(
    settings: ServeSettings, database: Database, reached: Reached, monitor: Monitor
) -> Following | None:
    """Who follows, after a first round where the node is there."""
    if settings.no_follow or reached.node is None:
        return None
    following = Following(settings, reached.node, database, monitor)
    if reached.problem is None:
        following.begin()
    else:
        following.tell((reached.problem,))
    return following
