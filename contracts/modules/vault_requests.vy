# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Vault requests
@notice Requests to enter and to leave a side: made, taken back while their epoch is open, and
        refunded where the market refunds their batch (R3, R4, R12, R13, R17).
"""

from ..interfaces import IERC7540
from ..interfaces import IERC7887
from ..lib import checks
from ..lib import pool
from . import operators
from . import request_queue
from . import underlying

uses: operators
uses: request_queue
uses: underlying

@deploy
def __init__():
    pass


@external
@nonreentrant
def requestDeposit(assets: uint256, controller: address, owner: address) -> uint256:
    """
    @notice Pay collateral; receive tokens, to be claimed, at the rate of the epoch it joins.
    @param controller Owns the request and what comes of it.
    @param owner Pays, and has approved the vault; the caller, or who appointed it operator.
    @return The epoch it joined.
    """
    epoch: uint256 = self._request(underlying.DEPOSIT, assets, controller, owner)

    log IERC7540.DepositRequest(
        controller=controller, owner=owner, requestId=epoch, sender=msg.sender, assets=assets
    )
    return epoch


@external
@nonreentrant
def requestRedeem(shares: uint256, controller: address, owner: address) -> uint256:
    """
    @notice Give tokens; receive collateral, to be claimed, at the rate of the epoch it joins.
    @param controller Owns the request and what comes of it.
    @param owner Gives, and has approved the vault to take the token; the caller, or who appointed
           it operator.
    @return The epoch it joined.
    """
    epoch: uint256 = self._request(underlying.REDEEM, shares, controller, owner)

    log IERC7540.RedeemRequest(
        controller=controller, owner=owner, requestId=epoch, sender=msg.sender, shares=shares
    )
    return epoch


@external
@nonreentrant
def cancelDepositRequest(requestId: uint256, controller: address):
    """
    @notice Take a whole deposit request back; possible as long as the same request made now would
            join its epoch. The collateral waits to be claimed.
    """
    self._cancel(underlying.DEPOSIT, requestId, controller)

    log IERC7887.CancelDepositRequest(controller=controller, requestId=requestId, sender=msg.sender)


@external
@nonreentrant
def cancelRedeemRequest(requestId: uint256, controller: address):
    """
    @notice Take a whole redeem request back; possible as long as the same request made now would
            join its epoch. The tokens wait to be claimed.
    """
    self._cancel(underlying.REDEEM, requestId, controller)

    log IERC7887.CancelRedeemRequest(controller=controller, requestId=requestId, sender=msg.sender)


@external
@nonreentrant
def claimCancelDepositRequest(requestId: uint256, receiver: address, controller: address):
    """
    @notice Receive the collateral of a deposit request that was taken back, or whose batch the
            market refunded or will never execute.
    """
    assets: uint256 = self._claim_returned(underlying.DEPOSIT, requestId, receiver, controller)

    log IERC7887.CancelDepositClaim(
        controller=controller, receiver=receiver, requestId=requestId, sender=msg.sender, assets=assets
    )


@external
@nonreentrant
def claimCancelRedeemRequest(requestId: uint256, receiver: address, controller: address):
    """
    @notice Receive the tokens of a redeem request that was taken back, or whose batch the market
            refunded or will never execute.
    """
    shares: uint256 = self._claim_returned(underlying.REDEEM, requestId, receiver, controller)

    log IERC7887.CancelRedeemClaim(
        controller=controller, receiver=receiver, requestId=requestId, sender=msg.sender, shares=shares
    )


@external
@nonreentrant
@view
def pendingDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Collateral of a deposit request that was not executed yet.
    """
    return self._pending(underlying.DEPOSIT, requestId, controller)


@external
@nonreentrant
@view
def pendingRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Tokens of a redeem request that was not executed yet.
    """
    return self._pending(underlying.REDEEM, requestId, controller)


@external
@nonreentrant
@view
def claimableDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Collateral of a deposit request that was executed, as far as it is not claimed.
    """
    return self._executed(underlying.DEPOSIT, requestId, controller)


@external
@nonreentrant
@view
def claimableRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Tokens of a redeem request that was executed, as far as it is not claimed.
    """
    return self._executed(underlying.REDEEM, requestId, controller)


@external
@view
def pendingCancelDepositRequest(requestId: uint256, controller: address) -> bool:
    """
    @notice Never: a request is taken back at once.
    """
    return False


@external
@view
def pendingCancelRedeemRequest(requestId: uint256, controller: address) -> bool:
    """
    @notice Never: a request is taken back at once.
    """
    return False


@external
@nonreentrant
@view
def claimableCancelDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Collateral of a deposit request that was taken back, or is refunded.
    """
    return self._recoverable(underlying.DEPOSIT, requestId, controller)


@external
@nonreentrant
@view
def claimableCancelRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Tokens of a redeem request that was taken back, or is refunded.
    """
    return self._recoverable(underlying.REDEEM, requestId, controller)


@internal
def _request(flow: uint256, amount: uint256, controller: address, owner: address) -> uint256:
    operators._authorise(owner)
    checks._check_amount(amount, pool.LIMIT - 1)

    epoch: uint256 = underlying._order(flow, owner, amount)
    request_queue._join(flow, controller, epoch, amount)
    return epoch


@internal
def _cancel(flow: uint256, epoch: uint256, controller: address):
    operators._authorise(controller)
    amount: uint256 = request_queue._amount(flow, controller, epoch)
    assert amount != 0, "request: none"

    request_queue._return(flow, controller, epoch, amount)
    underlying._take_back(flow, epoch, amount)


@internal
def _claim_returned(flow: uint256, epoch: uint256, receiver: address, controller: address) -> uint256:
    operators._authorise(controller)
    returned: uint256 = request_queue.returned[flow][controller][epoch]
    refunded: uint256 = self._refunded(flow, epoch, controller)
    assert returned + refunded != 0, "claim: nothing"

    if returned != 0:
        request_queue._forget_returned(flow, controller, epoch)
    if refunded != 0:
        request_queue._take_out(flow, controller, epoch)

    underlying._pay(underlying._item_in(flow), returned + refunded, receiver)
    return returned + refunded


@internal
@view
def _pending(flow: uint256, epoch: uint256, controller: address) -> uint256:
    return 0 if underlying._batch(flow, epoch).closed else request_queue._amount(flow, controller, epoch)


@internal
@view
def _executed(flow: uint256, epoch: uint256, controller: address) -> uint256:
    if underlying._batch(flow, epoch).paid_out == 0:
        return 0
    return request_queue._amount(flow, controller, epoch)


@internal
@view
def _refunded(flow: uint256, epoch: uint256, controller: address) -> uint256:
    """
    @notice What a request paid whose batch received nothing, or never will.
    """
    batch: underlying.Batch = underlying._batch(flow, epoch)
    if not batch.closed or batch.paid_out != 0:
        return 0
    return request_queue._amount(flow, controller, epoch)


@internal
@view
def _recoverable(flow: uint256, epoch: uint256, controller: address) -> uint256:
    return request_queue.returned[flow][controller][epoch] + self._refunded(flow, epoch, controller)
