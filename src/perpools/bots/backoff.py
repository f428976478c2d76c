"""How long to wait after failures, and how keepers avoid each other: pure, given the dice."""

from hashlib import sha256

from perpools.spec.units import Address, Epoch, Seconds

_MOST_DOUBLINGS = 32
"""Beyond any sensible limit, and far from what a float cannot hold."""


def delay_s(failures: int, base_s: float, most_s: float, chance: float) -> float:
    """
    Seconds to wait after so many failures in a row: doubled with each, up to the most, and between
    half and all of it as `chance` in [0, 1) says, so that what failed together is not retried
    together.
    """
    if failures <= 0:
        return 0.0
    longest = min(most_s, base_s * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
    return longest * (1 + chance) / 2


def stagger_s(account: Address, market: Address, epoch: Epoch, most_s: Seconds) -> Seconds:
    """
    Seconds from 0 to `most_s` that an account leaves to others at a grid point: the same whenever
    it is asked, another for each account, market and epoch, so that no keeper is always first.
    """
    told = sha256(f"{account} {market} {epoch}".encode()).digest()
    return int.from_bytes(told[:8], "big") % (most_s + 1)
