# pragma version 0.4.3
"""
@title Terms, made callable
@notice For tests only. One line per function of `lib/terms.vy`.
"""

from contracts.interfaces import ITerms
from contracts.lib import terms as lib


@external
@pure
def check(terms: ITerms.Terms, decimals: uint256, seed_assets: uint256):
    lib._check(terms, decimals, seed_assets)
