# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Custody
@notice Owns which tokens a market deals in, and moves them: the one place where collateral,
        L- and S-tokens and native coin enter and leave.
"""

from ethereum.ercs import IERC20

from ..interfaces import ISideToken
from ..lib import kinds
from . import charter

uses: charter

TOKENS: immutable(address[2])


@deploy
def __init__(long_token: address, short_token: address):
    TOKENS = [long_token, short_token]


@external
@view
def tokens() -> address[2]:
    """
    @notice The L- and the S-token.
    """
    return TOKENS


@internal
def _collect(owner: address, item: uint256, amount: uint256):
    """
    @notice Take payment from a wallet: collateral must arrive in full, tokens need no approval.
    """
    if amount == 0:
        return
    if item != kinds.ASSETS:
        extcall ISideToken(TOKENS[item - kinds.LONG_TOKENS]).take(owner, amount)
        return
    collateral: IERC20 = IERC20(charter.TERMS.collateral)
    held: uint256 = staticcall collateral.balanceOf(self)
    paid: bool = extcall collateral.transferFrom(owner, self, amount, default_return_value=True)
    assert paid, "collateral: refused"
    assert staticcall collateral.balanceOf(self) == held + amount, "collateral: not as sent"


@internal
def _pay_out(receiver: address, item: uint256, amount: uint256):
    """
    @notice Send collateral or tokens in the market's care.
    """
    if amount == 0:
        return
    token: address = charter.TERMS.collateral
    if item != kinds.ASSETS:
        token = TOKENS[item - kinds.LONG_TOKENS]
    paid: bool = extcall IERC20(token).transfer(receiver, amount, default_return_value=True)
    assert paid, "collateral: refused"


@internal
def _pay_tip(tip: uint256):
    """
    @notice Send the caller the tips it earned or got back.
    """
    if tip != 0:
        paid: bool = raw_call(msg.sender, b"", value=tip, revert_on_failure=False)
        assert paid, "tip: refused"
