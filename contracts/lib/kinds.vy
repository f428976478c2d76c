# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Kinds of order
@notice The six kinds of order, and what they are paid with and pay (R3).
        `kind % 2` is an order's side. Mints pay collateral for tokens of their side, burns
        tokens of their side for collateral, flips tokens of their side for tokens of the other.
@custom:model perpools.spec.kinds
"""

LONG: constant(uint256) = 0
SHORT: constant(uint256) = 1

LONG_MINT: constant(uint256) = 0
SHORT_MINT: constant(uint256) = 1
LONG_BURN: constant(uint256) = 2
SHORT_BURN: constant(uint256) = 3
LONG_FLIP: constant(uint256) = 4
SHORT_FLIP: constant(uint256) = 5

ASSETS: constant(uint256) = 0
LONG_TOKENS: constant(uint256) = 1
SHORT_TOKENS: constant(uint256) = 2


@internal
@pure
def _item_in(kind: uint256) -> uint256:
    """
    @notice What an order of `kind` is paid with.
    """
    return ASSETS if kind < LONG_BURN else LONG_TOKENS + kind % 2


@internal
@pure
def _item_out(kind: uint256) -> uint256:
    """
    @notice What an order of `kind` receives when it is executed.
    """
    if kind < LONG_BURN:
        return LONG_TOKENS + kind % 2
    return ASSETS if kind < LONG_FLIP else SHORT_TOKENS - kind % 2
