# pragma version 0.4.3
"""
@title Grid, made callable
@notice For tests only. One line per function of `modules/grid.vy`.
"""

from contracts.modules import grid

initializes: grid

exports: grid.progress


@deploy
def __init__(last_epoch: uint256):
    grid.__init__(last_epoch)


@external
@view
def live() -> grid.Grid:
    return grid._live()


@external
def join(epoch: uint256, leaves: bool):
    grid._join(grid._live(), epoch, leaves)


@external
def close(epoch: uint256):
    grid._close(grid._live(), epoch)


@external
def wind_down():
    grid._wind_down()
