# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Vault claims
@notice What came of a controller's requests, claimed from the oldest to the newest (R10, R17). A
        request receives its part of what its batch received, rounded down once; portions of it
        add up to exactly that.
"""

from ..interfaces import IERC7540
from ..lib import portions
from ..lib import rates
from . import operators
from . import request_queue
from . import underlying

uses: operators
uses: request_queue
uses: underlying

# Requests that one claim looks at, refunded ones included: as many epochs as the market settles for
# an account at most, so that a claim always fits a block. Whatever is behind them comes next.
MOST: constant(uint256) = 64


@deploy
def __init__():
    pass


@external
@nonreentrant
def deposit(assets: uint256, receiver: address, controller: address = msg.sender) -> uint256:
    """
    @notice Claim the tokens of executed deposit requests that paid `assets`, oldest first.
    @return Tokens received.
    """
    shares: uint256 = self._claim(underlying.DEPOSIT, assets, receiver, controller, False)[1]

    log IERC7540.Deposit(sender=controller, owner=receiver, assets=assets, shares=shares)
    return shares


@external
@nonreentrant
def mint(shares: uint256, receiver: address, controller: address = msg.sender) -> uint256:
    """
    @notice Claim `shares` tokens of executed deposit requests, oldest first.
    @return Collateral that had been paid for them.
    """
    assets: uint256 = self._claim(underlying.DEPOSIT, shares, receiver, controller, True)[0]

    log IERC7540.Deposit(sender=controller, owner=receiver, assets=assets, shares=shares)
    return assets


@external
@nonreentrant
def redeem(shares: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Claim the collateral of executed redeem requests that gave `shares`, oldest first.
    @return Collateral received.
    """
    assets: uint256 = self._claim(underlying.REDEEM, shares, receiver, controller, False)[1]

    self._tell_withdraw(receiver, controller, assets, shares)
    return assets


@external
@nonreentrant
def withdraw(assets: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Claim `assets` collateral of executed redeem requests, oldest first.
    @return Tokens that had been given for it.
    """
    shares: uint256 = self._claim(underlying.REDEEM, assets, receiver, controller, True)[0]

    self._tell_withdraw(receiver, controller, assets, shares)
    return shares


@external
@nonreentrant
def skip_refunded(flow: uint256, controller: address):
    """
    @notice Take refunded requests in front of a controller's executed ones out of the way, as many
            as one claim looks at; anybody may. Claims do the same with those they pass; these are
            for a queue of so many that no claim passes them. They stay claimable like requests
            that were taken back.
    @param flow 0 deposits, 1 redemptions.
    """
    epoch: uint256 = request_queue._queue(flow, controller).first
    for _: uint256 in range(MOST):
        if epoch == 0:
            break
        request: request_queue.Request = request_queue._request(flow, controller, epoch)
        batch: underlying.Batch = underlying._batch(flow, epoch)
        if batch.paid_out != 0 or not batch.closed:
            break
        request_queue._return(flow, controller, epoch, request.amount)
        epoch = request.after


@external
@nonreentrant
@view
def maxDeposit(controller: address) -> uint256:
    """
    @notice The most that `deposit` claims for a controller in one call.
    """
    return self._claimable(underlying.DEPOSIT, controller)[0]


@external
@nonreentrant
@view
def maxMint(controller: address) -> uint256:
    """
    @notice The most that `mint` claims for a controller in one call.
    """
    return self._claimable(underlying.DEPOSIT, controller)[1]


@external
@nonreentrant
@view
def maxRedeem(controller: address) -> uint256:
    """
    @notice The most that `redeem` claims for a controller in one call.
    """
    return self._claimable(underlying.REDEEM, controller)[0]


@external
@nonreentrant
@view
def maxWithdraw(controller: address) -> uint256:
    """
    @notice The most that `withdraw` claims for a controller in one call.
    """
    return self._claimable(underlying.REDEEM, controller)[1]


@internal
def _claim(
    flow: uint256, wanted: uint256, receiver: address, controller: address, by_due: bool
) -> (uint256, uint256):
    """
    @notice Claim so much of what was given, or of what is due.
    @return What was given, and what was received for it.
    """
    operators._authorise(controller)
    assert wanted != 0, "amount: zero"

    given: uint256 = 0
    received: uint256 = 0
    given, received = self._consume(flow, wanted, controller, by_due)

    underlying._pay(underlying._item_out(flow), received, receiver)
    return given, received


@internal
def _consume(flow: uint256, wanted: uint256, controller: address, by_due: bool) -> (uint256, uint256):
    """
    @notice Take executed requests out of the queue, the last of them perhaps in part, and refunded
            ones out of the way.
    """
    given: uint256 = 0
    received: uint256 = 0
    missing: uint256 = wanted
    epoch: uint256 = request_queue._queue(flow, controller).first
    for _: uint256 in range(MOST):
        if missing == 0 or epoch == 0:
            break
        request: request_queue.Request = request_queue._request(flow, controller, epoch)
        batch: underlying.Batch = underlying._batch(flow, epoch)
        if not batch.closed:
            break
        if batch.paid_out == 0:
            request_queue._return(flow, controller, epoch, request.amount)
        else:
            due: uint256 = self._due(request.amount, batch, request_queue._queue(flow, controller).due)
            taken: uint256 = 0
            paid: uint256 = 0
            taken, paid = self._portion(request.amount, due, missing, by_due)
            request_queue._claim(flow, controller, epoch, taken, due - paid)
            given += taken
            received += paid
            missing -= paid if by_due else taken
        epoch = request.after
    assert missing == 0, "claim: more than claimable"
    return given, received


@internal
@view
def _claimable(flow: uint256, controller: address) -> (uint256, uint256):
    """
    @notice What one claim can take: what was given, and what is due for it.
    """
    given: uint256 = 0
    due: uint256 = 0
    queue: request_queue.Queue = request_queue._queue(flow, controller)
    for _: uint256 in range(MOST):
        if queue.first == 0:
            break
        request: request_queue.Request = request_queue._request(flow, controller, queue.first)
        batch: underlying.Batch = underlying._batch(flow, queue.first)
        if not batch.closed:
            break
        if batch.paid_out != 0:
            given += request.amount
            due += self._due(request.amount, batch, queue.due)
            queue.due = 0
        queue.first = request.after
    return given, due


@internal
@pure
def _due(amount: uint256, batch: underlying.Batch, rest: uint256) -> uint256:
    """
    @notice What is due to an executed request: the rest, where a portion was claimed before.
    """
    return rest if rest != 0 else rates._payout(amount, batch.paid_in, batch.paid_out)


@internal
@pure
def _portion(given: uint256, due: uint256, wanted: uint256, by_due: bool) -> (uint256, uint256):
    return portions._by_due(given, due, wanted) if by_due else portions._by_given(given, due, wanted)


@internal
def _tell_withdraw(receiver: address, controller: address, assets: uint256, shares: uint256):
    log IERC7540.Withdraw(
        sender=msg.sender, receiver=receiver, owner=controller, assets=assets, shares=shares
    )
