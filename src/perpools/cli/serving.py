"""What `perpools serve` puts together: a node, a database, who follows, and what is shown."""

from collections.abc import Callable, Sequence

from perpools.chain import deployment
from perpools.chain.deployment import Deployment
from perpools.chain.node import Node
from perpools.cli.whereabouts import Whereabouts
from perpools.index.database import Database
from perpools.index.follower import Follower, Sources
from perpools.index.mirror import Mirror
from perpools.index.reading import Reader
from perpools.web import serving
from perpools.web.app import create_app
from perpools.web.live import Live
from perpools.web.options import ServeSettings
from perpools.web.pages.purse import Purse
from perpools.web.serving import Place, Task

Tell = Callable[[str], None]


def run(
    settings: ServeSettings,
    node: Node | None,
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
    database = Database(settings.database)
    follower = None if settings.no_follow else _follower(settings, node, database)
    try:
        if follower is None:
            database.check()
        else:
            follower.look()
        known = protocol or (deployment.load(settings.deployment) if settings.deployment else None)
        live = Live(Reader(database), Mirror(database, node), node, deployment=known)
        tasks = [live.watch, *([follower.run] if follower else []), *beside]
        app = create_app(live, purse=purse)
        serving.run(app, Place(settings.host, settings.port, settings.proxy), tasks, tell)
    finally:
        if follower is not None:
            follower.close()
        database.close()


def _follower(settings: ServeSettings, node: Node | None, database: Database) -> Follower:
    assert node is not None, "who follows has a node"
    return Follower(node, database, _sources(Whereabouts(node, settings), settings))


def _sources(found: Whereabouts, settings: ServeSettings) -> Sources:
    """The markets that the settings name, else all of the factory's, else all there are."""
    if settings.market:
        return Sources((), found.markets(), found.first_block)
    factories = () if found.factory is None else (found.factory,)
    return Sources(factories, (), found.first_block)
