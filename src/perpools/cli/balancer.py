"""`perpools balancer`: a bot (see `perpools.bots`)."""

from perpools.bots.options import BalancerSettings
from perpools.cli.bots import command

balancer = command(
    BalancerSettings,
    "balancer",
    """
    Order against skew: leave the side that will be too large, join the smaller.

    Trades on paper unless --live says otherwise.

    For example: perpools balancer --rpc http://127.0.0.1:8545 --factory 0x... --budget 1000 --once
    """,
)
