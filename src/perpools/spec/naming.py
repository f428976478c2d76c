"""Symbols of L- and S-tokens (R15): leverage, side, market. Mirrors `contracts/lib/naming.vy`."""

from .units import Wad

HUNDREDTH_WAD = 10**16
"""Leverage is a multiple of a hundredth (R1)."""


def symbol(leverage_wad: Wad, side: str, name: str) -> str:
    """Such as `3L-ETH/USD` or `1.25S-EUR/USD`; `side` is `L-` or `S-`."""
    whole, hundredths = divmod(leverage_wad // HUNDREDTH_WAD, 100)
    if hundredths == 0:
        return f"{whole}{side}{name}"
    return f"{whole}.{hundredths:02}".removesuffix("0") + side + name
