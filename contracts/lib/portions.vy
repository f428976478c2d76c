# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Portions
@notice A request of a vault, claimed in portions (R17): `given` is what it paid and what is not
        claimed yet, `due` what it receives for that. Both go to zero together and nothing is
        left behind, whatever the portions: only their sizes are rounded.
@custom:model perpools.spec.portions
"""

from . import fixed_point as fp


@internal
@pure
def _by_given(given: uint256, due: uint256, wanted: uint256) -> (uint256, uint256):
    """
    @notice The portion that `wanted` of what was given stands for, at most all of it; what it
            receives is rounded down.
    @param given Not zero.
    @return What was given for the portion, and what it receives.
    """
    taken: uint256 = min(wanted, given)
    return taken, fp._mul_div_down(due, taken, given)


@internal
@pure
def _by_due(given: uint256, due: uint256, wanted: uint256) -> (uint256, uint256):
    """
    @notice The portion that receives `wanted`, or all there is if that is no more; what was given
            for it is rounded down, so that something given stands for whatever is still due.
    @return What was given for the portion, and what it receives.
    """
    if wanted >= due:
        return given, due
    return fp._mul_div_down(given, wanted, due), wanted
