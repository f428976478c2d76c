"""
Exponential, logarithm, sine and cosine that a compiler turns into vector instructions.

The library's own are calls, one number at a time, six times as slow (reference: any loop over
`math.exp`, which stays scalar). Each of these is a range reduction and a polynomial, without a
branch, good to a few units in the last place on the ranges stated.
"""

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

FAST_MATH = {"nnan", "ninf", "nsz", "contract"}
"""
Never `reassoc`: it may fold the rounding by a magic number away, and it leaves the order of
additions, and so the last bits, to the compiler.
"""

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "fastmath": FAST_MATH,
    "nogil": True,
    "cache": True,
}
"""
How every kernel is compiled: no check for a division by zero, so that loops stay loops of vectors;
without the interpreter's lock, so that threads run side by side; kept on disk.
"""

ROUNDING = 6_755_399_441_055_744.0
"""1.5 * 2**52: added and taken away again, it rounds to the nearest whole number."""

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
"""The logarithm of two in two parts; the first has so few bits that multiples of it are exact."""

MANTISSA = (1 << 52) - 1
EXPONENT_OF_ONE = 1023
SQRT_2 = 1.4142135623730951
PI = 3.141592653589793


def _float_of(typing_context: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


def _bits_of(typing_context: Any, number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


float_of: Any = intrinsic(_float_of)
"""The float that 64 bits are, in compiled code."""

bits_of: Any = intrinsic(_bits_of)
"""The 64 bits that a float is, in compiled code."""


@njit(inline="always")
def exp(x: float) -> Any:
    """`e ** x` for x in [-700, 700]."""
    shifted = x * LOG2_E + ROUNDING
    n = shifted - ROUNDING
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    p = 1 / 479_001_600
    p = p * r + 1 / 39_916_800
    p = p * r + 1 / 3_628_800
    p = p * r + 1 / 362_880
    p = p * r + 1 / 40_320
    p = p * r + 1 / 5_040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * float_of((bits_of(shifted) << 52) + (EXPONENT_OF_ONE << 52))


@njit(inline="always")
def log(x: float) -> Any:
    """The natural logarithm of a positive, normal x."""
    bits = bits_of(x)
    mantissa = float_of((bits & MANTISSA) | (EXPONENT_OF_ONE << 52))
    above = mantissa > SQRT_2
    m = mantissa * 0.5 if above else mantissa
    # a small whole number's float, from its bits: conversions of integers are slow in vectors
    n = float_of(((bits >> 52) & 2047) | 0x4330000000000000) - (4_503_599_627_370_496.0 + 1023)
    n = n + 1.0 if above else n
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 1.479819860511658591e-01
    p = p * z + 1.531383769920937332e-01
    p = p * z + 1.818357216161805012e-01
    p = p * z + 2.222219843214978396e-01
    p = p * z + 2.857142874366239149e-01
    p = p * z + 3.999999999940941908e-01
    p = p * z + 6.666666666666735130e-01
    half = 0.5 * f * f
    return n * LN2_HIGH - ((half - (s * (half + p * z) + n * LN2_LOW)) - f)


@njit(inline="always")
def sin_cos_of_turns(turns: float) -> tuple[float, float]:
    """Sine and cosine of so many whole turns, in [0, 1]."""
    shifted = 4.0 * turns + ROUNDING
    quadrant = bits_of(shifted) & 3
    x = (turns - 0.25 * (shifted - ROUNDING)) * (2.0 * PI)
    z = x * x
    s = 1.58962301576546568060e-10
    s = s * z - 2.50507477628578072866e-08
    s = s * z + 2.75573136213857245213e-06
    s = s * z - 1.98412698295895385996e-04
    s = s * z + 8.33333333332211858878e-03
    s = s * z - 1.66666666666666307295e-01
    sine = x + x * z * s
    c = -1.13585365213876817300e-11
    c = c * z + 2.08757008419747316778e-09
    c = c * z - 2.75573141792967388112e-07
    c = c * z + 2.48015872888517045348e-05
    c = c * z - 1.38888888888730564116e-03
    c = c * z + 4.16666666666665929218e-02
    cosine = 1.0 - 0.5 * z + z * z * c
    odd = (quadrant & 1) == 1
    first, second = (cosine, sine) if odd else (sine, cosine)
    # signs by the quadrant's bits: + + - - for the sine, + - - + for the cosine
    first = float_of(bits_of(first) ^ ((quadrant >> 1) << 63))
    second = float_of(bits_of(second) ^ (((quadrant ^ (quadrant >> 1)) & 1) << 63))
    return first, second
