# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Schedule
@notice The grid and its epochs (R2, R3, R5). Grid point `i` is the moment `i * interval`; epoch
        `i` is the batch of orders executed as of it. Epochs that wait are kept in a window: the
        earliest of them, and a mask whose bit `k` says that epoch `earliest + k` has orders.
@custom:model perpools.spec.schedule
"""

# One bit each in 64 bits: twice the longest queue that a punctual market can have.
WINDOW: constant(uint256) = 64


@internal
@pure
def _grid_point(epoch: uint256, interval: uint256) -> uint256:
    """
    @notice The moment whose price executes the orders of `epoch`.
    """
    return epoch * interval


@internal
@pure
def _latest_passed(now: uint256, interval: uint256) -> uint256:
    """
    @notice The last epoch whose grid point is past. A grid point has passed when its second has:
            within it prices may still arrive, and who calls when must not matter.
    """
    return (now - 1) // interval


@internal
@pure
def _epoch_joined(now: uint256, front_running_interval: uint256, interval: uint256) -> uint256:
    """
    @notice The epoch an order placed at `now` joins: the first grid point more than the
            front-running interval away.
    """
    return (now + front_running_interval) // interval + 1


@internal
@pure
def _longest_wait(max_interval: uint256, interval: uint256) -> uint256:
    """
    @notice Grid points from one event to the next at the latest, where no order waits: those of a
            trigger's longest wait, else one.
    """
    return max(max_interval, interval) // interval


@internal
@pure
def _lowest_bit(mask: uint256) -> uint256:
    """
    @notice Position of the lowest set bit of a non-empty mask of `WINDOW` bits.
    """
    rest: uint256 = mask
    position: uint256 = 0
    for width: uint256 in [32, 16, 8, 4, 2, 1]:
        if rest & ((1 << width) - 1) == 0:
            rest >>= width
            position += width
    return position


@internal
@pure
def _join(earliest: uint256, mask: uint256, epoch: uint256) -> (uint256, uint256):
    """
    @notice The window after `epoch`, at most `WINDOW - 1` past the earliest, got an order.
    """
    if mask == 0:
        return epoch, 1
    return earliest, mask | (1 << unsafe_sub(epoch, earliest))  # no order joins an epoch before one that waits


@internal
@pure
def _leave(earliest: uint256, mask: uint256) -> (uint256, uint256):
    """
    @notice The window after its earliest epoch was executed.
    """
    rest: uint256 = mask >> 1
    if rest == 0:
        return 0, 0
    skipped: uint256 = self._lowest_bit(rest)
    return earliest + 1 + skipped, rest >> skipped


@internal
@pure
def _next_to_close(now_epoch: uint256, earliest: uint256, mask: uint256) -> (uint256, bool):
    """
    @notice The one epoch an event closes, and whether orders wait in it: the earliest epoch with
            orders whose grid point has passed, else the latest grid point passed.
    """
    if mask != 0 and earliest <= now_epoch:
        return earliest, True
    return now_epoch, False
