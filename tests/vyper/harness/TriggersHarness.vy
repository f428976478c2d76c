# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Triggers, made callable
@notice For tests only.
"""

from contracts.lib import triggers


@external
@pure
def moved(reference: uint256, price: uint256, threshold_wad: uint256) -> bool:
    return triggers._moved(reference, price, threshold_wad)
