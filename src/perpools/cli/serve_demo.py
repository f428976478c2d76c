"""`perpools serve --demo`: a world of its own, its people, its bots, and what shows it."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from perpools.cli import demo_bots, serving
from perpools.cli.following import Reached
from perpools.demo.live.life import AGE_S, Life, now
from perpools.demo.live.world import build
from perpools.errors import PoolsError
from perpools.web.options import ServeSettings
from perpools.web.pages.purse import Accounts

SEED = 1
TICK_S = 0.5


def run(settings: ServeSettings, tell: Callable[[str], None]) -> None:
    """Make the world, then show it until a signal comes."""
    with Console(stderr=True).status("making a chain, three markets and their past"):
        life = Life(build(now() - AGE_S, SEED), SEED)
        life.make_past()
    world = life.world
    purse = Accounts(world.node, world.cast.guests)
    with tempfile.TemporaryDirectory(prefix="perpools-demo-", ignore_cleanup_errors=True) as folder:
        told = settings.model_copy(
            update={
                "database": f"sqlite:///{Path(folder) / 'index.sqlite'}",
                "factory": world.protocol.factory.address,
                "from_block": world.protocol.block_number,
            }
        )
        beside = (lambda s: _live(life, s), lambda s: demo_bots.run(world, s))
        known = world.protocol.deployment
        with serving.opened(told) as database:
            node = Reached(world.node)
            serving.run(told, database, node, tell, purse=purse, protocol=known, beside=beside)


def _live(life: Life, stopping: threading.Event) -> None:
    """Let it live; what goes wrong once is told, and tried again."""
    while not stopping.wait(TICK_S):
        try:
            life.tick()
        except PoolsError as failed:
            print(f"perpools: the demo's world: {failed}", file=sys.stderr)
            time.sleep(TICK_S)
