# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Grid
@notice Owns where a market stands on the grid: the epoch closed last, the window of epochs that
        have orders, and whether the market is wound down. One word of storage.
"""

from ..lib import schedule

EPOCH_BITS: constant(uint256) = 64
EPOCH_MASK: constant(uint256) = 2**64 - 1


struct Grid:
    last_epoch: uint256
    earliest_waiting: uint256
    waiting: uint256
    wound_down: bool


word: uint256


@deploy
def __init__(last_epoch: uint256):
    self.word = last_epoch


@external
@view
def progress() -> Grid:
    """
    @notice The epoch closed last; the earliest epoch with orders and the mask of all (bit `k`:
            epoch `earliest + k`); whether the market is wound down.
    """
    return self._grid()


@internal
@view
def _grid() -> Grid:
    word: uint256 = self.word
    return Grid(
        last_epoch=word & EPOCH_MASK,
        earliest_waiting=(word >> EPOCH_BITS) & EPOCH_MASK,
        waiting=(word >> (2 * EPOCH_BITS)) & EPOCH_MASK,
        wound_down=(word >> (3 * EPOCH_BITS)) != 0,
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
def _set(last_epoch: uint256, earliest_waiting: uint256, waiting: uint256, wound_down: bool):
    self.word = (
        last_epoch
        | (earliest_waiting << EPOCH_BITS)
        | (waiting << (2 * EPOCH_BITS))
        | (convert(wound_down, uint256) << (3 * EPOCH_BITS))
    )


@internal
def _join(now: Grid, epoch: uint256):
    """
    @notice Mark that `epoch` has orders.
    """
    earliest: uint256 = 0
    waiting: uint256 = 0
    earliest, waiting = schedule._join(now.earliest_waiting, now.waiting, epoch)
    if waiting != now.waiting:
        self._set(now.last_epoch, earliest, waiting, False)


@internal
def _close(now: Grid, epoch: uint256):
    """
    @notice Mark that `epoch` was closed.
    """
    earliest: uint256 = now.earliest_waiting
    waiting: uint256 = now.waiting
    if waiting != 0 and epoch == earliest:
        earliest, waiting = schedule._leave(earliest, waiting)
    self._set(epoch, earliest, waiting, False)


@internal
def _wind_down(now: Grid):
    """
    @notice Stop the grid for good.
    """
    self._set(now.last_epoch, now.earliest_waiting, now.waiting, True)
