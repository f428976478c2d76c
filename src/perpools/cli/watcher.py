"""`perpools watcher`: a bot (see `perpools.bots`)."""

from perpools.bots.options import WatcherSettings
from perpools.cli.bots import command

watcher = command(
    WatcherSettings,
    "watcher",
    """
    Tell what happens to markets, line by line of JSON, and alert when something is wrong.

    For example: perpools watcher --rpc http://127.0.0.1:8545 --factory 0x... --once
    """,
)
