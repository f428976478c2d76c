"""
The grid and its epochs (R2, R3, R5). Mirrors `contracts/lib/schedule.vy`.

Grid point `i` is the moment `i * interval`; epoch `i` is the batch of orders executed as of it.
Nothing anyone does moves the grid. Epochs that wait are kept in a window: the earliest of them,
and a mask whose bit `k` says that epoch `earliest + k` has orders.
"""

from .units import Epoch, Seconds, Timestamp

WINDOW = 64
"""
Epochs a window spans: one bit each in half of a quarter of a word, twice the longest queue of a
punctual market.
"""


def grid_point(epoch: Epoch, interval: Seconds) -> Timestamp:
    """The moment whose price executes the orders of `epoch`."""
    return epoch * interval


def latest_passed(now: Timestamp, interval: Seconds) -> Epoch:
    """
    The last epoch whose grid point is past. A grid point has passed when its second has:
    within it prices may still arrive, and who calls when must not matter.
    """
    return (now - 1) // interval


def epoch_joined(now: Timestamp, front_running_interval: Seconds, interval: Seconds) -> Epoch:
    """
    The epoch an order placed at `now` joins: the first grid point more than the front-running
    interval away.
    """
    return (now + front_running_interval) // interval + 1


def longest_wait(max_interval: Seconds, interval: Seconds) -> int:
    """
    Grid points from one event to the next at the latest, where no order waits: those of a
    trigger's longest wait, else one.
    """
    return max(max_interval, interval) // interval


def lowest_bit(mask: int) -> int:
    """Position of the lowest set bit of a non-empty mask of `WINDOW` bits."""
    position = 0
    for width in (32, 16, 8, 4, 2, 1):
        if mask & ((1 << width) - 1) == 0:
            mask >>= width
            position += width
    return position


def join(earliest: Epoch, mask: int, epoch: Epoch) -> tuple[Epoch, int]:
    """The window after `epoch`, at most `WINDOW - 1` past the earliest, got an order."""
    if mask == 0:
        return epoch, 1
    return earliest, mask | 1 << (epoch - earliest)


def leave(earliest: Epoch, mask: int) -> tuple[Epoch, int]:
    """The window after its earliest epoch was executed."""
    rest = mask >> 1
    if rest == 0:
        return 0, 0
    skipped = lowest_bit(rest)
    return earliest + 1 + skipped, rest >> skipped


def next_to_close(now_epoch: Epoch, earliest: Epoch, mask: int) -> tuple[Epoch, bool]:
    """
    The one epoch an event closes, and whether orders wait in it: the earliest epoch with
    orders whose grid point has passed, else the latest grid point passed.
    """
    if mask != 0 and earliest <= now_epoch:
        return earliest, True
    return now_epoch, False
