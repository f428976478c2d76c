"""What the next event's keeper will be paid by, as far as the chain tells now (R9)."""

from perpools.chain import feeds
from perpools.chain.node import Node
from perpools.chain.snapshot import Snapshot
from perpools.errors import ConfigError
from perpools.spec.fixed_point import WAD
from perpools.spec.rebalancing import Gas
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Wad

TYPICAL = 125_000
"""Gas of an event that executes orders, its fixed overhead included."""


def expected(node: Node, seen: Snapshot, used: int = TYPICAL) -> Gas:
    """
    For forecasts of a market: gas at its fast price, which a feed or the block tells, paid at the
    present price of the native coin; `ChainError` where the node cannot be asked.
    """
    fast = _answer(node, seen.contracts.gas_feed) // WAD or seen.block.base_fee
    return Gas(used, fast, fast, _answer(node, seen.contracts.eth_feed))


def _answer(node: Node, feed: Address) -> Wad:
    """A feed's latest, or 0 where it gives none, whatever it does instead: as a market asks."""
    if feed == NOBODY:
        return 0
    try:
        found = feeds.latest(node, feed)
    except ConfigError:
        return 0
    return found.price if found else 0
