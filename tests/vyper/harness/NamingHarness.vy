# pragma version 0.4.3
"""
@title Naming, made callable
@notice For tests only. One line per function of `lib/naming.vy`.
"""

from contracts.lib import naming


@external
@pure
def HUNDREDTH_WAD() -> uint256:
    return naming.HUNDREDTH_WAD


@external
@pure
def symbol(leverage_wad: uint256, side: String[2], name: String[32]) -> String[44]:
    return naming._symbol(leverage_wad, side, name)
