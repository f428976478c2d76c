# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Grid
@notice Owns where a market stands on the grid: the epoch closed last, the window of epochs that
        have orders, and whether the market is wound down. One word of storage.
"""

from ..lib import schedule

# Layout of the word: epoch closed last, earliest epoch with orders, the mask of all epochs with
# orders, the mask of those in which somebody leaves a side, whether the market is wound down.
EPOCH_BITS: constant(uint256) = 63
EPOCH_MASK: constant(uint256) = 2**63 - 1
WINDOW_MASK: constant(uint256) = 2**64 - 1
EARLIEST_AT: constant(uint256) = EPOCH_BITS
WAITING_AT: constant(uint256) = 2 * EPOCH_BITS
LEAVING_AT: constant(uint256) = WAITING_AT + schedule.WINDOW
WOUND_DOWN_AT: constant(uint256) = LEAVING_AT + schedule.WINDOW


struct Grid:
    last_epoch: uint256
    earliest_waiting: uint256
    waiting: uint256
    leaving: uint256
    wound_down: bool


word: uint256


@deploy
def __init__(last_epoch: uint256):
    self.word = last_epoch


@external
@nonreentrant
@view
def progress() -> (uint256, uint256, uint256, bool):
    """
    @notice The epoch closed last; the earliest epoch with orders and the mask of all (bit `k`:
            epoch `earliest + k`); whether the market is wound down.
    """
    now: Grid = self._grid()
    return now.last_epoch, now.earliest_waiting, now.waiting, now.wound_down


@internal
@view
def _grid() -> Grid:
    word: uint256 = self.word
    return Grid(
        last_epoch=word & EPOCH_MASK,
        earliest_waiting=(word >> EARLIEST_AT) & EPOCH_MASK,
        waiting=(word >> WAITING_AT) & WINDOW_MASK,
        leaving=(word >> LEAVING_AT) & WINDOW_MASK,
        wound_down=(word >> WOUND_DOWN_AT) != 0,
    )


@internal
@view
def _live() -> Grid:
    """
    @notice The grid of a market that is not wound down.
    """
    now: Grid = self._grid()
    assert not now.wound_down, "market: wound down"
    return now


@internal
def _set(last_epoch: uint256, earliest_waiting: uint256, waiting: uint256, leaving: uint256):
    self.word = (
        last_epoch
        | (earliest_waiting << EARLIEST_AT)
        | (waiting << WAITING_AT)
        | (leaving << LEAVING_AT)
    )


@internal
def _join(now: Grid, epoch: uint256, leaves: bool):
    """
    @notice Mark that `epoch` has orders, and whether one leaves a side.
    """
    earliest: uint256 = 0
    waiting: uint256 = 0
    earliest, waiting = schedule._join(now.earliest_waiting, now.waiting, epoch)
    leaving: uint256 = now.leaving
    if leaves:
        leaving |= 1 << (epoch - earliest)
    if waiting != now.waiting or leaving != now.leaving:
        self._set(now.last_epoch, earliest, waiting, leaving)


@internal
def _close(now: Grid, epoch: uint256):
    """
    @notice Mark that `epoch` was closed.
    """
    if now.waiting == 0 or epoch != now.earliest_waiting:
        self._set(epoch, now.earliest_waiting, now.waiting, now.leaving)
        return
    earliest: uint256 = 0
    waiting: uint256 = 0
    earliest, waiting = schedule._leave(now.earliest_waiting, now.waiting)
    leaving: uint256 = 0
    if waiting != 0:
        leaving = now.leaving >> (earliest - epoch)
    self._set(epoch, earliest, waiting, leaving)


@internal
def _wind_down():
    """
    @notice Stop the grid for good.
    """
    self.word |= 1 << WOUND_DOWN_AT
