# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Charter
@notice Owns everything that is fixed for ever when a market is deployed (R1).
"""

from ..interfaces import ITerms
from ..lib import schedule

TERMS: immutable(ITerms.Terms)

# 10**(18 - decimals of the collateral): whole units of it and whole tokens have one scale.
ASSET_SCALE: immutable(uint256)


@deploy
def __init__(terms: ITerms.Terms, asset_scale: uint256):
    TERMS = terms
    ASSET_SCALE = asset_scale


@external
@view
def terms() -> ITerms.Terms:
    """
    @notice Everything that was fixed when the market was deployed.
    """
    return TERMS


@external
@view
def epoch_joined() -> uint256:
    """
    @notice The epoch that an order placed in this block joins.
    """
    return self._epoch_joined()


@internal
@view
def _epoch_joined() -> uint256:
    return schedule._epoch_joined(block.timestamp, TERMS.front_running_interval_s, TERMS.interval_s)


@internal
@view
def _grid_point(epoch: uint256) -> uint256:
    """
    @notice The moment whose price executes the orders of `epoch`.
    """
    return schedule._grid_point(epoch, TERMS.interval_s)
