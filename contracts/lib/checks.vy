# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Checks
@notice What no operation of a market accepts.
@custom:model perpools.spec.checks
"""

from . import fixed_point as fp


@internal
@pure
def _check_kind(kind: uint256):
    """
    @notice Refuse an order of no kind.
    """
    assert kind < 6, "kind: unknown"


@internal
@pure
def _check_amount(amount: uint256, most: uint256):
    """
    @notice Refuse an amount that is nothing, or more than there can be.
    """
    assert amount != 0, "amount: zero"
    assert amount <= most, "amount: too large"


@internal
@pure
def _check_price(price: uint256):
    """
    @notice Refuse what is not a price.
    """
    assert price != 0, "price: zero"
    assert price < fp.MAX_PRICE, "price: too large"
