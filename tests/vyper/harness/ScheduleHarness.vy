# pragma version 0.4.3
"""
@title Schedule, made callable
@notice For tests only. One line per function of `lib/schedule.vy`.
"""

from contracts.lib import schedule


@external
@pure
def WINDOW() -> uint256:
    return schedule.WINDOW


@external
@pure
def grid_point(epoch: uint256, interval: uint256) -> uint256:
    return schedule._grid_point(epoch, interval)


@external
@pure
def latest_passed(now: uint256, interval: uint256) -> uint256:
    return schedule._latest_passed(now, interval)


@external
@pure
def epoch_joined(now: uint256, front_running_interval: uint256, interval: uint256) -> uint256:
    return schedule._epoch_joined(now, front_running_interval, interval)


@external
@pure
def lowest_bit(mask: uint256) -> uint256:
    return schedule._lowest_bit(mask)


@external
@pure
def join(earliest: uint256, mask: uint256, epoch: uint256) -> (uint256, uint256):
    return schedule._join(earliest, mask, epoch)


@external
@pure
def leave(earliest: uint256, mask: uint256) -> (uint256, uint256):
    return schedule._leave(earliest, mask)


@external
@pure
def next_to_close(now_epoch: uint256, earliest: uint256, mask: uint256) -> (uint256, bool):
    return schedule._next_to_close(now_epoch, earliest, mask)
