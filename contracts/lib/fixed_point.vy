# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Fixed-point arithmetic
@license Apache-2.0
@notice Products, quotients, powers, logarithm and exponential of unsigned fixed-point numbers.
        Prices, fees and leverage are WAD (10^18), fractions are ONE (10^36).
        The direction of every rounding is part of the function's name.
@custom:model perpools.spec.fixed_point
"""

# 18 decimals, so that prices and leverage read like amounts of ether.
WAD: constant(uint256) = 10**18
# 36 decimals: the square of a fraction still leaves 16 bits of a word free.
ONE: constant(uint256) = 10**36
# Prices stay below it, so that price * ONE fits a word.
MAX_PRICE: constant(uint256) = 2**120

# The natural logarithm of two, in ONE, rounded down.
LN2: constant(uint256) = 693_147_180_559_945_309_417_232_121_458_176_568
# Units of 10^-36 by which twice the area tangent may come out too small: 5 rounding, 6 truncation.
LN_MARGIN: constant(uint256) = 16
# Units of 10^-36 by which the exponential may come out too small: 6 rounding, 3 truncation.
EXP_MARGIN: constant(uint256) = 10


@internal
@pure
def _mul_div_down(x: uint256, y: uint256, d: uint256) -> uint256:
    """
    @notice `x * y / d`, rounded down. The product must fit 256 bits.
    """
    return x * y // d


@internal
@pure
def _mul_div_up(x: uint256, y: uint256, d: uint256) -> uint256:
    """
    @notice `x * y / d`, rounded up. The product must fit 256 bits.
    """
    product: uint256 = x * y
    if product % d == 0:
        return product // d
    return unsafe_add(product // d, 1)  # a remainder implies d > 1


@internal
@pure
def _pow_down(base: uint256, n: uint256) -> uint256:
    """
    @notice `base^n` of a fraction of ONE (at most ONE), every step rounded down; n below 2^40.
    """
    result: uint256 = ONE
    square: uint256 = base
    rest: uint256 = n
    for _: uint256 in range(40):
        if rest & 1 == 1:
            result = unsafe_mul(result, square) // ONE  # both at most ONE: below 2^240
        rest >>= 1
        if rest == 0:
            break
        square = unsafe_mul(square, square) // ONE  # at most ONE, as above
    return result


@internal
@pure
def _pow_up(base: uint256, n: uint256) -> uint256:
    """
    @notice `base^n` of a fraction of ONE (at most ONE), every step rounded up; n below 2^40.
    """
    result: uint256 = ONE
    square: uint256 = base
    rest: uint256 = n
    for _: uint256 in range(40):
        if rest & 1 == 1:
            # both at most ONE: below 2^240, and the quotient is at most ONE again
            result = unsafe_add(unsafe_mul(result, square), ONE - 1) // ONE
        rest >>= 1
        if rest == 0:
            break
        square = unsafe_add(unsafe_mul(square, square), ONE - 1) // ONE  # as above
    return result


@internal
@pure
def _atanh_down(t: uint256) -> uint256:
    """
    @notice Area tangent of a fraction of at most 3/17 of ONE, rounded down.
    @dev t + t^3/3 + t^5/5 + ... + t^43/43; what is left out is below 3 * 10^-36.
    """
    z: uint256 = unsafe_mul(t, t) // ONE
    # no step can overflow: z and s are at most ONE, so that z * s < 2^240
    s: uint256 = unsafe_add(ONE // 41, unsafe_mul(ONE // 43, z) // ONE)
    s = unsafe_add(ONE // 39, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 37, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 35, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 33, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 31, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 29, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 27, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 25, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 23, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 21, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 19, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 17, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 15, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 13, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 11, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 9, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 7, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 5, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE // 3, unsafe_mul(s, z) // ONE)
    s = unsafe_add(ONE, unsafe_mul(s, z) // ONE)
    return unsafe_mul(s, t) // ONE


@internal
@pure
def _log2_down(x: uint256) -> uint256:
    """
    @notice The largest k with 2^k at most `x`; `x` in [1, 2^128).
    """
    k: uint256 = 0
    rest: uint256 = x
    if rest >= 2**64:
        rest >>= 64
        k = 64
    if rest >= 2**32:
        rest >>= 32
        k |= 32
    if rest >= 2**16:
        rest >>= 16
        k |= 16
    if rest >= 2**8:
        rest >>= 8
        k |= 8
    if rest >= 2**4:
        rest >>= 4
        k |= 4
    if rest >= 2**2:
        rest >>= 2
        k |= 2
    return k | (rest >> 1)


@internal
@pure
def _ln_ratio_down(high: uint256, low: uint256) -> uint256:
    """
    @notice Natural logarithm of `high / low` in ONE, rounded down; 0 < low <= high < MAX_PRICE.
    @dev With 2^k <= high/low < 2^(k+1) and x = high / (low * 2^k) in [1, 2), the logarithm is
        k ln 2 + 2 atanh((x-1) / (x+1))  up to x = 7/5, where the argument is at most 1/6, and
        (k+1) ln 2 - 2 atanh((2-x) / (2+x))  above, where it is below 3/17.
        At most 1.4 * 10^-34 below the exact value: k 10^-36 from ln 2, the rest from atanh.
    """
    k: uint256 = 0
    scaled: uint256 = low
    if high >= unsafe_mul(low, 2):  # prices are below 2^120, here and in every line below
        k = self._log2_down(unsafe_div(high, low))
        scaled = low << k
    if unsafe_mul(high, 5) <= unsafe_mul(scaled, 7):
        t: uint256 = unsafe_div(
            unsafe_mul(unsafe_sub(high, scaled), ONE), unsafe_add(high, scaled)
        )
        return unsafe_add(unsafe_mul(k, LN2), unsafe_mul(self._atanh_down(t), 2))
    scaled = unsafe_mul(scaled, 2)
    t: uint256 = unsafe_div(unsafe_mul(unsafe_sub(scaled, high), ONE), unsafe_add(scaled, high))
    above: uint256 = unsafe_add(unsafe_mul(self._atanh_down(t), 2), LN_MARGIN)
    return unsafe_sub(unsafe_mul(unsafe_add(k, 1), LN2), above)  # at least ln(7/5) remains


@internal
@pure
def _exp_neg_up(x: uint256) -> uint256:
    """
    @notice `e^-x` of a number in ONE, rounded up; at least 10^-35, at most ONE. Any `x`.
    @dev With x = n ln 2 + r, e^-x = 2^-n (p - q) / (p + q), the Pade approximant of e^-r of degree
        12 over 12: p and q are the even and the odd part of the sum of c_j r^j, where c_0 = 1,
        c_j = c_(j-1) (13-j) / ((25-j) j). It differs from e^-r by at most r^25 (12!)^2 / (24! 25!),
        below 3 * 10^-36. The result is at most 2 * 10^-35 above the exact value.
    """
    n: uint256 = x // LN2
    r: uint256 = unsafe_sub(x, unsafe_mul(n, LN2))  # below ln 2
    z: uint256 = unsafe_mul(r, r) // ONE
    # no step can overflow: every factor is below 2 ONE, so that products are below 2^242
    p: uint256 = ONE // 1_295_295_050_649_600
    p = unsafe_add(ONE // 107_833_420_800, unsafe_mul(p, z) // ONE)
    p = unsafe_add(ONE // 59_907_456, unsafe_mul(p, z) // ONE)
    p = unsafe_add(ONE // 104_880, unsafe_mul(p, z) // ONE)
    p = unsafe_add(ONE * 5 // 2_576, unsafe_mul(p, z) // ONE)
    p = unsafe_add(ONE * 11 // 92, unsafe_mul(p, z) // ONE)
    p = unsafe_add(ONE, unsafe_mul(p, z) // ONE)
    q: uint256 = ONE // 8_303_173_401_600
    q = unsafe_add(ONE // 2_156_668_416, unsafe_mul(q, z) // ONE)
    q = unsafe_add(ONE // 2_202_480, unsafe_mul(q, z) // ONE)
    q = unsafe_add(ONE // 6_440, unsafe_mul(q, z) // ONE)
    q = unsafe_add(ONE * 5 // 276, unsafe_mul(q, z) // ONE)
    q = unsafe_add(ONE // 2, unsafe_mul(q, z) // ONE)
    q = unsafe_mul(q, r) // ONE
    fraction: uint256 = unsafe_div(unsafe_mul(unsafe_sub(p, q), ONE), unsafe_add(p, q))
    return min(unsafe_add(fraction >> n, EXP_MARGIN), ONE)
