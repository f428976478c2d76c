"""
Who holds which tokens in the fast engine: a supply is the sum of all that is held, however large
it has been.

Supplies are kept as two numbers, the second what the first has no digits for. What a wallet's
rounding takes or gives, the supply does too: once a large holding is gone, nothing is left of its
rounding, neither in the supply nor, so, in the rates. Every function here also compiles with Numba.
"""

from .pool import Row

SUPPLY, REST = 2, 5
"""Where a pool's row has the long supply, and what that has no digits for; the short's follow."""


def lost(held: float, amount: float, total: float) -> float:
    """What rounding took from `held + amount` to make it `total`; exact (Knuth)."""
    counted = total - held
    return (held - (total - counted)) + (amount - counted)


def supply(pool: Row, side: int, tokens: float) -> None:
    """Add tokens to a side's supply; below zero: take them from it."""
    first = pool[SUPPLY + side]
    total = first + tokens
    rest = pool[REST + side] + lost(first, tokens, total)
    pool[SUPPLY + side] = total + rest
    pool[REST + side] = lost(total, rest, total + rest)


def hold(pool: Row, side: int, wallet: Row, place: int, tokens: float) -> None:
    """Put tokens that there are into a wallet, or below zero take them out."""
    held = wallet[place]
    wallet[place] = held + tokens
    supply(pool, side, -lost(held, tokens, held + tokens))


def mint(pool: Row, side: int, wallet: Row, place: int, tokens: float) -> None:
    """Put new tokens into a wallet; below zero: burn what it has."""
    supply(pool, side, tokens)
    hold(pool, side, wallet, place, tokens)
