"""How the tests deploy vaults of a market, and get around in them."""

from typing import Any

from boa.contracts.vyper.vyper_contract import VyperContract

from tests.contracts.deployment import (
    UNIT,
    UNLIMITED,
    Deployed,
    account,
    fund,
    next_grid_point,
)
from tests.evm import deployer

LONG, SHORT = 0, 1
TOKEN = 10**18


def new_vault(deployed: Deployed, side: int = LONG) -> VyperContract:
    """A vault of one side; anybody may deploy it."""
    return deployer("contracts/SideVault.vy").deploy(deployed.market.address, side)


def equip(deployed: Deployed, vault: VyperContract, role: str) -> Any:
    """An account with collateral and tokens that approved a vault, as its users do."""
    holder = account(role)
    fund(deployed, holder, 10_000 * UNIT)
    for token in deployed.tokens:
        token.transfer(holder, 100 * TOKEN, sender=account("deployer"))
    deployed.coin.approve(vault.address, UNLIMITED, sender=holder)
    deployed.tokens[vault.SIDE()].approve(vault.address, UNLIMITED, sender=holder)
    return holder


def settle(deployed: Deployed) -> None:
    """Let the next grid point pass, and close its epoch."""
    next_grid_point()
    deployed.market.rebalance()
