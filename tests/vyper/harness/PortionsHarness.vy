# pragma version 0.4.3
"""
@title Portions, made callable
@notice For tests only. One line per function of `lib/portions.vy`.
"""

from contracts.lib import portions


@external
@pure
def by_given(given: uint256, due: uint256, wanted: uint256) -> (uint256, uint256):
    return portions._by_given(given, due, wanted)


@external
@pure
def by_due(given: uint256, due: uint256, wanted: uint256) -> (uint256, uint256):
    return portions._by_due(given, due, wanted)
