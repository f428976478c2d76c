# pragma version 0.4.3
"""
@title Fixed-point arithmetic, made callable
@license Apache-2.0
@notice For tests only. One line per function of `lib/fixed_point.vy`.
@custom:kill it cannot be stopped: pure
"""

from contracts.lib import fixed_point as fp


@external
@pure
def WAD() -> uint256:
    return fp.WAD


@external
@pure
def ONE() -> uint256:
    return fp.ONE


@external
@pure
def MAX_PRICE() -> uint256:
    return fp.MAX_PRICE


@external
@pure
def LN2() -> uint256:
    return fp.LN2


@external
@pure
def LN_MARGIN() -> uint256:
    return fp.LN_MARGIN


@external
@pure
def EXP_MARGIN() -> uint256:
    return fp.EXP_MARGIN


@external
@pure
def mul_div_down(x: uint256, y: uint256, d: uint256) -> uint256:
    return fp._mul_div_down(x, y, d)


@external
@pure
def mul_div_up(x: uint256, y: uint256, d: uint256) -> uint256:
    return fp._mul_div_up(x, y, d)


@external
@pure
def pow_down(base: uint256, n: uint256) -> uint256:
    return fp._pow_down(base, n)


@external
@pure
def pow_up(base: uint256, n: uint256) -> uint256:
    return fp._pow_up(base, n)


@external
@pure
def atanh_down(t: uint256) -> uint256:
    return fp._atanh_down(t)


@external
@pure
def log2_down(x: uint256) -> uint256:
    return fp._log2_down(x)


@external
@pure
def ln_ratio_down(high: uint256, low: uint256) -> uint256:
    return fp._ln_ratio_down(high, low)


@external
@pure
def exp_neg_up(x: uint256) -> uint256:
    return fp._exp_neg_up(x)
