"""
A request of a vault, claimed in portions (R17). Mirrors `contracts/lib/portions.vy`.

`given` is what it paid and what is not claimed yet, `due` what it receives for that. Both go to
zero together and nothing is left behind, whatever the portions: only their sizes are rounded.
"""

from .fixed_point import mul_div_down


def by_given(given: int, due: int, wanted: int) -> tuple[int, int]:
    """
    The portion that `wanted` of what was given stands for, at most all of it: what was given for
    it, and what it receives, rounded down.
    """
    taken = min(wanted, given)
    return taken, mul_div_down(due, taken, given)


def by_due(given: int, due: int, wanted: int) -> tuple[int, int]:
    """
    The portion that receives `wanted`, or all there is if that is no more: what was given for it,
    rounded down, so that something given stands for whatever is still due, and what it receives.
    """
    if wanted >= due:
        return given, due
    return mul_div_down(given, wanted, due), wanted
