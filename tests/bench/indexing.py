"""How many logs of a real node an indexer writes in a second, into each sort of database."""

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from time import perf_counter

from perpools.chain.node import Node
from perpools.index.database import Database
from perpools.index.follower import Follower, Sources
from tests.anvil import ANVIL, anvil
from tests.index import postgres
from tests.index.busy import FLAGS, Busy

CALLS = 200
"""In a minute of the chain's clock."""

Rates = dict[str, float | None]


def rates(minutes: int, times: int = 2) -> Rates:
    """
    Logs in a second, the best of some runs from the first block to the head; None where there is no
    node or no such server to measure with.
    """
    found: Rates = {"sqlite": None, "postgresql": None}
    if ANVIL is None:
        return found
    with anvil(*FLAGS) as node, tempfile.TemporaryDirectory() as folder, ExitStack() as after:
        busy = Busy(node)
        for _ in range(minutes):
            busy.minute(CALLS)
        count = logs(node, busy)
        programs = postgres.programs()
        server = after.enter_context(postgres.server(programs)) if programs else None
        for run in range(times):
            urls = {"sqlite": f"sqlite:///{Path(folder) / str(run)}.db"}
            urls |= {"postgresql": server.url()} if server else {}
            for sort, url in urls.items():
                rate = count / seconds(node, busy, url)
                found[sort] = max(found[sort] or 0, rate)
    return found


def seconds(node: Node, busy: Busy, url: str) -> float:
    """Until everything is in the tables."""
    with closing(Database(url)) as database:
        database.upgrade()
        begun = perf_counter()
        with closing(Follower(node, database, Sources((busy.factory,)))) as follower:
            progress = follower.catch_up()
        assert progress.problems == ()
        return perf_counter() - begun


def logs(node: Node, busy: Busy) -> int:
    """All that the markets and their tokens told."""
    tokens = [token.address for pair in busy.tokens for token in pair]
    addresses = [*(market.address for market in busy.markets), *tokens]
    return sum(1 for _ in node.logs(addresses, None, 0, busy.head))
