"""`perpools keeper`: a bot (see `perpools.bots`)."""

from perpools.bots.options import KeeperSettings
from perpools.cli.bots import command

keeper = command(
    KeeperSettings,
    "keeper",
    """
    Close every due epoch of markets, as long as that pays.

    Waits on the chain's own clock, simulates before it sends, and may be stopped or killed at any
    moment: the chain is its memory. Facts are lines of JSON on standard output, logs go to standard
    error. docs/keeping.md tells more.

    For example: perpools keeper --rpc http://127.0.0.1:8545 --factory 0x... --dry-run --once
    """,
)
