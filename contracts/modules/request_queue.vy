# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Request queue
@notice Owns what controllers requested of a vault and have not claimed: one word for each
        controller, flow and epoch, in a queue from the oldest epoch to the newest, and one word
        for the queue. Joining it, leaving it from any place and claiming cost the same however
        long it is.
"""

from ..lib import packing

# Layout of the word of a request: its amount, then the epochs of the requests before and after it,
# 0 where there is none. No request is in epoch 0, and epochs are below 2**64 like the market's own.
AMOUNT_BITS: constant(uint256) = 128
AMOUNT_MASK: constant(uint256) = 2**128 - 1
EPOCH_BITS: constant(uint256) = 64
EPOCH_MASK: constant(uint256) = 2**64 - 1
BEFORE_AT: constant(uint256) = AMOUNT_BITS
AFTER_AT: constant(uint256) = AMOUNT_BITS + EPOCH_BITS
# Layout of the word of a queue: what is still due to the oldest executed request where a portion of
# it was claimed, then the epochs of the first and of the last request.
FIRST_AT: constant(uint256) = AMOUNT_BITS
LAST_AT: constant(uint256) = AMOUNT_BITS + EPOCH_BITS


struct Request:
    amount: uint256
    before: uint256
    after: uint256


struct Queue:
    # 0: nothing of the oldest executed request was claimed yet, or nothing is due to it
    due: uint256
    first: uint256
    last: uint256


# by flow, controller and epoch
requests: HashMap[uint256, HashMap[address, HashMap[uint256, uint256]]]
# by flow and controller
queues: HashMap[uint256, HashMap[address, uint256]]
# by flow, controller and epoch: taken back, or found to be refunded, and not claimed yet
returned: HashMap[uint256, HashMap[address, HashMap[uint256, uint256]]]


@deploy
def __init__():
    pass


@internal
@view
def _queue(flow: uint256, controller: address) -> Queue:
    word: uint256 = self.queues[flow][controller]
    return Queue(
        due=word & AMOUNT_MASK, first=(word >> FIRST_AT) & EPOCH_MASK, last=word >> LAST_AT
    )


@internal
@view
def _request(flow: uint256, controller: address, epoch: uint256) -> Request:
    word: uint256 = self.requests[flow][controller][epoch]
    return Request(
        amount=word & AMOUNT_MASK, before=(word >> BEFORE_AT) & EPOCH_MASK, after=word >> AFTER_AT
    )


@internal
@view
def _amount(flow: uint256, controller: address, epoch: uint256) -> uint256:
    """
    @notice What was requested in an epoch and not claimed.
    """
    return self.requests[flow][controller][epoch] & AMOUNT_MASK


@internal
def _join(flow: uint256, controller: address, epoch: uint256, amount: uint256):
    """
    @notice Add to the request in an epoch, which is none before the last one's.
    """
    word: uint256 = self.requests[flow][controller][epoch]
    if word != 0:
        # the market's batch holds all of them, and is below 2**128
        self.requests[flow][controller][epoch] = unsafe_add(word, amount)
        return
    queue: Queue = self._queue(flow, controller)
    if queue.first == 0:
        queue.first = epoch
    else:
        self.requests[flow][controller][queue.last] |= epoch << AFTER_AT
    self.requests[flow][controller][epoch] = amount | (queue.last << BEFORE_AT)
    queue.last = epoch
    self._set(flow, controller, queue)


@internal
def _claim(flow: uint256, controller: address, epoch: uint256, taken: uint256, still_due: uint256):
    """
    @notice Take a portion out of the oldest executed request, to which so much is due then.
    """
    request: Request = self._request(flow, controller, epoch)
    queue: Queue = self._queue(flow, controller)
    queue.due = still_due
    if taken == request.amount:
        queue = self._unlinked(flow, controller, epoch, queue)
    else:
        self.requests[flow][controller][epoch] -= taken
    self._set(flow, controller, queue)


@internal
def _take_out(flow: uint256, controller: address, epoch: uint256):
    """
    @notice Take out a whole request that was not executed.
    """
    self._set(flow, controller, self._unlinked(flow, controller, epoch, self._queue(flow, controller)))


@internal
def _return(flow: uint256, controller: address, epoch: uint256, amount: uint256):
    """
    @notice Take out a request that its controller took back, or that is refunded; it can be claimed.
    """
    self._take_out(flow, controller, epoch)
    self.returned[flow][controller][epoch] += amount


@internal
def _forget_returned(flow: uint256, controller: address, epoch: uint256):
    """
    @notice What was taken back has been claimed.
    """
    self.returned[flow][controller][epoch] = 0


@internal
def _unlinked(flow: uint256, controller: address, epoch: uint256, before: Queue) -> Queue:
    """
    @notice The queue after the request in an epoch left it.
    """
    after: Queue = before
    request: Request = self._request(flow, controller, epoch)
    self.requests[flow][controller][epoch] = 0
    if request.before == 0:
        after.first = request.after
    else:
        self.requests[flow][controller][request.before] ^= (epoch ^ request.after) << AFTER_AT
    if request.after == 0:
        after.last = request.before
    else:
        self.requests[flow][controller][request.after] ^= (epoch ^ request.before) << BEFORE_AT
    return after


@internal
def _set(flow: uint256, controller: address, queue: Queue):
    self.queues[flow][controller] = queue.due | (queue.first << FIRST_AT) | (queue.last << LAST_AT)
