# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Fee account
@notice Owns the management fees accrued and who may pull them (R8): a primary recipient (0) and a
        secondary one (1), each of whom alone may hand its place over, in two steps.
"""

from ..interfaces import IMarket
from ..lib import fees
from ..lib import kinds
from ..lib import packing
from . import custody

uses: custody

word: uint256
recipients: address[2]
proposed: address[2]


@deploy
def __init__(primary: address, secondary: address):
    self.recipients = [primary, secondary]


@external
@nonreentrant
def pay_fees(which: uint256) -> uint256:
    """
    @notice Send the primary (0) or the secondary (1) recipient its management fees; anyone may ask.
    @return Collateral sent.
    """
    recipient: address = empty(address)
    assets: uint256 = 0
    recipient, assets = self._take(which)

    custody._pay_out(recipient, kinds.ASSETS, assets)

    log IMarket.FeesPaid(which=which, recipient=recipient, assets=assets)
    return assets


@external
@nonreentrant
def propose_recipient(which: uint256, proposed: address):
    """
    @notice Name the account that may take a recipient's place; the recipient itself must call.
    """
    self._check(which)
    assert msg.sender == self.recipients[which], "recipient: not the sender"

    self.proposed[which] = proposed

    log IMarket.RecipientProposed(which=which, proposed=proposed)


@external
@nonreentrant
def accept_recipient(which: uint256):
    """
    @notice Take a recipient's place; the account proposed must call.
    """
    self._check(which)
    assert msg.sender == self.proposed[which], "recipient: not proposed"

    self.recipients[which] = msg.sender
    self.proposed[which] = empty(address)

    log IMarket.RecipientChanged(which=which, recipient=msg.sender)


@external
@nonreentrant
@view
def fees_accrued() -> (uint256, uint256):
    """
    @notice Collateral that the primary and the secondary recipient may pull.
    """
    word: uint256 = self.word
    return word & packing.HALF_MASK, word >> packing.HALF_BITS


@external
@nonreentrant
@view
def fee_recipients() -> (address[2], address[2]):
    """
    @notice Both recipients, and who may take their places.
    """
    return self.recipients, self.proposed


@internal
@pure
def _check(which: uint256):
    assert which < 2, "recipient: unknown"


@internal
def _accrue(fee_assets: uint256, secondary_share_wad: uint256):
    """
    @notice Add a fee, split between both recipients.
    """
    if fee_assets == 0:
        return
    primary: uint256 = 0
    secondary: uint256 = 0
    primary, secondary = fees._split(fee_assets, secondary_share_wad)
    self.word += packing._pack(primary, secondary)


@internal
def _take(which: uint256) -> (address, uint256):
    """
    @notice Take out everything accrued for one recipient.
    """
    self._check(which)
    word: uint256 = self.word
    assets: uint256 = packing._half(word, which)
    assert assets != 0, "fees: none"
    self.word = word - (assets << (packing.HALF_BITS * which))
    return self.recipients[which], assets
