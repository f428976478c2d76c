# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A transfer function that nobody knows
"""

from contracts.interfaces import ITransfer

implements: ITransfer


@external
@view
def fraction(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    """
    @notice Half of everything, whatever the price did.
    """
    return 10**36 // 2
