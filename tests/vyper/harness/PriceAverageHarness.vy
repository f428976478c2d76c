# pragma version 0.4.3
"""
@title Price average, made callable
@notice For tests only. One line per function of `modules/price_average.vy`.
"""

from contracts.modules import price_average

initializes: price_average

exports: price_average.sample


@deploy
def __init__(first_price: uint256, periods: uint256):
    price_average.__init__(first_price, periods)


@external
def record(spot: uint256, periods: uint256) -> (uint256, uint256):
    return price_average._record(spot, periods)
