"""Products, quotients, powers, logarithm and exponential of unsigned fixed-point numbers.

Prices, fees and leverage are WAD (10^18), fractions are ONE (10^36). The direction of every
rounding is part of the function's name. Words of the chain hold 256 bits: a product that would
not fit is a bug in the bounds of the caller, never a refusal, hence asserted.
"""

WAD = 10**18
ONE = 10**36
MAX_PRICE = 2**120
WORD = 2**256

LN2 = 693_147_180_559_945_309_417_232_121_458_176_568
LN_MARGIN = 16
EXP_MARGIN = 10


def mul_div_down(x: int, y: int, d: int) -> int:
    """`x * y / d`, rounded down."""
    assert 0 <= x * y < WORD, "product: beyond 256 bits"
    return x * y // d


def mul_div_up(x: int, y: int, d: int) -> int:
    """`x * y / d`, rounded up."""
    assert 0 <= x * y < WORD, "product: beyond 256 bits"
    return -(-x * y // d)


def pow_down(base: int, n: int) -> int:
    """`base^n` of a fraction of ONE (at most ONE), every step rounded down; n below 2^40."""
    assert 0 <= base <= ONE, "base: beyond its domain"
    assert 0 <= n < 2**40, "exponent: beyond its domain"
    result = ONE
    while n:
        if n & 1:
            result = mul_div_down(result, base, ONE)
        base = mul_div_down(base, base, ONE)
        n >>= 1
    return result


def pow_up(base: int, n: int) -> int:
    """`base^n` of a fraction of ONE (at most ONE), every step rounded up; n below 2^40."""
    assert 0 <= base <= ONE, "base: beyond its domain"
    assert 0 <= n < 2**40, "exponent: beyond its domain"
    result = ONE
    while n:
        if n & 1:
            result = mul_div_up(result, base, ONE)
        base = mul_div_up(base, base, ONE)
        n >>= 1
    return result


def atanh_down(t: int) -> int:
    """Area tangent of a fraction of at most 3/17 of ONE, rounded down.

    t + t^3/3 + t^5/5 + ... + t^43/43; what is left out is below 3 * 10^-36.
    """
    z = mul_div_down(t, t, ONE)
    total = 0
    for odd in range(43, 0, -2):
        total = ONE // odd + mul_div_down(total, z, ONE)
    return mul_div_down(total, t, ONE)


def log2_down(x: int) -> int:
    """The largest k with 2^k at most `x`; `x` in [1, 2^128)."""
    assert 1 <= x < 2**128, "logarithm: beyond its domain"
    return x.bit_length() - 1


def ln_ratio_down(high: int, low: int) -> int:
    """Natural logarithm of `high / low` in ONE, rounded down; 0 < low <= high < MAX_PRICE.

    With 2^k <= high/low < 2^(k+1) and x = high / (low * 2^k) in [1, 2), the logarithm is
    k ln 2 + 2 atanh((x-1) / (x+1)) up to x = 7/5, where the argument is at most 1/6, and
    (k+1) ln 2 - 2 atanh((2-x) / (2+x)) above, where it is below 3/17.
    At most 1.4 * 10^-34 below the exact value: k 10^-36 from ln 2, the rest from atanh.
    """
    assert 0 < low <= high < MAX_PRICE, "ratio: beyond its domain"
    k = log2_down(high // low)
    scaled = low << k
    if 5 * high <= 7 * scaled:
        return k * LN2 + 2 * atanh_down(mul_div_down(high - scaled, ONE, high + scaled))
    scaled *= 2
    above = 2 * atanh_down(mul_div_down(scaled - high, ONE, scaled + high)) + LN_MARGIN
    return (k + 1) * LN2 - above


# c_12, c_10, ... c_0 and c_11, c_9, ... c_1 of the approximant in `exp_neg_up`.
_EVEN = tuple(
    ONE * n // d
    for n, d in (
        (1, 1_295_295_050_649_600),
        (1, 107_833_420_800),
        (1, 59_907_456),
        (1, 104_880),
        (5, 2_576),
        (11, 92),
        (1, 1),
    )
)
_ODD = tuple(
    ONE * n // d
    for n, d in (
        (1, 8_303_173_401_600),
        (1, 2_156_668_416),
        (1, 2_202_480),
        (1, 6_440),
        (5, 276),
        (1, 2),
    )
)


def exp_neg_up(x: int) -> int:
    """`e^-x` of a number in ONE, rounded up; at least 10^-35, at most ONE. Any `x`.

    With x = n ln 2 + r, e^-x = 2^-n (p - q) / (p + q), the Pade approximant of e^-r of degree
    12 over 12: p and q are the even and the odd part of the sum of c_j r^j, where c_0 = 1,
    c_j = c_(j-1) (13-j) / ((25-j) j). It differs from e^-r by at most r^25 (12!)^2 / (24! 25!),
    below 3 * 10^-36. The result is at most 2 * 10^-35 above the exact value.
    """
    assert 0 <= x < WORD, "exponent: beyond its domain"
    n, r = divmod(x, LN2)
    z = mul_div_down(r, r, ONE)
    p = _horner(_EVEN, z)
    q = mul_div_down(_horner(_ODD, z), r, ONE)
    fraction = mul_div_down(p - q, ONE, p + q)
    return min((fraction >> n) + EXP_MARGIN, ONE)


def _horner(coefficients: tuple[int, ...], z: int) -> int:
    """Value at `z` of the polynomial with these coefficients, highest power first."""
    total = 0
    for coefficient in coefficients:
        total = coefficient + mul_div_down(total, z, ONE)
    return total
