"""What never changes about a vault, whatever happens to it and to its market (R17)."""

from collections.abc import Callable
from typing import NamedTuple

from . import escrow
from .kinds import ITEMS
from .state import Market
from .vault_state import FLOWS, Vault, executed, pending, recoverable


class VaultInvariant(NamedTuple):
    """One property: an identifier, a sentence, how bad it is when it fails, and the check."""

    id: str
    sentence: str
    severity: str
    holds: Callable[[Vault, Market], bool]


def owed(vault: Vault, market: Market, item: int) -> int:
    """Everything of one item that controllers of the vault could claim now."""
    keys = {*vault.requests, *vault.returned}
    total = sum(
        recoverable(vault, market, flow, epoch, controller)
        for flow, controller, epoch in keys
        if item == vault.item_in(flow)
    )
    for flow, controller in {key[:2] for key in keys}:
        if item == vault.item_out(flow):
            total += sum(due for _, _, due in executed(vault, market, flow, controller, None))
    return total


def surplus(vault: Vault, market: Market, item: int) -> int:
    """
    What the market holds for the vault beyond everything it owes: what payouts rounded down left
    behind, and what strangers gave it.
    """
    return escrow.claimable(market, vault.address)[item] - owed(vault, market, item)


def _is_covered(vault: Vault, market: Market) -> bool:
    return all(surplus(vault, market, item) >= 0 for item in ITEMS)


def _pending_requests_are_ordered(vault: Vault, market: Market) -> bool:
    totals: dict[tuple[int, int], int] = {}
    for flow, controller, epoch in vault.requests:
        waiting = pending(vault, market, flow, epoch, controller)
        totals[flow, epoch] = totals.get((flow, epoch), 0) + waiting
    return all(
        total <= market.orders.get((vault.address, epoch, vault.kind(flow)), 0)
        for (flow, epoch), total in totals.items()
    )


def _nothing_is_left_of_nothing(vault: Vault, market: Market) -> bool:
    return all(request.amount > 0 for request in vault.requests.values())


def _one_request_is_in_portions(vault: Vault, market: Market) -> bool:
    """Of each controller and flow, the oldest executed one."""
    for flow in FLOWS:
        for controller in {key[1] for key in vault.requests}:
            found = [
                vault.requests[flow, controller, epoch].rest
                for epoch, _, _ in executed(vault, market, flow, controller, None)
            ]
            if any(found[1:]):
                return False
    return True


VAULT_INVARIANTS = (
    VaultInvariant(
        "VAULT-COVERED",
        "What the market holds for a vault covers everything the vault owes.",
        "critical",
        _is_covered,
    ),
    VaultInvariant(
        "VAULT-ORDERED",
        "The orders of a vault cover its pending requests, epoch by epoch.",
        "critical",
        _pending_requests_are_ordered,
    ),
    VaultInvariant(
        "VAULT-DUST",
        "A request that was claimed is gone; what is left of one can be claimed.",
        "high",
        _nothing_is_left_of_nothing,
    ),
    VaultInvariant(
        "VAULT-PORTIONS",
        "Only a controller's oldest executed request can be claimed in part.",
        "high",
        _one_request_is_in_portions,
    ),
)


def vault_broken(vault: Vault, market: Market) -> list[str]:
    """Identifiers of the invariants of a vault that do not hold."""
    return [one.id for one in VAULT_INVARIANTS if not one.holds(vault, market)]
