# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Underlying
@notice Owns which side of which market a vault stands for, and makes every call to that market,
        where the vault is an account like any other: owner and controller of all its orders.
        Flow 0 is deposits, flow 1 redemptions: the mints and the burns of the side.
"""

from ethereum.ercs import IERC20

from ..interfaces import IMarketAccount
from ..interfaces import IMarketViews
from ..lib import kinds
from ..lib import rates

DEPOSIT: constant(uint256) = 0
REDEEM: constant(uint256) = 1


struct Batch:
    paid_in: uint256
    paid_out: uint256
    # executed or refundable: nothing about it changes any more
    closed: bool


MARKET: public(immutable(address))
SIDE: public(immutable(uint256))
ASSET: immutable(address)
SHARE: immutable(address)


@deploy
def __init__(market: address, side: uint256):
    assert side < 2, "side: unknown"
    MARKET = market
    SIDE = side
    ASSET = (staticcall IMarketViews(market).terms()).collateral
    SHARE = (staticcall IMarketViews(market).tokens())[side]
    # the market takes what its own orders pay, in the call that places them, and nothing else
    approved: bool = extcall IERC20(ASSET).approve(market, max_value(uint256), default_return_value=True)
    assert approved, "collateral: refused"


@external
@view
def asset() -> address:
    """
    @notice The market's collateral.
    """
    return ASSET


@external
@view
def share() -> address:
    """
    @notice The side's token. It is the same for every vault of this side, and for none.
    """
    return SHARE


@external
@nonreentrant
@view
def totalAssets() -> uint256:
    """
    @notice Collateral of the whole side, as of the last event: what all its tokens are worth.
    """
    return self._rate()[0]


@external
@nonreentrant
@view
def convertToShares(assets: uint256) -> uint256:
    """
    @notice Tokens that collateral is worth at the rate of the last event, without fees; rounded
            down. No request is executed at this rate: the one that executes it is that of its own
            epoch.
    """
    balance: uint256 = 0
    supply: uint256 = 0
    balance, supply = self._rate()
    return rates._tokens_for_assets(assets, balance, supply)


@external
@nonreentrant
@view
def convertToAssets(shares: uint256) -> uint256:
    """
    @notice Collateral that tokens are worth at the rate of the last event, without fees; rounded
            down. No request is executed at this rate: the one that executes it is that of its own
            epoch.
    """
    balance: uint256 = 0
    supply: uint256 = 0
    balance, supply = self._rate()
    return rates._assets_for_tokens(shares, balance, supply)


@internal
@view
def _rate() -> (uint256, uint256):
    """
    @notice The side's balance and supply.
    """
    balances: uint256[2] = empty(uint256[2])
    supplies: uint256[2] = empty(uint256[2])
    balances, supplies = staticcall IMarketViews(MARKET).balances_and_supplies()
    return balances[SIDE], supplies[SIDE]


@internal
@view
def _batch(flow: uint256, epoch: uint256) -> Batch:
    """
    @notice All orders of the market in an epoch, of the kind that a flow places.
    """
    paid_in: uint256 = 0
    paid_out: uint256 = 0
    paid_in, paid_out = staticcall IMarketViews(MARKET).batch(epoch, self._kind(flow))
    closed: bool = paid_out != 0
    if not closed:
        progress: IMarketViews.Progress = staticcall IMarketViews(MARKET).progress()
        closed = epoch <= progress.last_epoch or progress.wound_down
    return Batch(paid_in=paid_in, paid_out=paid_out, closed=closed)


@internal
def _order(flow: uint256, owner: address, amount: uint256) -> uint256:
    """
    @notice Take payment from an owner who approved it, and order with it.
    @return The epoch it joined.
    """
    token: address = ASSET if flow == DEPOSIT else SHARE
    paid: bool = extcall IERC20(token).transferFrom(owner, self, amount, default_return_value=True)
    assert paid, "collateral: refused"
    return extcall IMarketAccount(MARKET).place_order(self._kind(flow), amount)


@internal
def _take_back(flow: uint256, epoch: uint256, amount: uint256):
    """
    @notice Take part of the vault's order in an epoch back into escrow: the market gives back the
            whole, and what others requested is ordered again at once. That joins the same epoch,
            or the market would not have given it back (R4).
    """
    kind: uint256 = self._kind(flow)
    ordered: uint256 = extcall IMarketAccount(MARKET).cancel_order(epoch, kind)
    if ordered != amount:
        extcall IMarketAccount(MARKET).place_order(kind, ordered - amount, ordered - amount)


@internal
def _pay(item: uint256, amount: uint256, receiver: address):
    """
    @notice Send what the market holds for the vault; it never passes through the vault itself.
    """
    if amount != 0:
        extcall IMarketAccount(MARKET).withdraw(item, amount, self, receiver)


@internal
@view
def _item_in(flow: uint256) -> uint256:
    return kinds._item_in(self._kind(flow))


@internal
@view
def _item_out(flow: uint256) -> uint256:
    return kinds._item_out(self._kind(flow))


@internal
@view
def _kind(flow: uint256) -> uint256:
    """
    @notice The kind of order that a flow places.
    """
    return 2 * flow + SIDE
