# pragma version 0.4.3
"""
@title Transfer curves, made callable
@license Apache-2.0
@notice For tests only. One line per function of `lib/transfer_curves.vy`, and its price in gas.
@custom:kill it cannot be stopped: pure
"""

from contracts.lib import transfer_curves as curves


@external
@pure
def power(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    return curves._power(p0, p1, leverage)


@external
@pure
def sigmoid(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    return curves._sigmoid(p0, p1, leverage)


@external
@pure
def linear(p0: uint256, p1: uint256, leverage: uint256, cap: uint256) -> uint256:
    return curves._linear(p0, p1, leverage, cap)


@external
@view
def gas_of_power(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    before: uint256 = msg.gas
    curves._power(p0, p1, leverage)
    return before - msg.gas


@external
@view
def gas_of_sigmoid(p0: uint256, p1: uint256, leverage: uint256) -> uint256:
    before: uint256 = msg.gas
    curves._sigmoid(p0, p1, leverage)
    return before - msg.gas


@external
@view
def gas_of_linear(p0: uint256, p1: uint256, leverage: uint256, cap: uint256) -> uint256:
    before: uint256 = msg.gas
    curves._linear(p0, p1, leverage, cap)
    return before - msg.gas
