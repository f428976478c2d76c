# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Unapprovable, for tests only
@notice A market as far as a vault asks when it is made, and its collateral, which says no to approvals.
"""

from contracts.interfaces import ITerms


@external
@view
def terms() -> ITerms.Terms:
    found: ITerms.Terms = empty(ITerms.Terms)
    found.collateral = self
    return found


@external
@view
def tokens() -> address[2]:
    return [self, self]


@external
def approve(spender: address, amount: uint256) -> bool:
    return False
