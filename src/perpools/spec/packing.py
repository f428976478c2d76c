"""
Two numbers below 2**128 in one word, as contracts store them. Mirrors `contracts/lib/packing.vy`.
"""

HALF_BITS = 128
HALF_MASK = 2**128 - 1


def pack(low: int, high: int) -> int:
    """The word of two halves, each below 2**128."""
    return low | high << HALF_BITS


def low(word: int) -> int:
    """The lower half of a word."""
    return word & HALF_MASK


def high(word: int) -> int:
    """The upper half of a word."""
    return word >> HALF_BITS


def half(word: int, index: int) -> int:
    """The half of a word that belongs to a side: long below, short above."""
    return word >> index * HALF_BITS & HALF_MASK
