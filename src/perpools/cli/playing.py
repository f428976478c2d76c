"""What every simulation asks for: which market, who trades, and what its keeper is like."""

from pathlib import Path
from typing import Annotated

import typer

from perpools import quantities
from perpools.errors import ConfigError
from perpools.sim.roster import ROSTER
from perpools.sim.scene import Keeper

KEEPER, OUTPUT = "Keeper", "Output"

File = Annotated[Path, typer.Argument(metavar="MARKET.toml", help="The market file.")]
Agents = Annotated[
    str,
    typer.Option(
        metavar="NAME[:SETTING=N,...],...",
        help=f"Who trades: {', '.join(ROSTER)}, all, or a Python file with AGENTS.",
    ),
]
Liquidity = Annotated[float, typer.Option(min=1.0, help="Collateral on each side at first.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything random.")]
EthPrice = Annotated[
    float,
    typer.Option(
        min=0.0, help="Collateral per ether; 0: keepers are not paid.", rich_help_panel=KEEPER
    ),
]
GasPrice = Annotated[
    str, typer.Option(metavar="PRICE", help="What the keeper pays for gas.", rich_help_panel=KEEPER)
]
KeeperLate = Annotated[
    str,
    typer.Option(
        metavar="TIME", help="How long after a grid point it comes.", rich_help_panel=KEEPER
    ),
]
KeeperFails = Annotated[
    str,
    typer.Option(
        metavar="SHARE", help="The chance that none comes in an interval.", rich_help_panel=KEEPER
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object.", rich_help_panel=OUTPUT)
]


def read_keeper(late: str, fails: str, gas_price: str, eth_price: float) -> Keeper:
    """The keeper that the options describe."""
    try:
        return Keeper(
            late_s=quantities.duration(late),
            fails=quantities.percent(fails) / quantities.WAD,
            eth_price=eth_price,
            gas_price_gwei=quantities.gas_price(gas_price) / quantities.GWEI,
        )
    except ValueError as wrong:
        raise ConfigError(f"--keeper-late, --keeper-fails or --gas-price {wrong}") from None
