"""
The six kinds of order, and what they are paid with and pay (R3). Mirrors
`contracts/lib/kinds.vy`.

`kind % 2` is an order's side. Mints pay collateral for tokens of their side, burns tokens of
their side for collateral, flips tokens of their side for tokens of the other.
"""

LONG, SHORT = SIDES = (0, 1)
LONG_MINT, SHORT_MINT, LONG_BURN, SHORT_BURN, LONG_FLIP, SHORT_FLIP = KINDS = range(6)
ASSETS, LONG_TOKENS, SHORT_TOKENS = ITEMS = range(3)
"""What can be paid: collateral, or the tokens of a side."""


def item_in(kind: int) -> int:
    """What an order of `kind` is paid with."""
    return ASSETS if kind < LONG_BURN else LONG_TOKENS + kind % 2


def item_out(kind: int) -> int:
    """What an order of `kind` receives when it is executed."""
    if kind < LONG_BURN:
        return LONG_TOKENS + kind % 2
    return ASSETS if kind < LONG_FLIP else SHORT_TOKENS - kind % 2
