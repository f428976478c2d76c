"""`perpools claimer`: a bot (see `perpools.bots`)."""

from perpools.bots.options import ClaimerSettings
from perpools.cli.bots import command

claimer = command(
    ClaimerSettings,
    "claimer",
    """
    Claim for owners who left a tip for it, where the tip is more than the gas.

    Owners receive everything that is theirs, whoever claims.

    For example: perpools claimer --rpc http://127.0.0.1:8545 --factory 0x... --dry-run --once
    """,
)
